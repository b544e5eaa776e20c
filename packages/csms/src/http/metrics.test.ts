import { RpcError } from '@busbar/protocol';
import { formatInstant, s, VERSION } from '@busbar/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { event } from '../testing/events.ts';
import { TestCsms } from '../testing/test-csms.ts';
import { Metrics } from './metrics.ts';

let csms: TestCsms;
let metrics: Metrics;
beforeEach(async () => {
  csms = await TestCsms.start();
  metrics = new Metrics(csms.csms.kernel, () => 3);
});
afterEach(() => metrics.close());

/** Every line that is a value, by its name with labels. */
async function scraped(): Promise<Readonly<Record<string, number>>> {
  await csms.clock.advance(s(11)); // what was read from the store is told again for ten seconds
  const text = await csms.settle(metrics.text(false));
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

test('connectors by state, running and ended transactions, energy of the day; simulated stations apart', async () => {
  for (const [id, virtual] of [
    ['CS-1', false],
    ['VIRTUAL-1', true],
  ] as const) {
    const station = await csms.station(id);
    const settings = JSON.stringify({ virtual });
    await csms.settle(csms.csms.kernel.queue.commit([{ k: 'stationPatch', station: csms.row(id), patch: { settings } }]));
    for (const [evseId, connectorStatus] of [
      [1, 'Occupied'],
      [2, 'Faulted'],
      [3, 'Available'],
    ] as const)
      await station.call('StatusNotification', { timestamp: formatInstant(csms.clock.now()), connectorStatus, evseId, connectorId: 1 });
    const at = csms.clock.now();
    await station.call('TransactionEvent', event('Started', 0, { at, wh: 1000, txid: `${id}-a`, evse: { id: 1, connectorId: 1 } }));
    await station.call('TransactionEvent', event('Ended', 1, { at, wh: 4500, txid: `${id}-a` }));
    await station.call('TransactionEvent', event('Started', 0, { at, wh: 4500, txid: `${id}-b`, evse: { id: 1, connectorId: 1 } }));
  }
  const figures = await scraped();
  for (const virtual of ['true', 'false'])
    expect(figures).toMatchObject({
      [`busbar_connectors{state="Occupied",virtual="${virtual}"}`]: 1,
      [`busbar_connectors{state="Faulted",virtual="${virtual}"}`]: 1,
      [`busbar_connectors{state="Reserved",virtual="${virtual}"}`]: 0,
      [`busbar_transactions_running{virtual="${virtual}"}`]: 1,
      [`busbar_transactions_ended_today{virtual="${virtual}"}`]: 1,
      [`busbar_energy_today_wh{virtual="${virtual}"}`]: 3500,
    });
  expect(figures).toMatchObject({ busbar_stations: 2, busbar_stations_connected: 2, busbar_event_streams: 3, busbar_draining: 0 });
  expect(Object.keys(figures)).toContainEqual(expect.stringMatching(`^busbar_build_info{version="${VERSION}",node="\\d+`));
});

test('refused links by status, CALLERRORs both ways, commands by their end', async () => {
  const station = await csms.station('CS-1');
  await expect(csms.connect('CS-1', 'ocpp2.0.1', 'a-wrong-password-1')).rejects.toThrow('wrong password');
  await expect(csms.connect('CS-2')).rejects.toThrow('no station with this id');
  csms.csms.tlsFailed('10.0.0.7', 'unsupported protocol');
  await station.raw('[2,"1","Nonsense",{}]');
  await station.raw('[2,"2","Heartbeat",{"no":1}]');
  const send = async () => {
    const { ended } = await csms.settle(
      csms.csms.kernel.commands.start({
        station: csms.csms.kernel.stations.get('CS-1') ?? expect.fail(),
        action: 'ClearCache',
        payload: {},
        origin: 'person',
        actor: 'test',
      }),
    );
    await csms.settle(ended);
  };
  station.script = { ClearCache: () => ({ status: 'Accepted' }) };
  await send();
  station.script = { ClearCache: () => new RpcError('SomethingOfItsOwn', 'no') };
  await send();
  station.peer.close(1000, 'bye');
  await csms.clock.advance(s(1));
  await send();
  expect(await scraped()).toMatchObject({
    'busbar_refused_handshakes_total{status="0"}': 1,
    'busbar_refused_handshakes_total{status="401"}': 1,
    'busbar_refused_handshakes_total{status="404"}': 1,
    'busbar_callerrors_sent_total{code="NotImplemented"}': 1,
    'busbar_callerrors_sent_total{code="OccurrenceConstraintViolation"}': 1,
    'busbar_callerrors_received_total{code="other"}': 1,
    'busbar_commands_total{end="answered"}': 1,
    'busbar_commands_total{end="refused"}': 1,
    'busbar_commands_total{end="notSent"}': 1,
    busbar_stations_connected: 0,
  });
});

test('the number of lines does not depend on what comes from outside', async () => {
  const before = Object.keys(await scraped()).length;
  const station = await csms.station('CS-1');
  for (let i = 0; i < 20; i += 1) await station.raw(`[2,"${i}","Nonsense${i}",{}]`);
  await scraped(); // the first one only begins to watch the event loop
  expect(Object.keys(await scraped()).length).toBe(before);
});

test('a store that does not answer costs its own figures, not the others', async () => {
  Object.assign(csms.csms.kernel.read, { figures: () => new Promise(() => undefined) });
  const figures = await scraped();
  expect(figures).toMatchObject({ busbar_store_healthy: 1, busbar_stations: 0 });
  expect(figures).not.toHaveProperty('busbar_webhook_deliveries{state="pending"}');
  Object.assign(csms.csms.kernel.read, { figures: () => Promise.reject(new Error('gone')) });
  expect(await scraped()).toMatchObject({ busbar_stations: 0 });
});
