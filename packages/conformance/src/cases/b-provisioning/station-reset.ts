import type { RequestOf, ResponseOf } from '@busbar/protocol';
import { stationCase } from '../../case.ts';
import { absent, absentOr, oneOf } from '../../field.ts';
import {
  allConnectorsTell,
  booted,
  charging,
  connectorTells,
  evConnectedPostSession,
  evDisconnected,
  parkingBayUnoccupied,
  stopAuthorizedLocally,
} from '../../states/station.ts';
import type { SutTransaction } from '../../states/transaction-view.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** Reset of the station and of one EVSE (B11, B12). */

const resets = (
  station: SutStation,
  type: RequestOf<'Reset'>['type'],
  evseId: number | undefined,
  status: ResponseOf<'Reset'>['status'],
  requirement: string,
) => station.call(1, 'Reset', { type, ...(evseId === undefined ? {} : { evseId }) }, { status }, requirement);

/** The station comes back and says why it was away. */
async function comesBack(station: SutStation, step: number, reason: string): Promise<void> {
  await station.comesBack(step, 60_000, 'B11.FR.03');
  await station.take(step, 'BootNotification', { reason }, { requirements: ['B01.FR.03'] });
}

const securityEvent = (station: SutStation, step: number) =>
  station.take(
    step,
    'SecurityEventNotification',
    {},
    { where: { type: oneOf('StartupOfTheDevice', 'ResetOrReboot') }, requirements: ['A04.FR.01'] },
  );

/** The driver goes, as far as it takes for the transaction to end; true when his cable is still in. */
async function driverStops(t: StationTest, station: SutStation, tx: SutTransaction): Promise<boolean> {
  await stopAuthorizedLocally(station, tx, 3);
  await evConnectedPostSession(tx, 4);
  if (tx.ended) return true;
  await evDisconnected(t, station, tx, 5);
  await parkingBayUnoccupied(station, tx, 6);
  return false;
}

const cutByReset = (tx: SutTransaction) =>
  tx.takes(
    3,
    {
      eventType: 'Ended',
      triggerReason: 'ResetCommand',
      'transactionInfo.chargingState': absentOr('EVConnected'),
      'transactionInfo.stoppedReason': 'ImmediateReset',
      idToken: absent,
    },
    ['B12.FR.04', 'E07.FR.03'],
    { eventType: 'Ended' },
  );

const notSupported = (id: string, title: string, busy: boolean, requirement: string) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t);
    if (busy) await charging(t, station);
    await resets(station, 'OnIdle', t.settings.evseId, 'Rejected', requirement);
  });

export const stationReset = [
  stationCase('TC_B_20_CS', 'An idle station is reset', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    await resets(station, 'OnIdle', undefined, 'Accepted', 'B11.FR.01');
    await comesBack(station, 3, 'RemoteReset');
    await allConnectorsTell(t, station, 5, 'Available', ['B11.FR.04']);
  }),
  stationCase('TC_B_21_CS', 'A reset waits for the transaction', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await resets(station, 'OnIdle', undefined, 'Scheduled', 'B12.FR.01');
    const cableIn = await driverStops(t, station, tx);
    await comesBack(station, 7, 'ScheduledReset');
    await connectorTells(t, station, 9, cableIn ? 'Occupied' : 'Available', { requirements: ['B12.FR.03'] });
    await securityEvent(station, 11);
  }),
  stationCase('TC_B_22_CS', 'A reset cuts the transaction', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    const tx = await charging(t, station);
    await resets(station, 'Immediate', undefined, 'Accepted', 'B12.FR.02');
    await cutByReset(tx);
    await comesBack(station, 5, 'RemoteReset');
    await connectorTells(t, station, 7, 'Occupied', { requirements: ['B01.FR.05'] });
    await connectorTells(t, station, 7, 'Available', { evseId: 2, connectorId: 1, requirements: ['B01.FR.05'] });
  }),
  stationCase('TC_B_23_CS', 'A connector out of service stays so over a reset', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    const { evseId, connectorId } = t.settings;
    await station.call(
      0,
      'ChangeAvailability',
      { operationalStatus: 'Inoperative', evse: { id: evseId, connectorId } },
      { status: 'Accepted' },
      'G03.FR.02',
    );
    await connectorTells(t, station, 0, 'Unavailable');
    station.forget();
    await resets(station, 'OnIdle', undefined, 'Accepted', 'B11.FR.01');
    await comesBack(station, 3, 'RemoteReset');
    await connectorTells(t, station, 5, 'Unavailable', { requirements: ['B11.FR.02'] });
    await connectorTells(t, station, 5, 'Available', { evseId: 2, connectorId: 1, requirements: ['B11.FR.02'] });
  }),
  stationCase('TC_B_25_CS', 'One idle EVSE is reset', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    await resets(station, 'OnIdle', t.settings.evseId, 'Accepted', 'B11.FR.08');
    await station.silence(2, t.settings.silenceS, 'BootNotification', {}, 'B11.FR.08');
  }),
  stationCase('TC_B_26_CS', 'The reset of an EVSE waits for its transaction', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    const tx = await charging(t, station);
    await resets(station, 'OnIdle', tx.evseId, 'Scheduled', 'B12.FR.07');
    await stopAuthorizedLocally(station, tx, 3);
    await evConnectedPostSession(tx, 4);
    await station.does('unplug', { evse: tx.evseId, connector: tx.connectorId });
    await parkingBayUnoccupied(station, tx, 6);
    const ended = station.all('TransactionEvent', { eventType: 'Ended', 'transactionInfo.transactionId': tx.id }).at(0);
    t.that(
      3,
      'the transaction ends as its driver wishes',
      ended !== undefined && ended.payload.transactionInfo.stoppedReason !== 'ImmediateReset',
      ended?.payload,
      ['B12.FR.07'],
      ended && { entry: ended.entry, path: 'transactionInfo.stoppedReason' },
    );
  }),
  stationCase('TC_B_27_CS', 'The reset of an EVSE cuts its transaction', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    const tx = await charging(t, station);
    await resets(station, 'Immediate', tx.evseId, 'Accepted', 'B12.FR.08');
    await cutByReset(tx);
  }),
  notSupported('TC_B_28_CS', 'A station that cannot reset one EVSE says so', false, 'B11.FR.09'),
  notSupported('TC_B_29_CS', 'A station that cannot reset one EVSE says so while it charges', true, 'B12.FR.09'),
  stationCase('TC_B_41_CS', 'A reset waits for two transactions', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    const [first, second] = [await charging(t, station, 1), await charging(t, station, 2)];
    await resets(station, 'OnIdle', undefined, 'Scheduled', 'B12.FR.01');
    for (const tx of [first, second]) {
      await station.does('presentToken', { evse: tx.evseId, idToken: tx.token?.idToken ?? '', type: tx.token?.type ?? '' });
      await station.take(
        3,
        'TransactionEvent',
        {},
        { where: { eventType: 'Ended', 'transactionInfo.transactionId': tx.id }, requirements: ['E07.FR.04'] },
      );
      t.that(3, 'the station is still there', station.connected, 'it has gone', ['B12.FR.03']);
    }
    await comesBack(station, 11, 'ScheduledReset');
    await allConnectorsTell(t, station, 13, 'Occupied', ['B12.FR.03']);
  }),
];
