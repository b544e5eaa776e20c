import { formatInstant } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import { describe, expect, test } from 'vitest';
import { CARD, Duet, OTHER_CARD } from '../duet.ts';

const VERSIONS = ['ocpp2.0.1', 'ocpp2.1'] as const;
const TWO = demoTopologies.acThreePhase;

describe.each(VERSIONS)('%s', (version) => {
  test('TC_E_03_CSMS TC_E_15_CSMS E02.FR.01 E02.FR.05 E02.FR.20 cable first: the connector is occupied, then the card begins the transaction', async () => {
    const duet = await Duet.start({ version });
    await duet.plug();
    expect(await duet.connectorStatus()).toBe('Occupied');
    expect(await duet.transactions()).toEqual([]);
    await duet.present();
    const events = await duet.events();
    expect(events[0]).toMatchObject({
      eventType: 'Started',
      seqNo: 0,
      triggerReason: 'Authorized',
      idToken: CARD,
      evse: { id: 1, connectorId: 1 },
    });
    expect(events.slice(1).filter((event) => event.evse !== undefined || event.idToken !== undefined)).toEqual([]); // E01.FR.16
    await duet.stop();
    expect(await duet.connectorStatus()).toBe('Available');
    expect((await duet.events()).at(-1)).toMatchObject({ eventType: 'Ended', triggerReason: 'StopAuthorized', idToken: CARD });
  });

  test('TC_E_04_CSMS TC_E_10_CSMS E03.FR.01 card first: with TxStartPoint Authorized the transaction begins before the cable', async () => {
    const duet = await Duet.start({ version, variables: { 'TxCtrlr.TxStartPoint': 'Authorized', 'TxCtrlr.TxStopPoint': 'Authorized' } });
    await duet.present(CARD, 1);
    expect((await duet.newest()).row).toMatchObject({ state: 'active', events: 1 });
    await duet.plug();
    await duet.clock.advance(60_000);
    expect((await duet.newest()).row.chargingState).toBe('Charging');
    await duet.stop();
    const record = await duet.newest();
    expect(record.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: duet.worldMWh() });
  });

  test('E03.FR.05 card first, no cable: the time-out ends the transaction', async () => {
    const duet = await Duet.start({ version, variables: { 'TxCtrlr.TxStartPoint': 'Authorized', 'TxCtrlr.TxStopPoint': 'Authorized' } });
    await duet.present(CARD, 1);
    await duet.clock.advance(70_000);
    const record = await duet.newest();
    expect(record.row).toMatchObject({ state: 'ended', stoppedReason: 'Timeout' });
    expect((await duet.events(record)).at(-1)?.triggerReason).toBe('EVConnectTimeout');
    expect(record.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 0 });
  });

  test.each([
    { stop: 'true', energyWh: '0', stopPoint: 'PowerPathClosed', state: 'ended' },
    { stop: 'true', energyWh: '0', stopPoint: 'EVConnected', state: 'active' },
    { stop: 'false', energyWh: '0', stopPoint: 'PowerPathClosed', state: 'active' },
  ] as const)(
    'TC_E_16_CS E05.FR.01 E05.FR.02 E05.FR.09 E05.FR.10 a card that was blocked meanwhile: stop $stop, TxStopPoint $stopPoint: $state, no energy',
    async ({ stop, energyWh, stopPoint, state }) => {
      const variables = {
        'TxCtrlr.StopTxOnInvalidId': stop,
        'TxCtrlr.MaxEnergyOnInvalidId': energyWh,
        'TxCtrlr.TxStopPoint': stopPoint,
        'AuthCacheCtrlr.DisablePostAuthorize': 'true',
      };
      const duet = await Duet.start({ version, variables });
      await duet.charge();
      await duet.stop();
      await duet.token({ ...CARD, status: 'Blocked' });
      await duet.plug();
      await duet.present(CARD); // the cache still says yes
      await duet.clock.advance(120_000);
      const record = await duet.newest();
      expect(record.row.state).toBe(state);
      expect(duet.evse().flow).not.toBe('flowing');
    },
  );

  test('E09.FR.01 the cable pulled at the vehicle ends the transaction where StopTxOnEVSideDisconnect says so', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.clock.advance(300_000);
    duet.hardware.unplug(1, 1, 'ev');
    await duet.clock.advance(5_000);
    const record = await duet.newest();
    expect(record.row).toMatchObject({ state: 'ended', stoppedReason: 'EVDisconnected' });
    expect((await duet.events(record)).at(-1)?.triggerReason).toBe('EVCommunicationLost');
    expect(record.bill.energyMWh).toBe(duet.worldMWh());
  });

  test('TC_E_26_CSMS E10.FR.01 otherwise it waits: plugged in again it charges on in the same transaction', async () => {
    const variables = { 'TxCtrlr.StopTxOnEVSideDisconnect': 'false', 'TxCtrlr.TxStopPoint': 'Authorized' };
    const duet = await Duet.start({ version, variables });
    await duet.charge();
    duet.hardware.unplug(1, 1, 'ev');
    await duet.clock.advance(30_000);
    expect((await duet.newest()).row).toMatchObject({ state: 'active', chargingState: 'Idle' });
    duet.hardware.plug(1, 1, { readyAfterS: 0 }, 'ev');
    await duet.clock.advance(120_000);
    expect((await duet.newest()).row.chargingState).toBe('Charging');
    await duet.stop();
    expect(await duet.transactions()).toHaveLength(1);
    expect((await duet.newest()).bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: duet.worldMWh() });
  });

  test('TC_E_43_CS E12.FR.01 E12.FR.02 a whole session without a link is delivered afterwards, marked offline', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.stop();
    const before = duet.worldMWh();
    await duet.offline();
    await duet.charge();
    await duet.clock.advance(1_800_000);
    await duet.stop();
    await duet.online();
    const record = await duet.newest();
    expect(record.bill).toMatchObject({ bill: 'final', completeness: 'complete', missingSeqNos: [], energyMWh: duet.worldMWh() - before });
    expect((await duet.events(record)).every((event) => event.offline === true)).toBe(true);
  });

  test('TC_E_44_CS E08.FR.01 E11.FR.07 stopped while the link is down: what happened offline says so, the bill is whole', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.clock.advance(300_000);
    await duet.offline();
    await duet.clock.advance(600_000);
    await duet.stop();
    await duet.online();
    const record = await duet.newest();
    const events = await duet.events(record);
    expect(events[0]?.offline ?? false).toBe(false);
    expect(events.at(-1)).toMatchObject({ eventType: 'Ended', offline: true });
    expect(record.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: duet.worldMWh() });
  });

  test('E11.FR.01 E11.FR.02 E04.FR.03 a link that breaks again and again loses nothing and doubles nothing', async () => {
    const duet = await Duet.start({ version, variables: { 'SampledDataCtrlr.TxUpdatedInterval': '5' } });
    await duet.charge();
    for (let i = 0; i < 20; i += 1) {
      await duet.clock.advance(17_300);
      duet.network.breakAll();
    }
    await duet.clock.advance(60_000);
    await duet.stop();
    await duet.delivered();
    const record = await duet.newest();
    const events = await duet.events(record);
    expect(events.map((event) => event.seqNo)).toEqual(events.map((_, index) => index));
    expect(record.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: duet.worldMWh() });
    expect(record.row.anomalies).toEqual([]);
  });

  test('TC_E_42_CS E13.FR.02 E13.FR.03 a CSMS that answers with an error gets the event again; what it kept is no loss', async () => {
    const authorize = {
      calls: 0,
      authorize: () => {
        authorize.calls += 1;
        return Promise.resolve(undefined);
      },
    };
    const duet = await Duet.start({ version, extensions: { authorize } });
    const { kernel } = duet.csms;
    const healthy = kernel.authorizer.decide.bind(kernel.authorizer);
    let failures = 2;
    await duet.plug();
    await duet.present(CARD); // asks once, while all is well
    await duet.stop();
    kernel.authorizer.decide = (...question) => {
      if (failures === 0) return healthy(...question);
      failures -= 1;
      return Promise.reject(new Error('a bug of ours'));
    };
    await duet.charge(); // the cache lets it in; Started is answered with a CALLERROR twice
    await duet.clock.advance(600_000);
    await duet.stop();
    await duet.delivered();
    expect(failures).toBe(0);
    const record = await duet.newest();
    const starts = (await duet.log()).filter(
      ({ direction, text }) => direction === 'in' && text.includes('"Started"') && text.includes(record.txid),
    );
    expect(starts).toHaveLength(3);
    expect(record.bill.energyMWh).toBeGreaterThan(0);
    expect((await duet.events(record)).map((event) => event.seqNo)).toContain(0);
    const [invalid] = await duet.csms.kernel.read.invalidEvents(duet.row);
    expect(invalid).toMatchObject({ txid: record.txid, seq: 0, times: 2 }); // D3: the raw frame was durable before the error left
  });

  test('TC_E_30_CSMS TC_E_34_CSMS E14.FR.01 E14.FR.02 E14.FR.05 GetTransactionStatus tells whether something goes on and whether something waits', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.delivered();
    const { txid: transactionId } = await duet.newest();
    const running = await duet.call('GetTransactionStatus', { transactionId });
    expect(running.response).toEqual({ ongoingIndicator: true, messagesInQueue: false });
    await duet.stop();
    await duet.delivered();
    const over = await duet.call('GetTransactionStatus', { transactionId });
    expect(over.response).toEqual({ ongoingIndicator: false, messagesInQueue: false });
    const unknown = await duet.call('GetTransactionStatus', { transactionId: 'never-heard-of' });
    expect(unknown.response).toEqual({ ongoingIndicator: false, messagesInQueue: false });
    const all = await duet.call('GetTransactionStatus', {});
    expect(all.response).toEqual({ messagesInQueue: false });
  });

  test('E01.FR.07 E01.FR.08 T7 two EVSEs at once: every event finds its own transaction, though only the first names its EVSE', async () => {
    const duet = await Duet.start({ version, topology: TWO });
    await duet.token({ ...OTHER_CARD, status: 'Accepted' });
    await duet.charge(1);
    await duet.plug(2);
    await duet.present(OTHER_CARD, 2);
    await duet.clock.advance(1_800_000);
    await duet.stop(1);
    await duet.present(OTHER_CARD, 2);
    duet.hardware.unplug(2);
    await duet.clock.advance(5_000);
    const all = await duet.transactions();
    expect(all.map(({ row }) => row.evse).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([1, 2]);
    expect(all.every(({ bill }) => bill.bill === 'final' && bill.completeness === 'complete')).toBe(true);
    expect(all.reduce((sum, { bill }) => sum + (bill.energyMWh ?? 0), 0)).toBe(duet.worldMWh());
  });
});

