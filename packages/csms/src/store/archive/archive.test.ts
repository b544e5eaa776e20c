import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DAY_MS, type Instant, limits, silentLog } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import { describe, expect, test } from 'vitest';
import { event, minutes, session } from '../../testing/events.ts';
import { PostgresStore } from '../postgres/postgres-store.ts';
import { openDatabase } from '../sqlite/database.ts';
import type { Store } from '../store.ts';
import { commit, folder, station, useStores } from '../testing/engines.ts';
import { testServer } from '../testing/postgres.ts';
import { complaints, type Told } from '../testing/truth-checker.ts';
import { WorkerStore } from '../worker-store.ts';
import { writeBackup } from './backup.ts';
import { printCells, RowSum } from './cells.ts';
import type { ArchiveSource, ArchiveTarget } from './database.ts';
import { moveDatabase } from './move.ts';
import { emptyPostgres, snapshotOfPostgres } from './postgres.ts';
import { restoreBackup } from './restore.ts';
import { copyOfSqlite, SqliteArchive } from './sqlite.ts';

useStores();
const server = await testServer();
const quiet = (): void => undefined;

/** Somewhere a store can live: opened, taken a snapshot of, filled. */
interface Place {
  open(): Promise<Store>;
  snapshot(): Promise<ArchiveSource>;
  fill(): Promise<ArchiveTarget>;
  drop(): Promise<void>;
}

function sqlitePlace(): Place {
  const path = folder();
  return {
    open: () => WorkerStore.open({ folder: path, log: silentLog }),
    snapshot: () => copyOfSqlite(join(path, 'busbar.db'), join(folder(), 'copy')),
    fill: async () => new SqliteArchive(openDatabase(join(path, 'busbar.db')), () => 1),
    drop: async () => undefined,
  };
}

async function postgresPlace(): Promise<Place> {
  if (server === undefined) throw new Error('no server');
  const database = await server.database();
  const { url } = database;
  return {
    open: () => PostgresStore.open({ url, clock: systemClock, log: silentLog }),
    snapshot: () => snapshotOfPostgres(url),
    fill: () => emptyPostgres(url, systemClock),
    drop: () => database.drop(),
  };
}

const PLACES: Readonly<Record<string, () => Place | Promise<Place>>> = {
  SQLite: sqlitePlace,
  ...(server === undefined ? {} : { PostgreSQL: postgresPlace }),
};
const place = async (name: string): Promise<Place> => {
  const make = PLACES[name];
  if (make === undefined) throw new Error(`no ${name}`);
  return make();
};
const PAIRS = Object.keys(PLACES).flatMap((from) => Object.keys(PLACES).map((to) => [from, to] as const));

const LATE: Instant = minutes(99);
const BYTES = Buffer.from([0, 1, 2, 250, 251, 252]);

const PERSON = { shownName: 'Ä', password: 'scrypt$', oidcSubject: null, role: 'operator', sites: [1, 2], createdAt: 1 } as const;

/** Some of everything: late and conflicting events, generations, facts, readings, commands, counters at their end. */
async function populate(store: Store): Promise<Told[]> {
  const told: Told[] = [];
  for (const identity of ['CS1', 'CS2']) {
    const row = await station(store, identity);
    const requests = [
      ...session(4),
      event('Updated', 2, { wh: 999 }), // another body under a number that is taken
      ...session(3)
        .map((request) => ({ ...request, transactionInfo: { ...request.transactionInfo, transactionId: 'later' } }))
        .toReversed(),
      event('Started', 0, { txid: 'open', at: minutes(5) }),
    ];
    for (const request of requests) {
      await commit(store, { k: 'txEvent', station: row, receivedAt: LATE, request });
      told.push({ station: identity, request });
    }
    const meterValue = [{ timestamp: '2026-01-01T00:00:00.000Z', sampledValue: [{ value: 1.5, unitOfMeasure: { unit: 'kWh' } }] }];
    const [from] = [systemClock.now()];
    for (const receivedAt of [from, from - 40 * DAY_MS])
      await commit(store, { k: 'meterValues', station: row, receivedAt, request: { evseId: 1, meterValue } });
    for (let n = 0; n < 3; n += 1) await commit(store, { k: 'nextId', station: row, counter: 'requestId' });
    await commit(
      store,
      { k: 'audit', at: 1, actor: 'ä "quoted"\n', action: 'a', target: '€', reason: 'r', result: 'ok' },
      { k: 'setting', key: 'k', value: '{"v":1}' },
      { k: 'personPut', person: { ...PERSON, id: identity, name: identity } },
      { k: 'signInPut', signIn: { hash: identity, person: identity, createdAt: 1, expiresAt: 2, browser: 'b' } },
      {
        k: 'keyPut',
        key: { id: identity, name: identity, hash: 'h', role: 'viewer', sites: [1], createdBy: 'x', createdAt: 1, expiresAt: null },
      },
    );
  }
  return told;
}

