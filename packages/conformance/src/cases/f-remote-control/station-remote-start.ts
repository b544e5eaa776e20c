import type { ResponseOf } from '@busbar/protocol';
import { stationCase } from '../../case.ts';
import {
  authorizedRemotely,
  booted,
  charging,
  energyTransferStarted,
  evConnectedPreSession,
  parkingBayOccupied,
  stopAuthorizedRemotely,
  transactionOf,
} from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** Remote start, stop and unlock (F01–F03, F05). */

const AUTHORIZED = { 'TxCtrlr.TxStartPoint': 'Authorized', 'TxCtrlr.TxStopPoint': 'Authorized' } as const;

const remoteFirst = (id: string, title: string, authorizes: boolean) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, { variables: { ...AUTHORIZED, 'AuthCtrlr.AuthorizeRemoteStart': String(authorizes) } });
    const tx = await transactionOf(t, station);
    await parkingBayOccupied(station, tx);
    await authorizedRemotely(t, station, tx, 1, { authorizes });
    const says = authorizes ? 'the token is asked for once' : 'the token is not asked for';
    station.came(1, authorizes ? 1 : 0, 'Authorize', {}, says, authorizes ? 'F01.FR.01' : 'F01.FR.02');
    await energyTransferStarted(t, station, tx, 2);
  });

const unlocks = (
  id: string,
  title: string,
  before: (t: StationTest, station: SutStation) => Promise<unknown>,
  connectorId: number,
  status: ResponseOf<'UnlockConnector'>['status'],
  requirement: string,
) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, { layout: { cable: 'socket' } });
    await before(t, station);
    await station.call(1, 'UnlockConnector', { evseId: t.settings.evseId, connectorId }, { status }, requirement);
  });

const nothing = async (): Promise<void> => {};

export const stationRemoteStart = [
  stationCase('TC_F_01_CS', 'Cable first, then the CSMS starts', async (t) => {
    const station = await booted(t, { variables: { 'TxCtrlr.TxStartPoint': 'EVConnected,Authorized' } });
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    await authorizedRemotely(t, station, tx, 1);
    await energyTransferStarted(t, station, tx, 2);
  }),
  remoteFirst('TC_F_02_CS', 'The CSMS starts; the token is authorized first', true),
  remoteFirst('TC_F_03_CS', 'The CSMS starts; the token is taken as it is', false),
  stationCase('TC_F_04_CS', 'The CSMS starts, but no cable comes in time; the EVSE is free again', async (t) => {
    const station = await booted(t, { variables: AUTHORIZED });
    const late = await transactionOf(t, station);
    await authorizedRemotely(t, station, late);
    await late.takes(1, { triggerReason: 'EVConnectTimeout', eventType: 'Ended' }, ['E03.FR.05'], { eventType: 'Ended' });
    const again = await transactionOf(t, station);
    await authorizedRemotely(t, station, again, 3);
  }),
  unlocks('TC_F_05_CS', 'Nothing is unlocked while a driver charges', charging, 1, 'OngoingAuthorizedTransaction', 'F05.FR.02'),
  unlocks(
    'TC_F_06_CS',
    'A cable without a transaction is unlocked',
    (t, station) => station.does('plug', { evse: t.settings.evseId, connector: t.settings.connectorId }),
    1,
    'Unlocked',
    'F05.FR.04',
  ),
  unlocks('TC_F_07_CS', 'Without a cable the lock is opened all the same', nothing, 1, 'Unlocked', 'F05.FR.06'),
  stationCase('TC_F_08_CS', 'The CSMS ends a transaction', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await stopAuthorizedRemotely(station, tx, 1);
  }),
  stationCase('TC_F_09_CS', 'The CSMS cannot end a transaction that is not there', async (t) => {
    const station = await booted(t);
    await charging(t, station);
    await station.call(1, 'RequestStopTransaction', { transactionId: t.outside.ids.uuid4() }, { status: 'Rejected' }, 'F03.FR.08');
    await station.silence(2, t.settings.silenceS, 'TransactionEvent', { eventType: 'Ended' }, 'F03.FR.08');
  }),
  unlocks('TC_F_10_CS', 'A connector that is not there cannot be unlocked', nothing, 999, 'UnknownConnector', 'F05.FR.03'),
];