test('T1 E01.FR.11 an event whose answer is lost comes again on a new link and is stored once', async () => {
  const duet = await Duet.start();
  await duet.charge();
  await duet.clock.advance(30_000);
  duet.hardware.presentToken({ ...CARD, evse: 1 });
  await duet.clock.until('Ended was received', () =>
    duet.trace.some((event) => event.kind === 'frame' && event.direction === 'out' && event.text.includes('"Ended"')),
  );
  await duet.clock.advance(2); // it is there; the answer is not back
  duet.network.breakAll();
  await duet.clock.advance(60_000);
  await duet.delivered();
  const record = await duet.newest();
  const sent = (await duet.log()).filter(({ direction, text }) => direction === 'in' && text.includes('"Ended"'));
  expect(sent).toHaveLength(2);
  const events = await duet.events(record);
  expect(events.filter((event) => event.eventType === 'Ended')).toHaveLength(1);
  expect(record.row.anomalies).toEqual([]);
});

test('T5 a half-open link: the station is back on a new one before the CSMS knows that the old one is dead', async () => {
  const duet = await Duet.start();
  await duet.charge();
  duet.network.abandonAll(); // neither side hears of it
  await duet.clock.until('the station noticed', () => duet.station.facts().link === 'closed', 300_000);
  await duet.clock.until('it is back', () => duet.station.facts().link === 'open', 300_000);
  await duet.clock.advance(5_000);
  expect(duet.csms.kernel.stations.get('CS-1')?.session).toBeDefined();
  expect(duet.csms.kernel.stations.get('CS-1')?.record.connected).toBe(true);
  await duet.clock.advance(120_000); // whatever the old socket still says, it undoes nothing
  expect(duet.csms.kernel.stations.get('CS-1')?.record.connected).toBe(true);
  expect((await duet.csms.kernel.read.station('CS-1'))?.connected).toBe(true);
  await duet.stop();
  expect((await duet.newest()).bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: duet.worldMWh() });
});