async function sums(source: ArchiveSource): Promise<Readonly<Record<string, string>>> {
  const out: Record<string, string> = {};
  for (const table of await source.tables()) {
    const sum = new RowSum();
    for await (const part of source.rows(table)) for (const cells of part) sum.add(printCells(cells));
    out[table.name] = `${sum.rows} ${sum.text}`;
  }
  await source.close();
  return out;
}

async function backupOf(from: Place, out: string, files = join(out, '..', 'none')): Promise<void> {
  const source = await from.snapshot();
  await writeBackup({ source, files, out, busbar: 'test', now: 7, progress: quiet });
  await source.close();
}

async function restoreTo(to: Place, path: string, files: string) {
  const target = await to.fill();
  try {
    return await restoreBackup({ path, target, files, now: LATE, progress: quiet });
  } finally {
    await target.close();
  }
}

describe.each(PAIRS)('from %s into %s', { timeout: 120_000 }, (nameFrom, nameTo) => {
  test('backup and restore: every row with its id, the same bills, the files; boot answers forgotten, counters ahead', async () => {
    const [from, to] = [await place(nameFrom), await place(nameTo)];
    const store = await from.open();
    const told = await populate(store);
    const [first] = await store.read.stations();
    await commit(store, {
      k: 'stationPatch',
      station: first?.row ?? 0,
      patch: { registration: 'Accepted' },
    });
    const before = await sums(await from.snapshot());
    const files = folder();
    writeFileSync(join(files, 'log-1'), BYTES);
    writeFileSync(join(files, 'empty.part'), '');
    const out = join(folder(), 'a.busbar');
    await backupOf(from, out, files);
    await commit(store, { k: 'setting', key: 'later', value: '1' });
    await store.close();
    const restored = join(folder(), 'files');
    const { header, recomputed, tables } = await restoreTo(to, out, restored);
    expect(header).toMatchObject({ format: 1, busbar: 'test', createdAt: 7 });
    expect(recomputed).toEqual({ transactions: 6, differing: [] });
    expect(tables).toMatchObject({ station: 2, meter_value: 4, person: 2, api_key: 2 });
    expect(tables).not.toHaveProperty('sign_in');
    expect(readdirSync(restored).toSorted()).toEqual(['empty.part', 'log-1']);
    expect(readFileSync(join(restored, 'log-1'))).toEqual(BYTES);
    const after = await sums(await to.snapshot());
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    expect(changed).toEqual(['station']); // what is settled after a restore, and nothing else
    const again = await to.open();
    expect(await complaints(again, told)).toEqual(new Set());
    const stations = await again.read.stations();
    expect(stations.map(({ registration }) => registration)).toEqual([null, null]);
    const row = stations[0]?.row ?? 0;
    expect((await commit(again, { k: 'nextId', station: row, counter: 'requestId' }))[0]?.assigned).toBe(1_000_004);
    // Numbers go on behind those that were there, and what was stored is known again.
    const repeated = event('Started', 0, { txid: 'open', at: minutes(5) });
    expect((await commit(again, { k: 'txEvent', station: row, receivedAt: LATE, request: repeated }))[0]?.result).toBe('duplicate');
    const [fresh] = await commit(again, { k: 'txEvent', station: row, receivedAt: LATE, request: event('Started', 0, { txid: 'fresh' }) });
    expect(fresh).toMatchObject({ result: 'new', tx: { id: 7 } });
    await station(again, 'CS3');
    expect((await again.read.stations()).map(({ row: id }) => id)).toEqual([1, 2, 3]);
    await again.close();
    await Promise.all([from.drop(), to.drop()]);
  });

  test('move: equal row by row, boot answers forgotten, counters as they were', async () => {
    const [from, to] = [await place(nameFrom), await place(nameTo)];
    const store = await from.open();
    const told = await populate(store);
    await store.close();
    const [source, target] = [await from.snapshot(), await to.fill()];
    const { recomputed } = await moveDatabase(source, target, LATE, quiet);
    await Promise.all([source.close(), target.close()]);
    expect(recomputed).toEqual({ transactions: 6, differing: [] });
    expect(await sums(await to.snapshot())).toEqual(await sums(await from.snapshot()));
    const again = await to.open();
    expect(await complaints(again, told)).toEqual(new Set());
    expect((await commit(again, { k: 'nextId', station: 1, counter: 'requestId' }))[0]?.assigned).toBe(4);
    await again.close();
    await Promise.all([from.drop(), to.drop()]);
  });
});

