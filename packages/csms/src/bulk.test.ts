import { RpcError } from '@busbar/protocol';
import { limits } from '@busbar/runtime';
import { describe, expect, test } from 'vitest';
import type { BulkWish } from './bulk.ts';
import { type ScriptedStation, TestCsms } from './testing/test-csms.ts';

const RESET: BulkWish['action'] = { kind: 'reset', type: 'OnIdle' };

async function items(t: TestCsms, id: string) {
  const found = await t.settle(t.csms.kernel.read.bulkItems(id, 100));
  return found.map(({ station, state, reason }) => ({ id: t.csms.kernel.stations.byRow(station)?.record.identity, state, reason }));
}
const over = (t: TestCsms, id: string) =>
  t.clock.until(
    'the job is over',
    () =>
      t.csms.kernel.live.since(0)?.some(({ event }) => event.type === 'bulk' && event.bulkId === id && event.state !== 'running') === true,
  );
const start = async (t: TestCsms, wish: BulkWish) => (await t.settle(t.csms.bulk.start(wish, 'first'))).bulk.id;
const resets = ({ heard }: ScriptedStation) => heard.filter(({ action }) => action === 'Reset').length;

describe('a job for many stations', () => {
  test('tells what each did: refused first, with the reason of the station, then failed and unknown, then done', async () => {
    const t = await TestCsms.start();
    const [good, bad, broken, silent] = [await t.station('A'), await t.station('B'), await t.station('C'), await t.station('D')];
    await t.register('E');
    good.script = { Reset: () => ({ status: 'Scheduled' }) };
    bad.script = { Reset: () => ({ status: 'Rejected', statusInfo: { reasonCode: 'InUse', additionalInfo: 'ask again' } }) };
    broken.script = { Reset: () => new RpcError('InternalError', 'no idea') };
    silent.script = {};
    const id = await start(t, { filter: {}, action: RESET });
    await over(t, id);
    expect(await items(t, id)).toEqual([
      { id: 'B', state: 'refused', reason: 'Rejected: InUse: ask again' },
      { id: 'C', state: 'refused', reason: 'InternalError: no idea' },
      { id: 'E', state: 'failed', reason: 'not-connected' },
      { id: 'D', state: 'unknown', reason: 'timeout' },
      { id: 'A', state: 'done', reason: null },
    ]);
    const { bulk, counts } = await t.settle(t.csms.bulk.view(id));
    expect(bulk).toMatchObject({ state: 'done', total: 5, actor: 'first' });
    expect(counts).toEqual({ done: 1, refused: 2, failed: 1, unknown: 1, waiting: 0, underWay: 0, stopped: 0 });
  });

  test('no more than so many at once', async () => {
    const t = await TestCsms.start();
    let most = 0;
    const open = () => t.csms.kernel.live.since(0)?.filter(({ event }) => event.type === 'command' && event.state === 'sent').length ?? 0;
    const ended = () =>
      t.csms.kernel.live.since(0)?.filter(({ event }) => event.type === 'command' && event.state === 'answered').length ?? 0;
    for (let n = 0; n < 6; n += 1) {
      const station = await t.station(`S${n}`);
      station.script = {
        Reset: () => {
          most = Math.max(most, open() - ended());
          return { status: 'Accepted' };
        },
      };
    }
    const id = await start(t, { filter: {}, action: RESET, atOnce: 2 });
    await over(t, id);
    expect((await t.settle(t.csms.bulk.view(id))).counts.done).toBe(6);
    expect(most).toBe(2);
  });

  test('stations that are away are waited for, until they come or the time is over', async () => {
    const t = await TestCsms.start();
    await t.register('LATE');
    await t.register('NEVER');
    const id = await start(t, { stations: ['LATE', 'NEVER'], action: RESET, offline: 'queue', expires: 3600 });
    await t.clock.advance(60_000);
    const late = await t.connect('LATE');
    late.script = { Reset: () => ({ status: 'Accepted' }) };
    await late.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } });
    await t.clock.until('reset', () => resets(late) === 1);
    await t.clock.advance(3_600_000);
    await over(t, id);
    expect(await items(t, id)).toEqual([
      { id: 'NEVER', state: 'failed', reason: 'expired' },
      { id: 'LATE', state: 'done', reason: null },
    ]);
  });

  test('after a restart of the CSMS it goes on, what was under way is unknown, and nobody hears it twice', async () => {
    const t = await TestCsms.start();
    const first = await t.station('A');
    await t.register('B');
    first.script = {}; // it never answers
    const id = await start(t, { stations: ['A', 'B'], action: RESET, offline: 'queue', atOnce: 1 });
    await t.clock.until('asked', () => resets(first) === 1);
    await t.boot();
    const [again, other] = [await t.station('A'), await t.station('B')];
    for (const station of [again, other]) station.script = { Reset: () => ({ status: 'Accepted' }) };
    await over(t, id);
    expect(await items(t, id)).toEqual([
      { id: 'A', state: 'unknown', reason: 'csmsRestarted' },
      { id: 'B', state: 'done', reason: null },
    ]);
    await t.clock.advance(600_000);
    expect([resets(again), resets(other)]).toEqual([0, 1]);
  });

  test('stopped: what waits is not begun, what is under way ends', async () => {
    const t = await TestCsms.start();
    const station = await t.station('A');
    await t.register('B');
    station.script = {};
    const id = await start(t, { stations: ['A', 'B'], action: RESET, offline: 'queue', atOnce: 1 });
    await t.clock.until('asked', () => resets(station) === 1);
    await t.settle(t.csms.bulk.stop(id, 'second'));
    await t.clock.advance(limits.callTimeoutMs + 1000);
    expect(await items(t, id)).toEqual([
      { id: 'A', state: 'unknown', reason: 'timeout' },
      { id: 'B', state: 'stopped', reason: 'stopped' },
    ]);
    await expect(t.settle(t.csms.bulk.stop(id, 'second'))).rejects.toThrow('is over');
  });

  test('variables are set in messages as large as each station takes; one that is refused is named', async () => {
    const t = await TestCsms.start();
    const station = await t.station('A');
    station.script = {
      SetVariables: ({ setVariableData }) => ({
        setVariableResult: setVariableData.map(({ component, variable }) => ({
          component,
          variable,
          attributeStatus: variable.name === 'V3' ? ('NotSupportedAttributeType' as const) : ('Accepted' as const),
        })),
      }),
    };
    const variables = [1, 2, 3, 4, 5, 6].map((n) => ({ component: { name: 'C' }, variable: { name: `V${n}` }, attributeValue: '1' }));
    const id = await start(t, { stations: ['A'], action: { kind: 'setVariables', variables } });
    await over(t, id);
    expect(await items(t, id)).toEqual([{ id: 'A', state: 'refused', reason: 'C.V3: NotSupportedAttributeType' }]);
    expect(station.heard.filter(({ action }) => action === 'SetVariables')).toHaveLength(2);
  });

  test.each([
    ['neither ids nor filter', { action: RESET }],
    ['both', { stations: ['A'], filter: {}, action: RESET }],
    ['a station nobody knows', { stations: ['X'], action: RESET }],
    ['a filter that fits none', { filter: { model: 'none' }, action: RESET }],
    ['a message of stations', { stations: ['A'], action: { kind: 'call', action: 'Heartbeat', payload: {} } }],
    ['a payload no version knows', { stations: ['A'], action: { kind: 'call', action: 'Reset', payload: { type: 'Softly' } } }],
  ] as const)('%s is refused before anybody hears of it', async (_what, wish) => {
    const t = await TestCsms.start();
    const station = await t.station('A');
    await expect(t.settle(t.csms.bulk.start(wish, 'first'))).rejects.toThrow(/\w/);
    expect(station.heard).toEqual([]);
    expect(await t.settle(t.csms.kernel.read.bulks(10))).toEqual([]);
  });
});
