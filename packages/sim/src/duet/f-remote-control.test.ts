import type { Ocpp } from '@busbar/protocol';
import { demoTopologies } from '@busbar/station/hardware';
import { describe, expect, test } from 'vitest';
import { CARD, Duet, OTHER_CARD } from '../duet.ts';

const VERSIONS = ['ocpp2.0.1', 'ocpp2.1'] as const;
const TWO = demoTopologies.acThreePhase;

describe.each(VERSIONS)('%s', (version) => {
  test('TC_F_01_CSMS F01.FR.03 F01.FR.19 F01.FR.25 a remote start at a plugged vehicle: the transaction carries the number, the command knows the transaction', async () => {
    const duet = await Duet.start({ version });
    await duet.plug();
    const view = await duet.call('RequestStartTransaction', { evseId: 1, idToken: CARD });
    expect(view.response).toMatchObject({ status: 'Accepted' });
    await duet.clock.advance(60_000);
    const command = await duet.csms.kernel.read.command(view.commandId);
    const record = await duet.newest();
    const events = await duet.events(record);
    expect(events[0]).toMatchObject({ eventType: 'Started', triggerReason: 'RemoteStart' });
    expect(events[0]?.transactionInfo.remoteStartId).toBe(command?.remoteStartId);
    expect((await duet.useCases.command(view.commandId)).effect).toEqual({ transactionId: record.txid });
    expect(duet.evse().flow).toBe('flowing');
  });

  test('TC_F_03_CSMS F02.FR.01 F02.FR.12 F02.FR.21 a remote start before the cable is held until the driver plugs in', async () => {
    const duet = await Duet.start({ version });
    const view = await duet.call('RequestStartTransaction', { evseId: 1, idToken: CARD });
    expect(view.response).toMatchObject({ status: 'Accepted' });
    expect(await duet.transactions()).toEqual([]);
    await duet.clock.advance(20_000);
    await duet.plug();
    await duet.clock.advance(10_000);
    const record = await duet.newest();
    expect(record.row).toMatchObject({ state: 'active', idToken: CARD });
    expect(record.row.remoteStartId).not.toBeNull();
    expect((await duet.useCases.command(view.commandId)).effect).toEqual({ transactionId: record.txid });
  });

  test('TC_F_04_CSMS F02.FR.07 a remote start that nobody uses ends by itself', async () => {
    const duet = await Duet.start({ version });
    await duet.call('RequestStartTransaction', { evseId: 1, idToken: CARD });
    await duet.clock.advance(90_000);
    await duet.plug();
    expect(duet.evse().authorized).toBe(false);
    expect(await duet.transactions()).toEqual([]);
  });

  test('F01.FR.01 F01.FR.02 with AuthorizeRemoteStart the token is judged first: a blocked one starts nothing', async () => {
    const duet = await Duet.start({ version, variables: { 'AuthCtrlr.AuthorizeRemoteStart': 'true' } });
    await duet.token({ ...OTHER_CARD, status: 'Blocked' });
    await duet.plug();
    const view = await duet.call('RequestStartTransaction', { evseId: 1, idToken: OTHER_CARD });
    expect(view.response).toMatchObject({ status: 'Accepted' });
    await duet.clock.advance(20_000);
    expect(await duet.transactions()).toEqual([]);
    expect(await duet.heard('Authorize')).toHaveLength(1);
  });

  test('F01.FR.23 F01.FR.24 where somebody charges or nobody may, a remote start is Rejected', async () => {
    const duet = await Duet.start({ version, topology: TWO });
    await duet.charge(1);
    expect(await duet.status('RequestStartTransaction', { evseId: 1, idToken: OTHER_CARD })).toBe('Rejected');
    await duet.call('ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 2 } });
    expect(await duet.status('RequestStartTransaction', { evseId: 2, idToken: OTHER_CARD })).toBe('Rejected');
    expect((await duet.transactions()).length).toBe(1);
  });

  test('TC_E_21_CSMS F03.FR.01 F03.FR.03 a remote stop ends the transaction with RemoteStop and Remote', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.clock.advance(300_000);
    const { txid: transactionId } = await duet.newest();
    expect(await duet.status('RequestStopTransaction', { transactionId })).toBe('Accepted');
    await duet.clock.advance(5_000);
    const record = await duet.newest();
    expect(record.row).toMatchObject({ state: 'ended', stoppedReason: 'Remote' });
    expect((await duet.events(record)).at(-1)?.triggerReason).toBe('RemoteStop');
    expect(record.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: duet.worldMWh() });
    expect(await duet.status('RequestStopTransaction', { transactionId })).toBe('Rejected');
  });

  test('TC_F_06_CSMS F05.FR.01 F05.FR.02 F05.FR.03 a cable is unlocked from afar, but not under a running transaction', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    expect(await duet.status('UnlockConnector', { evseId: 1, connectorId: 1 })).toBe('OngoingAuthorizedTransaction');
    expect(await duet.status('UnlockConnector', { evseId: 7, connectorId: 1 })).toBe('UnknownConnector');
    await duet.stop();
    expect(await duet.status('UnlockConnector', { evseId: 1, connectorId: 1 })).toBe('Unlocked');
    duet.hardware.lockState(1, 1, 'stuck');
    expect(await duet.status('UnlockConnector', { evseId: 1, connectorId: 1 })).toBe('UnlockFailed');
  });

  test.each<readonly [Ocpp.MessageTriggerEnumType, Ocpp.EVSEType | undefined, string, string]>([
    ['Heartbeat', undefined, 'Accepted', 'Heartbeat'],
    ['MeterValues', { id: 1 }, 'Accepted', 'MeterValues'],
    ['TransactionEvent', { id: 1 }, 'Accepted', 'TransactionEvent'],
    ['StatusNotification', { id: 1, connectorId: 1 }, 'Accepted', 'connector'],
    ['BootNotification', undefined, 'Rejected', ''],
    ['LogStatusNotification', undefined, 'Accepted', 'LogStatusNotification'],
    ['FirmwareStatusNotification', undefined, 'Accepted', 'FirmwareStatusNotification'],
    ['SignChargingStationCertificate', undefined, 'NotImplemented', ''],
  ])(
    'TC_F_11_CSMS TC_F_20_CSMS TC_F_27_CSMS F06.FR.01 F06.FR.04 F06.FR.05 F06.FR.10 TriggerMessage %s of %o is %s',
    async (requestedMessage, evse, status, message) => {
      const duet = await Duet.start({ version });
      await duet.charge();
      await duet.clock.advance(10_000);
      const before = (await duet.heard()).length;
      expect(await duet.status('TriggerMessage', { requestedMessage, ...(evse === undefined ? {} : { evse }) })).toBe(status);
      const wanted = message === 'connector' ? (version === 'ocpp2.1' ? 'NotifyEvent' : 'StatusNotification') : message;
      expect((await duet.heard()).slice(before)).toEqual(wanted === '' ? [] : [wanted]);
    },
  );

  test('TC_F_13_CSMS F06.FR.07 a triggered TransactionEvent says so', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.call('TriggerMessage', { requestedMessage: 'TransactionEvent', evse: { id: 1 } });
    expect((await duet.events()).at(-1)?.triggerReason).toBe('Trigger');
  });

  test('F06.FR.02 F06.FR.13 StatusNotification is asked for one connector, or not at all', async () => {
    const duet = await Duet.start({ version });
    await expect(duet.call('TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 1 } })).rejects.toThrow(/F06.FR.13/);
  });

  test('a command that waits for an offline station goes out when it is back, once, and does not expire afterwards', async () => {
    const duet = await Duet.start({ version });
    await duet.offline();
    const waiting = await duet.call('ClearCache', {}, { offline: 'queue', expiresS: 120, waitMs: 1_000 });
    expect(waiting.state).toBe('queued');
    await duet.online();
    await duet.clock.advance(10_000);
    expect(await duet.useCases.command(waiting.commandId)).toMatchObject({ state: 'answered' });
    await duet.clock.advance(300_000);
    expect(await duet.useCases.command(waiting.commandId)).toMatchObject({ state: 'answered' });
    const sent = (await duet.log()).filter(({ direction, text }) => direction === 'out' && text.includes('"ClearCache"'));
    expect(sent).toHaveLength(1);
  });

  test('a command that waits outlives the CSMS when it may expire; without a time it is over with it', async () => {
    const duet = await Duet.start({ version });
    await duet.offline();
    const patient = await duet.call('ClearCache', {}, { offline: 'queue', expiresS: 600, waitMs: 1_000 });
    const brief = await duet.call('ClearCache', {}, { offline: 'queue', expiresS: 30, waitMs: 1_000 });
    const timeless = await duet.call('ClearCache', {}, { offline: 'queue', waitMs: 1_000 });
    duet.cutCsms();
    await duet.startCsms();
    await duet.clock.advance(60_000);
    await duet.online();
    await duet.clock.advance(60_000);
    const states = await Promise.all([patient, brief, timeless].map(({ commandId }) => duet.useCases.command(commandId)));
    expect(states).toMatchObject([{ state: 'answered' }, { state: 'notSent', reason: 'expired' }, { state: 'notSent' }]);
  });
});
