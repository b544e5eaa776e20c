import { type Ocpp, RpcError } from '@busbar/protocol';
import { describe, expect, test } from 'vitest';
import { event } from '../../testing/events.ts';
import { type ScriptedStation, TEST_CONFIG, TestCsms } from '../../testing/test-csms.ts';
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
  static async open(runningCost = false): Promise<Desk> {
    return new Desk(await TestCsms.start({ automations: { ...TEST_CONFIG.automations, runningCost } }));
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

describe('TC_I_01_CSMS I02.FR.01 runningCost', () => {
  const MINUTE = 60_000;
  async function charging(shows: boolean) {
    const desk = await Desk.open(true);
    const { clock, csms } = desk.test;
    const station = await desk.test.station('CS1');
    await desk.put('t', { periods: [{ perKWh: '0.5' }] });
    await desk.assign('station', 'CS1', 't');
    const cost = { component: 'TariffCostCtrlr', instance: 'Cost', attribute: 'Actual' } as const;
    const rows = [
      { ...cost, variable: 'Available', value: `${shows}` },
      { ...cost, variable: 'Enabled', value: 'true' },
    ];
    await desk.test.settle(csms.kernel.queue.commit([{ k: 'variables', station: desk.test.row('CS1'), at: 0, rows }]));
    station.script = { CostUpdated: () => ({}) };
    let seqNo = 0;
    const begin = clock.now();
    const tell = (eventType: 'Started' | 'Updated' | 'Ended', wh: number) =>
      station.call('TransactionEvent', event(eventType, seqNo++, { at: clock.now(), wh }));
    await tell('Started', 0);
    const told = () => station.heard.filter(({ action }) => action === 'CostUpdated').map(({ request }) => request);
    return { desk, clock, station, tell, told, begin };
  }

  test('a station that shows costs hears the new sum every minute, while the transaction runs and only when it changed', async () => {
    const { clock, tell, told } = await charging(true);
    await tell('Updated', 400);
    await clock.advance(MINUTE);
    await clock.advance(MINUTE);
    await tell('Updated', 1000);
    await clock.advance(MINUTE);
    expect(told()).toEqual([
      { totalCost: 0.2, transactionId: 'tx-1' },
      { totalCost: 0.5, transactionId: 'tx-1' },
    ]);
    await tell('Ended', 2000);
    await clock.advance(5 * MINUTE);
    expect(told()).toHaveLength(2);
  });

  test('one that does not show costs is left alone, unless it is set so; one that refuses is not asked again on this link', async () => {
    const { desk, clock, station, tell, told } = await charging(false);
    await tell('Updated', 400);
    await clock.advance(2 * MINUTE);
    expect(told()).toEqual([]);
    station.script = { CostUpdated: () => new RpcError('NotSupported', 'no display') };
    await desk.test.settle(desk.useCases.patchStation('CS1', { runningCost: 'message' }, 'ada'));
    await clock.advance(MINUTE);
    await tell('Updated', 500);
    await clock.advance(3 * MINUTE);
    expect(told()).toHaveLength(1);
  });

  test('D9 it waits while a person waits for the station, and never piles up', async () => {
    const { desk, clock, station, tell, told } = await charging(true);
    const asked = desk.useCases.call('CS1', 'ClearCache', {}, { actor: 'ada', timeoutMs: 10 * MINUTE, waitMs: 0 });
    await desk.test.settle(asked);
    await tell('Updated', 400);
    await clock.advance(3 * MINUTE);
    expect(told()).toEqual([]);
    station.peer.close(1000, 'gone');
    await clock.advance(MINUTE);
    expect(told()).toEqual([]);
  });

  test('an automation that is off says nothing', async () => {
    const { desk, clock, tell, told } = await charging(true);
    await desk.test.settle(desk.useCases.patchStation('CS1', { automations: { runningCost: false } }, 'ada'));
    await tell('Updated', 400);
    await clock.advance(2 * MINUTE);
    expect(told()).toEqual([]);
  });
});
