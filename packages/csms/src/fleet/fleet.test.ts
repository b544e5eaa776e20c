import { formatInstant, s } from '@busbar/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import { event } from '../testing/events.ts';
import { type ScriptedStation, TestCsms } from '../testing/test-csms.ts';
import { Fleet } from './fleet.ts';
import type { FleetDelta } from './fleet-view.ts';

let csms: TestCsms;
let fleet: Fleet;

beforeEach(async () => {
  csms = await TestCsms.start();
  fleet = new Fleet(csms.csms.kernel);
});

const rows = () => csms.settle(fleet.view.rows());
const incidents = async () =>
  (await csms.settle(fleet.incidents())).map(({ code, group, stations, suggestion }) => ({ code, group, stations, suggestion }));
const pass = (ms: number) => csms.clock.advance(ms);
const at = (): number => csms.clock.now();
const status = (station: ScriptedStation, connectorStatus: 'Available' | 'Occupied' | 'Faulted' | 'Unavailable', evseId = 1) =>
  station.call('StatusNotification', { timestamp: formatInstant(at()), connectorStatus, evseId, connectorId: 1 });

describe('the line of a station', () => {
  test('is one word per connector: its transaction, its fault, and without a link nothing but that', async () => {
    const station = await csms.station('CS-1');
    await status(station, 'Available');
    await status(station, 'Occupied', 2);
    expect((await rows())[0]?.connectors.map(({ state }) => state)).toEqual(['Available', 'Occupied']);
    await station.call(
      'TransactionEvent',
      event('Started', 0, { txid: 'T1', info: { chargingState: 'Charging' }, evse: { id: 2, connectorId: 1 } }),
    );
    expect((await rows())[0]?.connectors[1]).toMatchObject({ state: 'Charging', transactionId: 'T1' });
    await status(station, 'Faulted', 2);
    expect((await rows())[0]?.connectors[1]).toMatchObject({ state: 'Faulted', transactionId: 'T1' });
    station.peer.close(1000, 'bye');
    await pass(s(1));
    expect((await rows())[0]).toMatchObject({ connected: false, powerW: null, connectors: [{ state: 'Offline' }, { state: 'Offline' }] });
  });

  test('comes to followers when it changes; who was only heard of is named alone', async () => {
    const station = await csms.station('CS-1');
    const deltas: FleetDelta[] = [];
    const leave = await csms.settle(fleet.view.follow({ delta: (delta) => deltas.push(delta) }));
    await pass(s(1));
    deltas.length = 0;
    await status(station, 'Available');
    await pass(s(1));
    expect(deltas.flatMap((delta) => delta.rows.map(({ id }) => id))).toEqual(['CS-1']);
    deltas.length = 0;
    await station.call('Heartbeat', {});
    await pass(s(1));
    expect(deltas.map(({ rows: changed, seen }) => [changed.length, seen.map(([id]) => id)])).toEqual([[0, ['CS-1']]]);
    leave();
    deltas.length = 0;
    await status(station, 'Occupied');
    await pass(s(1));
    expect(deltas).toEqual([]);
  });

  test('costs nothing while nobody looks', async () => {
    await csms.station('CS-1');
    await rows();
    expect(csms.csms.kernel.live.followed).toBe(true);
    await pass(s(200));
    expect(csms.csms.kernel.live.followed).toBe(false);
    expect((await rows()).map(({ id }) => id)).toEqual(['CS-1']);
  });
});

