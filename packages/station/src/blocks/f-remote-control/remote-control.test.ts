import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { bench, CARD, OTHER_CARD } from '../../testing/bench.ts';

const TWO = demoTopologies.acThreePhase;
const start = (evseId?: number, idToken: { idToken: string; type: string } = CARD) => ({
  idToken,
  remoteStartId: 42,
  ...(evseId === undefined ? {} : { evseId }),
});
const PROFILE = {
  id: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: [{ id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 1000 }] }],
} as const;

test('F01.FR.01 F02.FR.09 with AuthorizeRemoteStart the token is authorized first, after the answer', async () => {
  const b = await bench({ variables: { 'AuthCtrlr.AuthorizeRemoteStart': 'true' } }).booted();
  await b.plug();
  expect((await b.ask('RequestStartTransaction', start(1))).status).toBe('Accepted');
  await b.wait(3);
  expect(b.csms.of('Authorize')).toEqual([{ idToken: CARD }]);
  expect(b.evse().flow).toBe('flowing');
  const refused = await bench({ variables: { 'AuthCtrlr.AuthorizeRemoteStart': 'true' } }).booted();
  refused.csms.always('Authorize', { idTokenInfo: { status: 'Invalid' } });
  await refused.plug();
  expect((await refused.ask('RequestStartTransaction', start(1))).status).toBe('Accepted');
  await refused.wait(3);
  expect(refused.evse()).toMatchObject({ authorized: false, contactor: 'open' });
});

test('F01.FR.02 F01.FR.03 F01.FR.04 F01.FR.05 F02.FR.10 F02.FR.11 F02.FR.12 without it the token charges unasked and is in the event', async () => {
  const b = await bench().booted();
  await b.plug();
  await b.ask('RequestStartTransaction', start(1));
  await b.wait(3);
  expect(b.csms.of('Authorize')).toEqual([]);
  expect(b.events.map((event) => `${event.eventType} ${event.triggerReason}`)).toEqual([
    'Started RemoteStart',
    'Updated ChargingStateChanged',
  ]);
  expect(b.events[0]).toMatchObject({ idToken: CARD, transactionInfo: { remoteStartId: 42 } });
});

test('F01.FR.12 F02.FR.20 D14 a profile is ignored without smart charging', async () => {
  const b = await bench().booted();
  await b.plug();
  expect((await b.ask('RequestStartTransaction', { ...start(1), chargingProfile: PROFILE })).status).toBe('Accepted');
  await b.wait(3);
  expect(b.hardware.facts().evses[0]).toMatchObject({ limitW: null });
  expect(b.evse().flow).toBe('flowing');
});

test('F01.FR.13 F01.FR.17 F01.FR.18 F01.FR.19 F01.FR.25 a running transaction that nobody is authorized for is the one', async () => {
  const b = await bench({ variables: { 'TxCtrlr.TxStartPoint': 'EVConnected' } }).booted();
  await b.plug();
  const id = b.evse().transaction?.id;
  const answer = await b.ask('RequestStartTransaction', start(1));
  expect(answer).toMatchObject({ status: 'Accepted', transactionId: id });
  expect(b.events[1]).toMatchObject({
    eventType: 'Updated',
    triggerReason: 'RemoteStart',
    transactionInfo: { transactionId: id, remoteStartId: 42 },
  });
  expect(b.events.filter((event) => event.transactionInfo.remoteStartId !== undefined)).toHaveLength(1);
});

test('F01.FR.07 F01.FR.20 F02.FR.15 F02.FR.22 without evseId the station chooses: where a vehicle waits, else where there is room', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.plug(2);
  await b.ask('RequestStartTransaction', start());
  expect(b.evse(2).authorized).toBe(true);
  await b.ask('RequestStartTransaction', start(undefined, OTHER_CARD));
  expect(b.evse(1).authorized).toBe(true);
  expect((await b.ask('RequestStartTransaction', start(undefined, { idToken: 'third', type: 'ISO14443' }))).status).toBe('Rejected');
});

