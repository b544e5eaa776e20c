import type { Ocpp } from '@busbar/protocol';
import { expect, test } from 'vitest';
import { event } from '../../testing/events.ts';
import { type ScriptedStation, TestCsms } from '../../testing/test-csms.ts';
import { UseCases } from '../../use-cases.ts';
import { TariffUseCases } from './tariff-use-cases.ts';

const CARD = { type: 'ISO14443', idToken: 'AABB' } as const;
const EUR = { name: 'Plain', currency: 'EUR' };

class Desk {
  readonly test: TestCsms;
  readonly tariffs: TariffUseCases;
  readonly useCases: UseCases;
  constructor(csms: TestCsms) {
    this.test = csms;
    this.tariffs = new TariffUseCases(csms.csms.kernel);
    this.useCases = new UseCases(csms.csms);
  }
  static async open(): Promise<Desk> {
    return new Desk(await TestCsms.start());
  }
  put(id: string, terms: Record<string, unknown>, validFrom?: number) {
    return this.test.settle(this.tariffs.put(id, { ...EUR, ...terms }, validFrom, 'ada'));
  }
  assign(scope: 'group' | 'station' | 'site', target: string, tariff: string | null, validFrom?: number) {
    return this.test.settle(this.tariffs.assign(scope, target, tariff, validFrom, 'ada'));
  }
  /** A session of 1 kWh in ten minutes from now; what the answer to Ended says. */
  async session(station: ScriptedStation, txid: string, idToken: Ocpp.IdTokenType = CARD, at = this.test.clock.now()) {
    await station.call('TransactionEvent', event('Started', 0, { txid, at, wh: 0, idToken }));
    const updated = await station.call('TransactionEvent', event('Updated', 1, { txid, at: at + 300_000, wh: 400 }));
    const ended = event('Ended', 2, { txid, at: at + 600_000, wh: 1000 });
    return { updated, ended, answer: await station.call('TransactionEvent', ended) };
  }
}

test('TC_I_02_CSMS I03.FR.02 the answer to Ended carries the total cost with VAT, also when it is told again', async () => {
  const desk = await Desk.open();
  const station = await desk.test.station('CS1');
  await desk.put('t', { periods: [{ perKWh: '0.39' }], perSession: '0.5', vatPercent: '19' });
  await desk.assign('site', '1', 't');
  const { updated, ended, answer } = await desk.session(station, 'tx-1');
  expect(answer.totalCost).toBe(1.0591);
  expect(updated.totalCost).toBeUndefined();
  expect(await station.call('TransactionEvent', ended)).toMatchObject({ totalCost: 1.0591 });
  const late = await station.call('TransactionEvent', { ...ended, offline: true });
  expect(late.totalCost).toBe(1.0591);
});

test('I03.FR.04 a free transaction costs 0; without a tariff, or without energy, nothing is said', async () => {
  const desk = await Desk.open();
  const station = await desk.test.station('CS1');
  expect((await desk.session(station, 'none')).answer).not.toHaveProperty('totalCost');
  await desk.put('free', { periods: [{}] });
  await desk.assign('station', 'CS1', 'free');
  expect((await desk.session(station, 'free')).answer.totalCost).toBe(0);
  await desk.put('dear', { periods: [{ perKWh: '1' }] });
  await desk.test.clock.advance(1000);
  await desk.assign('station', 'CS1', 'dear');
  const at = desk.test.clock.now();
  await station.call('TransactionEvent', event('Started', 0, { txid: 'dark', at }));
  expect(await station.call('TransactionEvent', event('Ended', 1, { txid: 'dark', at: at + 1 }))).not.toHaveProperty('totalCost');
});

test('I02.FR.01 the answer to Updated carries the running cost where the station is set so', async () => {
  const desk = await Desk.open();
  const station = await desk.test.station('CS1');
  await desk.put('t', { periods: [{ perKWh: '0.5' }] });
  await desk.assign('station', 'CS1', 't');
  await desk.test.settle(desk.useCases.patchStation('CS1', { runningCost: 'answer' }, 'ada'));
  const { updated, answer } = await desk.session(station, 'tx-1');
  expect([updated.totalCost, answer.totalCost]).toEqual([0.2, 0.5]);
});