describe.each(Object.keys(PLACES))('%s', { timeout: 120_000 }, (name) => {
  test('while events are being committed: for each station all of them up to one point, and no hole', async () => {
    const [from, to] = [await place(name), await place('SQLite')];
    const store = await from.open();
    const rows = await Promise.all(['A', 'B', 'C', 'D'].map((identity) => station(store, identity)));
    const state = { stopping: false, acknowledged: new Map<number, number>() };
    const drivers = rows.map(async (row) => {
      for (let seq = 0; !state.stopping; seq += 1) {
        const request = event(seq === 0 ? 'Started' : 'Updated', seq, { at: minutes(0) + seq * 1000, wh: seq });
        await commit(store, { k: 'txEvent', station: row, receivedAt: LATE, request });
        state.acknowledged.set(row, seq + 1);
      }
    });
    const least = (): number => Math.min(...rows.map((row) => state.acknowledged.get(row) ?? 0));
    while (least() < 100) await new Promise((resolve) => setImmediate(resolve));
    const before = new Map(state.acknowledged);
    const out = join(folder(), 'a.busbar');
    await backupOf(from, out);
    const reached = new Map(state.acknowledged);
    while (least() < 300) await new Promise((resolve) => setImmediate(resolve));
    state.stopping = true;
    await Promise.all(drivers);
    await store.close();
    await restoreTo(to, out, join(folder(), 'files'));
    const again = await to.open();
    for (const row of rows) {
      const record = await again.read.transaction(row, 'tx-1');
      const n = record?.row.events ?? 0;
      expect(n).toBeGreaterThanOrEqual(before.get(row) ?? 0);
      expect(n).toBeLessThanOrEqual((reached.get(row) ?? 0) + 1);
      expect(record?.row.ranges).toEqual([[0, n - 1]]);
      expect((await again.read.events(record?.id ?? 0)).map(({ request }) => request.seqNo)).toEqual(
        Array.from({ length: n }, (_, seq) => seq),
      );
    }
    await again.close();
    await from.drop();
  });

  test('counters at their end wrap as the CSMS itself does', async () => {
    const [from, to] = [await place(name), await place(name)];
    const store = await from.open();
    await station(store, 'CS1');
    await store.close();
    const [source, middle] = [await from.snapshot(), await place(name)];
    const target = await middle.fill();
    await moveDatabase(source, target, LATE, quiet);
    await source.close();
    await target.run(setCounter(2_147_483_640));
    await target.close();
    const out = join(folder(), 'a.busbar');
    await backupOf(middle, out);
    await restoreTo(to, out, join(folder(), 'files'));
    const again = await to.open();
    expect((await commit(again, { k: 'nextId', station: 1, counter: 'requestId' }))[0]?.assigned).toBe(999_994);
    await again.close();
    await Promise.all([from.drop(), to.drop(), middle.drop()]);
  });

  test('a byte that is another, wherever: refused, and nothing is written', async () => {
    const from = await place('SQLite');
    const store = await from.open();
    await populate(store);
    await store.close();
    const out = join(folder(), 'a.busbar');
    await backupOf(from, out);
    const whole = readFileSync(out);
    const to = await place(name);
    const damaged = join(folder(), 'b.busbar');
    const spots = [
      0,
      16,
      17,
      30,
      whole.length - 1,
      whole.length - 33,
      ...Array.from({ length: 12 }, (_, n) => Math.floor((whole.length * n) / 12)),
    ];
    for (const at of spots) {
      const copy = Buffer.from(whole);
      copy[at] = (copy[at] ?? 0) ^ 0x10;
      writeFileSync(damaged, copy);
      await expect(restoreTo(to, damaged, join(folder(), 'files')), `byte ${at}`).rejects.toMatchObject({ code: 'backup-damaged' });
    }
    for (const length of [0, 10, 100, whole.length - 1]) {
      writeFileSync(damaged, whole.subarray(0, length));
      await expect(restoreTo(to, damaged, join(folder(), 'files')), `${length} bytes`).rejects.toMatchObject({ code: 'backup-damaged' });
    }
    await restoreTo(to, out, join(folder(), 'files')); // nothing had been written
    await to.drop();
  });
});

