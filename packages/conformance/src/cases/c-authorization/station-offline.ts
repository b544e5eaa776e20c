import { stationCase } from '../../case.ts';
import {
  booted,
  connectorTells,
  evDisconnected,
  judgedInvalidAfterwards,
  stopAuthorizedLocally,
  tokenFields,
  transactionOf,
} from '../../states/station.ts';

/** A driver nobody knows, while the station is offline (C13, C15). */

export const stationOffline = [
  stationCase('TC_C_26_CS', 'An unknown driver charges offline; judged Invalid later, energy stops', async (t) => {
    const station = await booted(t, {
      variables: {
        'AuthCtrlr.LocalPreAuthorize': 'true',
        'AuthCtrlr.LocalAuthorizeOffline': 'true',
        'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true',
        'TxCtrlr.MaxEnergyOnInvalidId': '0',
        'TxCtrlr.StopTxOnInvalidId': 'false',
      },
    });
    const tx = await transactionOf(t, station);
    const token = t.token('invalid');
    await judgedInvalidAfterwards(station, tx, token);
    await connectorTells(t, station, 1, 'Occupied', { requirements: ['B04.FR.01'] });
    await tx.takes(1, { offline: true, ...tokenFields(token) }, ['C15.FR.02', 'E04.FR.03'], { 'idToken.idToken': token.idToken });
    await station.take(
      1,
      'TransactionEvent',
      {},
      { where: { 'transactionInfo.chargingState': 'SuspendedEVSE' }, requirements: ['C15.FR.06'] },
    );
    tx.token = token;
    await stopAuthorizedLocally(station, tx, 3);
    await evDisconnected(t, station, tx, 5);
  }),
];