test('T6 a command while the station waits for an answer: both proceed', async () => {
  const duet = await Duet.start();
  await duet.settle(duet.useCases.setTestOverrides('CS-1', { answerDelayMs: 20_000 }));
  await duet.plug();
  duet.hardware.presentToken({ ...CARD });
  await duet.clock.advance(3_000); // Authorize is open and will be for 17 seconds
  const before = duet.clock.now();
  const view = await duet.call('GetVariables', {
    getVariableData: [{ component: { name: 'TxCtrlr' }, variable: { name: 'TxStartPoint' } }],
  });
  expect(view.state).toBe('answered');
  expect(duet.clock.now() - before).toBeLessThan(5_000);
});

test('T9 the CSMS dies between receive and answer: the station sends again, the row is there once', async () => {
  for (const msAfter of [0, 1, 2, 3, 4, 5]) {
    const duet = await Duet.start();
    await duet.charge();
    await duet.clock.advance(30_000);
    duet.hardware.presentToken({ ...CARD, evse: 1 });
    await duet.clock.until('Ended is on its way', () =>
      duet.trace.some((event) => event.kind === 'frame' && event.direction === 'out' && event.text.includes('"Ended"')),
    );
    await duet.clock.advance(msAfter);
    duet.cutCsms();
    await duet.clock.advance(60_000);
    await duet.startCsms();
    await duet.clock.advance(120_000);
    const record = await duet.newest();
    expect(record.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: duet.worldMWh() });
    expect((await duet.events(record)).map((event) => event.seqNo)).toEqual([0, 1, 2]);
    expect(record.row.anomalies).toEqual([]);
  }
});

