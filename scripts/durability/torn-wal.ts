// A write-ahead log that was cut or overwritten anywhere: opened again the database is sound, and it is exactly what it was
// after one of its commits, the last whole one before the damage.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { silentLog } from '@busbar/runtime';
import type { Intent } from '../../packages/csms/src/store/intents.ts';
import { migrate, openDatabase } from '../../packages/csms/src/store/sqlite/database.ts';
import { SqliteEngine } from '../../packages/csms/src/store/sqlite/engine.ts';
import { WorkerStore } from '../../packages/csms/src/store/worker-store.ts';
import { session } from '../../packages/csms/src/testing/events.ts';

export interface TornResult {
  readonly damages: number;
  readonly corrupt: readonly string[];
  /** Not a state after a whole commit, or not the one that is to be expected. */
  readonly notAPrefix: readonly string[];
  /** How many commits survived, over all damages: shows that the damages hit everywhere. */
  readonly survivors: { readonly least: number; readonly most: number };
}

interface Snapshot {
  /** Up to here the log must be whole for this state. */
  readonly walBytes: number;
  readonly digest: string;
}

interface Recording {
  readonly folder: string;
  readonly snapshots: readonly Snapshot[];
}

const COMMITS = 40;

/** Two logs: one that only grew, and one that began anew over an older, longer one, whose frames still lie behind its end. */
export async function runTornWal(folder: string, damages: number, random: () => number): Promise<TornResult> {
  const recordings = [record(join(folder, 'grown'), false), record(join(folder, 'restarted'), true)];
  const result = { corrupt: new Array<string>(), notAPrefix: new Array<string>(), least: COMMITS, most: 0 };
  for (let n = 0; n < damages; n += 1) {
    const recording = recordings[n % recordings.length];
    if (recording === undefined) continue;
    const copy = join(folder, 'damaged');
    const { offset, how } = damage(recording, copy, random);
    const db = openDatabase(join(copy, 'busbar.db'));
    const integrity = db.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
    const digest = digestOf(db);
    db.close();
    const about = `${how} at ${offset} of ${recording.folder}`;
    if (integrity !== 'ok') result.corrupt.push(`${about}: ${String(integrity)}`);
    const survived = recording.snapshots.findIndex((snapshot) => snapshot.digest === digest);
    const expected = recording.snapshots.findLastIndex(({ walBytes }) => walBytes <= offset);
    if (survived < expected || survived < 0) result.notAPrefix.push(`${about}: ${survived} commits, not ${expected}`);
    [result.least, result.most] = [Math.min(result.least, survived), Math.max(result.most, survived)];
    if (n % 10 === 0) await opens(copy, about, result.corrupt);
    rmSync(copy, { recursive: true, force: true });
  }
  const { corrupt, notAPrefix, least, most } = result;
  return { damages, corrupt, notAPrefix, survivors: { least, most } };
}

/** The product itself opens it as well. */
async function opens(folder: string, about: string, corrupt: string[]): Promise<void> {
  try {
    const store = await WorkerStore.open({ folder, log: silentLog });
    await store.read.transactions({ limit: 10 });
    await store.close();
  } catch (error) {
    corrupt.push(`${about}: ${String(error)}`);
  }
}

function record(folder: string, restarted: boolean): Recording {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'busbar.db');
  const db = openDatabase(path);
  migrate(db, 0);
  const engine = new SqliteEngine(db);
  engine.apply([[{ k: 'stationPut', station: { identity: 'CS1', securityProfile: 1, approval: 'approved', at: 0 } }]]);
  const commit = (n: number): void => {
    const intents = session(3 + (n % 4), `tx-${n}`).map((request): Intent => ({ k: 'txEvent', station: 1, receivedAt: n, request }));
    engine.apply([intents]);
  };
  if (restarted) for (let n = 1000; n < 1060; n += 1) commit(n);
  db.exec('PRAGMA wal_checkpoint(RESTART)');
  const snapshots: Snapshot[] = [{ walBytes: 0, digest: digestOf(db) }];
  const frames = walFrames(path);
  for (let n = 0; n < COMMITS; n += 1) {
    commit(n);
    snapshots.push({ walBytes: frames(), digest: digestOf(db) });
  }
  // What a crash would leave: the files as they are, without the checkpoint that closing makes.
  const kept = `${folder}-kept`;
  mkdirSync(kept, { recursive: true });
  for (const name of ['busbar.db', 'busbar.db-wal']) copyFileSync(join(folder, name), join(kept, name));
  db.close();
  return { folder: kept, snapshots };
}

/** Bytes of the log that count: its frames bear the salt of its header, older ones behind them another. */
function walFrames(path: string): () => number {
  const FRAME = 24 + 4096;
  return () => {
    const wal = readFileSync(`${path}-wal`);
    const salt = wal.toString('hex', 16, 24);
    let end = 32;
    while (end + FRAME <= wal.length && wal.toString('hex', end + 8, end + 16) === salt) end += FRAME;
    return end;
  };
}

function damage({ folder, snapshots }: Recording, copy: string, random: () => number): { offset: number; how: string } {
  mkdirSync(copy, { recursive: true });
  copyFileSync(join(folder, 'busbar.db'), join(copy, 'busbar.db'));
  const end = snapshots.at(-1)?.walBytes ?? 0;
  const offset = Math.floor(random() * end);
  const wal = readFileSync(join(folder, 'busbar.db-wal'));
  const how = ['cut', 'zeros', 'zeros to the end', '0xA5'][Math.floor(random() * 4)] ?? 'cut';
  const length = Math.min(1 + Math.floor(random() * 2_000), wal.length - offset);
  if (how === 'zeros') wal.fill(0, offset, offset + length);
  if (how === 'zeros to the end') wal.fill(0, offset);
  if (how === '0xA5') wal.fill(0xa5, offset, offset + length);
  writeFileSync(join(copy, 'busbar.db-wal'), how === 'cut' ? wal.subarray(0, offset) : wal);
  return { offset, how: `${how} (${statSync(join(copy, 'busbar.db-wal')).size} bytes)` };
}

function digestOf(db: DatabaseSync): string {
  const hash = createHash('sha256');
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name").all();
  for (const { name } of tables)
    hash.update(
      JSON.stringify(db.prepare(`SELECT * FROM "${String(name)}"`).all(), (_, value: unknown) =>
        value instanceof Uint8Array ? [...value] : value,
      ),
    );
  return hash.digest('hex');
}