describe('what is wrong', () => {
  test('nothing at all', async () => {
    await status(await csms.station('CS-1'), 'Available');
    expect(await incidents()).toEqual([]);
  });

  test('a silent station is watched for five minutes, then somebody has to go', async () => {
    (await csms.station('CS-1')).peer.close(1000, 'bye');
    await pass(s(2));
    expect(await incidents()).toMatchObject([{ code: 'stationSilent', group: 'watch', stations: ['CS-1'] }]);
    await pass(s(301));
    expect(await incidents()).toMatchObject([{ code: 'stationSilent', group: 'go' }]);
  });

  test('stations of a site that fall silent together are one cause', async () => {
    const stations = [await csms.station('CS-1'), await csms.station('CS-2'), await csms.station('CS-3')];
    for (const { peer } of stations) peer.close(1000, 'bye');
    await pass(s(2));
    expect(await incidents()).toMatchObject([{ code: 'siteSilent', group: 'go', stations: ['CS-1', 'CS-2', 'CS-3'] }]);
  });

  test('a wrong password explains the silence, and its remedy is a new one', async () => {
    (await csms.station('CS-1')).peer.close(1000, 'bye');
    await expect(csms.connect('CS-1', 'ocpp2.0.1', 'some-other-password')).rejects.toThrow('wrong password');
    expect(await incidents()).toEqual([{ code: 'handshakeRefused', group: 'fix', stations: ['CS-1'], suggestion: 'setPassword' }]);
  });

  test('somebody unknown at the door can be added', async () => {
    await expect(csms.connect('CS-9')).rejects.toThrow('no station with this id');
    expect(await incidents()).toEqual([{ code: 'handshakeRefused', group: 'fix', stations: ['CS-9'], suggestion: 'addStation' }]);
  });

  test('a fault comes before a bill that waits for an event', async () => {
    const station = await csms.station('CS-1');
    await station.call('TransactionEvent', event('Started', 0, { at: at() }));
    await station.call('TransactionEvent', event('Ended', 2, { at: at() }));
    await status(station, 'Faulted');
    expect(await incidents()).toMatchObject([
      { code: 'connectorFaulted', group: 'go', suggestion: 'takeOutOfService' },
      { code: 'eventsMissing', group: 'watch', suggestion: 'openSession' },
    ]);
  });

  test('three sessions that end at once with a ground fault', async () => {
    const station = await csms.station('CS-1');
    for (const transactionId of ['A', 'B', 'C']) {
      await station.call('TransactionEvent', event('Started', 0, { at: at(), txid: transactionId }));
      await station.call('TransactionEvent', event('Ended', 1, { at: at(), txid: transactionId, info: { stoppedReason: 'GroundFault' } }));
    }
    expect(await incidents()).toMatchObject([{ code: 'sessionsFail', suggestion: 'takeOutOfService' }]);
  });

  test('a connector out of service for more than a day', async () => {
    const station = await csms.station('CS-1');
    await status(station, 'Unavailable');
    await pass(s(86_400 + 60));
    expect(await incidents()).toMatchObject([{ code: 'outOfService', group: 'watch', suggestion: 'putBack' }]);
  });
});

describe('the figures', () => {
  test('leave virtual stations out, unless there are no others', async () => {
    const { queue, stations } = csms.csms.kernel;
    const [outcome] = await csms.settle(
      queue.commit([
        {
          k: 'stationPut',
          station: { identity: 'SIM-1', securityProfile: 1, approval: 'approved', at: 0, settings: JSON.stringify({ virtual: true }) },
        },
      ]),
    );
    expect(outcome?.result).toBe('new');
    await csms.settle(stations.refresh('SIM-1'));
    expect(await csms.settle(fleet.overview())).toMatchObject({ counts: 'virtual', stations: 1, virtual: 1 });
    await csms.station('CS-1');
    expect(await csms.settle(fleet.overview())).toMatchObject({ counts: 'real', stations: 1, connected: 1, virtual: 1 });
  });

  test('add up what ended today', async () => {
    const station = await csms.station('CS-1');
    await station.call('TransactionEvent', event('Started', 0, { at: at() }));
    await station.call('TransactionEvent', event('Ended', 1, { at: at() }));
    expect((await csms.settle(fleet.overview())).today).toMatchObject({ ended: 1, final: 1, provisional: 0 });
  });
});