/** Two hours with a sample every ten seconds. */
async function longSession(offline: boolean): Promise<Duet> {
  const duet = await Duet.start({ variables: { 'SampledDataCtrlr.TxUpdatedInterval': '10' } });
  await duet.charge();
  await duet.stop();
  if (offline) await duet.offline();
  else await duet.clock.advance(1_000);
  await duet.charge();
  await duet.clock.advance(2 * 3_600_000);
  await duet.stop();
  if (offline) await duet.online();
  return duet;
}

test('T15 hundreds of queued offline events make the bill that an online session makes', async () => {
  const [online, offline] = [await longSession(false), await longSession(true)];
  const [a, b] = [await online.newest(), await offline.newest()];
  expect(b.row.events).toBeGreaterThan(500);
  expect(b.row.events).toBe(a.row.events);
  expect(b.bill).toEqual(a.bill);
  expect(b.bill.energyMWh).toBeGreaterThan(14_000_000);
  expect({ ...b.row, startedAt: 0, endedAt: 0, lastAt: 0 }).toEqual({ ...a.row, startedAt: 0, endedAt: 0, lastAt: 0 });
});

test('T18 a CSMS restored from a backup: the station comes back without a boot, its events overlap the backup', async () => {
  const duet = await Duet.start();
  await duet.charge();
  await duet.clock.advance(300_000);
  const backup = duet.backup();
  await duet.clock.advance(600_000);
  await duet.restore(backup);
  await duet.clock.until('the station is back', () => duet.station.facts().link === 'open', 300_000);
  await duet.clock.advance(300_000);
  await duet.stop();
  await duet.clock.advance(300_000);
  expect(duet.csms.kernel.stations.get('CS-1')?.record.registration).toBe('Accepted');
  const record = await duet.newest();
  // The ten minutes between backup and restore are gone for good: the bill says so and takes its energy from the registers.
  expect(record.bill).toMatchObject({ bill: 'final', completeness: 'incomplete', energyMWh: duet.worldMWh() });
  expect(record.bill.missingSeqNos?.length).toBeGreaterThan(5);
});

