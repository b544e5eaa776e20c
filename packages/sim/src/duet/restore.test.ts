import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreBackup, SqliteArchive, writeBackup } from '@busbar/csms/archive';
import { memoryDatabase } from '@busbar/csms/store';
import { afterAll, expect, test } from 'vitest';
import { DEFAULTS, Duet } from '../duet.ts';

const folder = mkdtempSync(join(tmpdir(), 'busbar-duet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const quiet = (): void => undefined;

/** What `busbar backup` writes, of the CSMS as it is now. */
async function backup(duet: Duet, out: string): Promise<void> {
  const source = new SqliteArchive(duet.database);
  await writeBackup({ source, files: join(folder, 'none'), out, busbar: 'test', now: duet.clock.now(), progress: quiet });
}

/** What `busbar restore` makes of it, for a CSMS that starts with nothing else. */
async function restored(duet: Duet, path: string): Promise<Uint8Array> {
  const db = memoryDatabase();
  const target = new SqliteArchive(db, () => duet.clock.now());
  await restoreBackup({ path, target, files: join(folder, 'files'), now: duet.clock.now(), progress: quiet });
  return db.serialize();
}

test('T18 a CSMS restored from a backup file: the station comes back without a boot, nothing is refused, nothing counts twice', async () => {
  const automations = { ...DEFAULTS.automations, onboardingInventory: true };
  const duet = await Duet.start({ config: { automations } });
  await duet.charge();
  await duet.clock.advance(300_000);
  const path = join(folder, 'a.busbar');
  await backup(duet, path);
  const atBackup = (await duet.events()).map(({ seqNo }) => seqNo);
  const { requestId } = await lastIds(duet);
  // These the CSMS answers, and these are gone with it.
  await duet.clock.advance(300_000);
  const lost = (await duet.events()).map(({ seqNo }) => seqNo).filter((seqNo) => !atBackup.includes(seqNo));
  expect(lost.length).toBeGreaterThan(2);
  // These it takes while the CSMS is gone: they wait at the station.
  duet.cutCsms();
  await duet.clock.advance(300_000);
  await duet.restore(await restored(duet, path));
  expect(duet.csms.kernel.stations.get('CS-1')?.record).toMatchObject({ registration: null });
  await duet.clock.until('the station is back', () => duet.station.facts().link === 'open', 300_000);
  await duet.clock.advance(120_000);
  // One that the backup holds already comes once more, as a station does that never saw its answer.
  const [first] = await duet.events();
  if (first === undefined) throw new Error('nothing was restored');
  const before = await duet.newest();
  await duet.settle(duet.csms.kernel.queue.commit([{ k: 'txEvent', station: duet.row, receivedAt: duet.clock.now(), request: first }]));
  expect((await duet.newest()).row).toEqual(before.row);
  await duet.stop();
  await duet.clock.advance(600_000);
  const record = await duet.newest();
  const seqNos = (await duet.events()).map(({ seqNo }) => seqNo);
  expect(new Set(seqNos).size).toBe(seqNos.length);
  expect(seqNos.filter((seqNo) => lost.includes(seqNo))).toEqual([]);
  expect(record.bill).toMatchObject({ bill: 'final', completeness: 'incomplete', missingSeqNos: lost, energyMWh: duet.worldMWh() });
  expect(await duet.transactions()).toHaveLength(1);
  const log = await duet.log(); // it begins with this CSMS
  expect(log.filter(({ text }) => text.includes('SecurityError'))).toEqual([]);
  const asked = log.filter(({ direction, text }) => direction === 'out' && text.includes('"TriggerMessage"'));
  expect(asked).toHaveLength(1);
  // F06.FR.17: one that was accepted does not boot because it is asked to; whenever it does, it is accepted at once.
  duet.cutStation();
  duet.startStation();
  await duet.clock.advance(60_000);
  expect(duet.csms.kernel.stations.get('CS-1')?.record.registration).toBe('Accepted');
  expect((await duet.log()).filter(({ text }) => text.includes('"GetBaseReport"'))).toEqual([]); // its inventory is there
  expect((await lastIds(duet)).requestId).toBeGreaterThan(requestId + 999_999);
  expect(duet.errors).toEqual([]);
});

async function lastIds(duet: Duet): Promise<{ requestId: number }> {
  const [results] = [await duet.settle(duet.csms.kernel.queue.commit([{ k: 'nextId', station: duet.row, counter: 'requestId' }]))];
  return { requestId: results[0]?.assigned ?? 0 };
}