function* setCounter(n: number) {
  yield { sql: 'UPDATE station SET request_id=?', values: [n], want: 'nothing' } as const;
}

test('an event that is not what it was is found out, though every hash is right', async () => {
  const from = folder();
  const store = await WorkerStore.open({ folder: from, log: silentLog });
  await populate(store);
  await store.close();
  const db = new DatabaseSync(join(from, 'busbar.db'));
  db.exec('DELETE FROM tx_event WHERE tx=1 AND seq=1');
  db.close();
  const out = join(folder(), 'a.busbar');
  await backupOf({ ...sqlitePlace(), snapshot: () => copyOfSqlite(join(from, 'busbar.db'), join(folder(), 'copy')) }, out);
  await expect(restoreTo(sqlitePlace(), out, join(folder(), 'files'))).rejects.toMatchObject({ code: 'copy-differs' });
});

test('a backup of a newer Busbar is refused with a sentence', async () => {
  const from = folder();
  await (await WorkerStore.open({ folder: from, log: silentLog })).close();
  const db = new DatabaseSync(join(from, 'busbar.db'));
  db.exec(`INSERT INTO schema_migration VALUES('9999-future', 'x', 1)`);
  db.close();
  const out = join(folder(), 'a.busbar');
  await backupOf({ ...sqlitePlace(), snapshot: () => copyOfSqlite(join(from, 'busbar.db'), join(folder(), 'copy')) }, out);
  await expect(restoreTo(sqlitePlace(), out, join(folder(), 'files'))).rejects.toMatchObject({ code: 'folder-newer' });
});

describe.skipIf(server === undefined)('PostgreSQL alone', { timeout: 60_000 }, () => {
  test('both engines have the same tables and columns, so an archive holds everything either knows', async () => {
    const [a, b] = [sqlitePlace(), await postgresPlace()];
    await (await a.open()).close();
    await (await b.open()).close();
    const [left, right] = [await a.snapshot(), await b.snapshot()];
    const shape = async (source: ArchiveSource) => (await source.tables()).map(({ name, columns }) => [name, columns.toSorted()]);
    expect(await shape(left)).toEqual(await shape(right));
    expect((await left.tables()).length).toBeGreaterThan(25);
    await Promise.all([left.close(), right.close()]);
    await b.drop();
  });

  test('a database that is not empty is refused; parts are made where rows need them', async () => {
    const [from, to] = [sqlitePlace(), await postgresPlace()];
    const store = await from.open();
    const row = await station(store);
    await store.close();
    const source = await from.snapshot();
    const far = limits.txPerPartition * 3 + 5;
    const target = await to.fill();
    await moveDatabase(withFarTransaction(source, row, far), target, LATE, quiet);
    await target.close();
    await source.close();
    await expect(to.fill()).rejects.toMatchObject({ code: 'not-empty' });
    const again = await to.open();
    const [late] = await commit(again, { k: 'txEvent', station: row, receivedAt: LATE, request: event('Started', 0, { txid: 'next' }) });
    expect(late).toMatchObject({ result: 'new', tx: { id: far + 1 } });
    await again.close();
    await to.drop();
  });

  test('text with a NUL is kept as PostgreSQL is able to', async () => {
    const [from, to] = [sqlitePlace(), await postgresPlace()];
    const store = await from.open();
    await commit(store, { k: 'setting', key: 'k', value: 'a\0b' });
    await store.close();
    const [source, target] = [await from.snapshot(), await to.fill()];
    await moveDatabase(source, target, LATE, quiet);
    await Promise.all([source.close(), target.close()]);
    const again = await to.open();
    expect(await again.read.setting('k')).toBe('a\u2400b');
    await again.close();
    await to.drop();
  });
});

/** The same database with one transaction whose number lies far ahead. */
const withFarTransaction = (source: ArchiveSource, station_: number, id: number): ArchiveSource => ({
  engine: source.engine,
  applied: () => source.applied(),
  tables: () => source.tables(),
  close: () => source.close(),
  rows: (table) => (table.name === 'tx' ? one(table.columns.map((name) => FAR(station_, id)[name] ?? null)) : source.rows(table)),
});
async function* one(cells: readonly (string | number | null)[]) {
  yield [cells];
}
const FAR = (row: number, id: number): Readonly<Record<string, string | number>> => ({
  id,
  station: row,
  txid: 'far',
  generation: 1,
  state: 'active',
  ranges: '',
  n: 0,
  last_at: 0,
  forward_mwh: 0,
  detail: '{}',
  final: 0,
  gap: 0,
  created_at: 0,
  version: 1,
  events_gone: 1,
});