test('T18 D10 a backup from before the first boot: events are stored, and the station is asked once to boot', async () => {
  const duet = await Duet.start();
  const backup = duet.backup();
  await duet.charge();
  await duet.clock.advance(120_000);
  await duet.restore(backup);
  // As `restore` does: no boot answer counts any more.
  await duet.settle(duet.csms.kernel.queue.commit([{ k: 'stationPatch', station: duet.row, patch: { registration: null } }]));
  await duet.clock.advance(300_000);
  await duet.stop();
  await duet.clock.advance(60_000);
  const record = await duet.newest();
  expect(record.row.state).toBe('ended');
  expect(record.row.lastMWh).toBe(duet.worldMWh());
  const asked = (await duet.log()).filter(({ direction, text }) => direction === 'out' && text.includes('"TriggerMessage"'));
  expect(asked).toHaveLength(1);
  expect(formatInstant(record.row.endedAt ?? 0)).toMatch(/Z$/);
});

test('T20 E04.FR.07 E04.FR.08 D7 offline for longer than the queue is long: every second Updated goes, the bill says so and is right', async () => {
  const duet = await Duet.start({ variables: { 'SampledDataCtrlr.TxUpdatedInterval': '5' } });
  await duet.charge();
  await duet.offline();
  await duet.clock.advance(2 * 3_600_000);
  await duet.stop();
  expect(duet.station.facts().queuedEvents).toBeLessThanOrEqual(1_000);
  await duet.online();
  await duet.clock.advance(600_000);
  const record = await duet.newest();
  expect(record.bill).toMatchObject({ bill: 'final', completeness: 'incomplete', closedBy: 'station', energyMWh: duet.worldMWh() });
  // More holes than anybody wants to read: they are not named, but they are told.
  expect(record.bill).toMatchObject({ missingSeqNos: null, reason: expect.stringContaining('more places than are counted') });
  expect(record.row.events).toBeLessThan(1_100);
});

test('E13.FR.04 a CSMS that cannot take one event for long: the station gives that one up, the bill is honest', async () => {
  const duet = await Duet.start();
  await duet.charge();
  await duet.stop();
  await duet.clock.advance(10_000);
  const { authorizer } = duet.csms.kernel;
  authorizer.decide = () => Promise.reject(new Error('a bug of ours'));
  await duet.charge(); // the cache lets it in; its Started is refused three times
  await duet.clock.advance(900_000);
  Reflect.deleteProperty(authorizer, 'decide');
  await duet.stop();
  await duet.delivered();
  await duet.clock.advance(600_000);
  const record = await duet.newest();
  // Nothing is lost: the refused frame was kept before the error left (D3), so an operator can repair the bill.
  expect(record.row).toMatchObject({ state: 'ended', startedAt: null });
  expect(record.bill).toMatchObject({ bill: 'provisional', missingSeqNos: null });
  const [invalid] = await duet.csms.kernel.read.invalidEvents(duet.row);
  expect(invalid).toMatchObject({ txid: record.txid, seq: 0, times: 3, state: 'open' });
  const body: unknown = JSON.parse(invalid?.text ?? '[]')[3];
  await duet.settle(duet.useCases.repairInvalidEvent('CS-1', invalid?.id ?? 0, body, 'it was our bug', 'operator'));
  const repaired = await duet.newest();
  expect(repaired.bill).toMatchObject({ bill: 'final', completeness: 'complete', missingSeqNos: [] });
  const all = await duet.transactions();
  expect(all.reduce((sum, { bill }) => sum + (bill.energyMWh ?? 0), 0)).toBe(duet.worldMWh());
});