test('F01.FR.23 F02.FR.25 P70 Unavailable and Faulted reject', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.ask('ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1 } });
  expect((await b.ask('RequestStartTransaction', start(1))).status).toBe('Rejected');
  b.hardware.injectFault({ evse: 2 }, 'ground-fault');
  await b.wait();
  expect((await b.ask('RequestStartTransaction', start(2))).status).toBe('Rejected');
});

test('F01.FR.24 F02.FR.26 P70 an authorized transaction rejects, an occupied EVSE without one does not', async () => {
  const b = await bench().booted();
  await b.plug();
  expect((await b.ask('RequestStartTransaction', start(1))).status).toBe('Accepted');
  await b.wait(3);
  expect((await b.ask('RequestStartTransaction', start(1, OTHER_CARD))).status).toBe('Rejected');
});

test('F02.FR.01 F02.FR.05 F02.FR.13 F02.FR.21 P68 P69 a remote start before the plug is held; its first event says RemoteStart with the id', async () => {
  const b = await bench({ variables: { 'TxCtrlr.TxStartPoint': 'EVConnected' } }).booted();
  expect((await b.ask('RequestStartTransaction', start(1))).status).toBe('Accepted');
  expect(b.events).toEqual([]);
  await b.plug();
  expect(b.events[0]).toMatchObject({
    eventType: 'Started',
    triggerReason: 'RemoteStart',
    idToken: CARD,
    transactionInfo: { remoteStartId: 42, chargingState: 'EVConnected' },
  });
});

test('F03.FR.03 F03.FR.07 F03.FR.09 remote stop ends the transaction where TxStopPoint says so', async () => {
  const b = await bench().booted();
  const transactionId = await b.charging();
  expect((await b.ask('RequestStopTransaction', { transactionId })).status).toBe('Accepted');
  await b.wait();
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', triggerReason: 'RemoteStop', transactionInfo: { stoppedReason: 'Remote' } });
});

test('F03.FR.08 an unknown or ended transaction is Rejected', async () => {
  const b = await bench().booted();
  expect((await b.ask('RequestStopTransaction', { transactionId: 'never' })).status).toBe('Rejected');
  const transactionId = await b.charging();
  await b.card();
  expect((await b.ask('RequestStopTransaction', { transactionId })).status).toBe('Rejected');
});

test('F05.FR.01 F05.FR.02 an authorized transaction keeps its cable and goes on', async () => {
  const b = await bench().booted();
  await b.charging();
  expect((await b.ask('UnlockConnector', { evseId: 1, connectorId: 1 })).status).toBe('OngoingAuthorizedTransaction');
  expect(b.evse().flow).toBe('flowing');
  expect(b.hardware.facts().evses[0]?.connectors[0]?.lock).toBe('locked');
});

test('F05.FR.03 an unknown connector or EVSE is UnknownConnector', async () => {
  const b = await bench().booted();
  expect((await b.ask('UnlockConnector', { evseId: 1, connectorId: 7 })).status).toBe('UnknownConnector');
  expect((await b.ask('UnlockConnector', { evseId: 9, connectorId: 1 })).status).toBe('UnknownConnector');
});

test('F05.FR.04 F05.FR.05 F05.FR.06 the result of the try is the answer, also without a cable', async () => {
  const b = await bench({ variables: { 'TxCtrlr.TxStartPoint': 'EVConnected' } }).booted();
  expect((await b.ask('UnlockConnector', { evseId: 1, connectorId: 1 })).status).toBe('Unlocked');
  await b.plug();
  expect((await b.ask('UnlockConnector', { evseId: 1, connectorId: 1 })).status).toBe('Unlocked');
  expect(b.lastEvent.triggerReason).toBe('UnlockCommand');
  b.hardware.lockState(1, 1, 'stuck');
  expect((await b.ask('UnlockConnector', { evseId: 1, connectorId: 1 })).status).toBe('UnlockFailed');
});