test('D25 the tariff at the Started counts: the group of the token before the station before the site, each from its time on', async () => {
  const desk = await Desk.open();
  const station = await desk.test.station('CS1');
  const now = desk.test.clock.now();
  await desk.test.settle(
    desk.useCases.putToken({ ...CARD, status: 'Accepted', groupIdToken: { idToken: 'Fleet', type: 'Central' } }, 'ada'),
  );
  for (const [id, perKWh] of [
    ['site', '1'],
    ['station', '2'],
    ['group', '3'],
  ] as const)
    await desk.put(id, { periods: [{ perKWh }] });
  await desk.put('group', { periods: [{ perKWh: '4' }] }, now + 3_600_000);
  await desk.assign('site', '1', 'site');
  const other = { ...CARD, idToken: 'CCDD' };
  const cost = async (txid: string, token: Ocpp.IdTokenType = CARD, at?: number) =>
    (await desk.session(station, txid, token, at)).answer.totalCost;
  expect(await cost('a')).toBe(1);
  await desk.assign('station', 'CS1', 'station');
  expect(await cost('b')).toBe(2);
  await desk.assign('group', 'FLEET', 'group');
  expect([await cost('c'), await cost('d', other)]).toEqual([3, 2]);
  expect(await cost('e', CARD, now + 3_600_000)).toBe(4);
  expect(await cost('f', CARD, now - 86_400_000)).toBeUndefined(); // before anybody had a tariff
  await desk.test.clock.advance(60_000);
  await desk.assign('station', 'CS1', null);
  expect(await cost('g', other)).toBe(1);
});

test('T17 a Started of 1970 gets the tariff of its arrival', async () => {
  const desk = await Desk.open();
  const station = await desk.test.station('CS1');
  await desk.put('t', { periods: [{ perKWh: '1', perMinute: '0.1' }] });
  await desk.assign('site', '1', 't');
  const now = desk.test.clock.now();
  await station.call('TransactionEvent', event('Started', 0, { at: 5000, wh: 0 }));
  const answer = await station.call('TransactionEvent', event('Ended', 1, { at: now + 600_000, wh: 1000 }));
  expect(answer.totalCost).toBeCloseTo(2, 3);
});

test('a cost that cannot be made never keeps an answer back', async () => {
  const desk = await Desk.open();
  const station = await desk.test.station('CS1');
  await desk.put('t', { periods: [{ perKWh: '1' }] });
  await desk.assign('site', '1', 't');
  desk.test.csms.kernel.prices.cost = () => Promise.reject(new Error('no disk'));
  const { answer } = await desk.session(station, 'tx-1');
  expect(answer).not.toHaveProperty('totalCost');
});

test('a tariff that begins in the past, an unknown target and a zone that is none are refused', async () => {
  const desk = await Desk.open();
  const now = desk.test.clock.now();
  await expect(desk.put('t', { periods: [{}] }, now - 600_000)).rejects.toThrow(/past/);
  await expect(desk.assign('station', 'CS9', null)).rejects.toThrow(/CS9/);
  await expect(desk.assign('site', '7', null)).rejects.toThrow(/No site 7/);
  await expect(desk.assign('group', 'g', 'nothing')).rejects.toThrow(/No tariff nothing/);
  await expect(desk.test.settle(desk.tariffs.patchSite(1, { zone: '+02:00' }, 'ada'))).rejects.toThrow(/IANA/);
  expect(await desk.test.settle(desk.tariffs.patchSite(1, { zone: 'Asia/Kathmandu' }, 'ada'))).toMatchObject({ zone: 'Asia/Kathmandu' });
  expect(desk.test.csms.kernel.prices.site(1).zone).toBe('Asia/Kathmandu');
});
