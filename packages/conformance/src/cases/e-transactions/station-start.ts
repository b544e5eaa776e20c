import { stationCase } from '../../case.ts';
import { absentOr, oneOf, textOf } from '../../field.ts';
import {
  authorizedLocally,
  authorizedRemotely,
  booted,
  cached,
  configure,
  connectorTells,
  energyTransferStarted,
  evConnectedPreSession,
  judgedInvalidAfterwards,
  parkingBayOccupied,
  tokenFields,
  transactionOf,
} from '../../states/station.ts';

/** How a transaction starts: every start point, every order (E01–E03). */

const startsAt = (points: string) => ({ variables: { 'TxCtrlr.TxStartPoint': points } });

export const stationStart = [
  stationCase('TC_E_01_CS', 'A transaction starts when the power path closes', async (t) => {
    const station = await booted(t, startsAt('PowerPathClosed'));
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx, 1);
    await energyTransferStarted(t, station, tx, 2);
  }),
  stationCase('TC_E_03_CS', 'Cable first, then the token', async (t) => {
    const station = await booted(t);
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    await authorizedLocally(t, station, tx, 1);
    await energyTransferStarted(t, station, tx, 2);
  }),
  stationCase('TC_E_09_CS', 'A transaction starts with the cable', async (t) => {
    const station = await booted(t, startsAt('EVConnected'));
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx, 1);
    await authorizedLocally(t, station, tx, 2);
    await energyTransferStarted(t, station, tx, 3);
  }),
  stationCase('TC_E_10_CS', 'A transaction starts with the token', async (t) => {
    const station = await booted(t, startsAt('Authorized'));
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx, 1);
    await evConnectedPreSession(t, station, tx, 2);
    await energyTransferStarted(t, station, tx, 3);
  }),
  stationCase('TC_E_12_CS', 'A transaction starts when an EV stands in the bay', async (t) => {
    const station = await booted(t, { ...startsAt('ParkingBayOccupancy'), layout: { parkingSensor: true } });
    const tx = await transactionOf(t, station);
    await parkingBayOccupied(station, tx, 1);
    await authorizedLocally(t, station, tx, 2);
    await evConnectedPreSession(t, station, tx, 3);
    await energyTransferStarted(t, station, tx, 4);
  }),
  stationCase('TC_E_13_CS', 'A transaction starts with a remote authorization', async (t) => {
    const station = await booted(t, startsAt('Authorized'));
    const tx = await transactionOf(t, station);
    await authorizedRemotely(t, station, tx, 1);
    await evConnectedPreSession(t, station, tx, 2);
    await energyTransferStarted(t, station, tx, 3);
  }),
  stationCase('TC_E_02_CS', 'A transaction starts when energy flows', async (t) => {
    const station = await booted(t, startsAt('EnergyTransfer'));
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx);
    await station.does('plug', { evse: tx.evseId, connector: tx.connectorId });
    await connectorTells(t, station, 1, 'Occupied');
    await tx.takes(
      3,
      {
        triggerReason: oneOf('ChargingStateChanged', 'Authorized'),
        ...tokenFields(t.token('valid')),
        'evse.id': tx.evseId,
        'evse.connectorId': tx.connectorId,
        'transactionInfo.chargingState': 'Charging',
      },
      ['E01.FR.06', 'E01.FR.16'],
    );
  }),
  stationCase('TC_E_11_CS', 'A transaction starts with a signed reading', async (t) => {
    const station = await booted(t, { variables: { 'TxCtrlr.TxStartPoint': 'DataSigned', 'SampledDataCtrlr.SignReadings': 'true' } });
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx);
    await station.does('plug', { evse: tx.evseId, connector: tx.connectorId });
    await connectorTells(t, station, 1, 'Occupied');
    const signed = 'meterValue.0.sampledValue.0.signedMeterValue';
    await tx.takes(
      3,
      {
        triggerReason: 'SignedDataReceived',
        ...tokenFields(t.token('valid')),
        'evse.id': tx.evseId,
        'evse.connectorId': tx.connectorId,
        'meterValue.0.sampledValue.0.context': 'Transaction.Begin',
        [`${signed}.encodingMethod`]: textOf(1, 50),
        [`${signed}.publicKey`]: textOf(1, 2500),
        [`${signed}.signedMeterData`]: textOf(1, 2500),
        [`${signed}.signingMethod`]: textOf(1, 50),
      },
      ['E01.FR.04', 'E01.FR.16'],
    );
    await tx.takes(
      5,
      { eventType: 'Updated', triggerReason: 'ChargingStateChanged', 'transactionInfo.chargingState': 'Charging' },
      ['E02.FR.06'],
      {
        'transactionInfo.chargingState': 'Charging',
      },
    );
  }),
  stationCase('TC_E_04_CS', 'Token first, then the cable', async (t) => {
    const station = await booted(t, { variables: { 'TxCtrlr.TxStartPoint': 'Authorized,EVConnected' } });
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx, 1);
    await energyTransferStarted(t, station, tx, 2);
  }),
  stationCase('TC_E_05_CS', 'Authorized, but no cable comes in time; the EVSE is free again', async (t) => {
    const station = await booted(t, {
      variables: {
        'TxCtrlr.TxStartPoint': 'Authorized',
        'TxCtrlr.TxStopPoint': 'Authorized',
        'AuthCacheCtrlr.Enabled': 'false',
        'AuthCtrlr.LocalPreAuthorize': 'false',
      },
    });
    const late = await transactionOf(t, station);
    await authorizedLocally(t, station, late);
    await late.takes(
      1,
      { triggerReason: 'EVConnectTimeout', eventType: 'Ended', 'transactionInfo.stoppedReason': 'Timeout' },
      ['E03.FR.05'],
      {
        eventType: 'Ended',
      },
    );
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx, 3);
    await energyTransferStarted(t, station, tx, 4);
  }),
  stationCase('TC_E_38_CS', 'Authorized and plugged in, but the EV is not ready', async (t) => {
    const station = await booted(t);
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx);
    await station.does('evState', { evse: tx.evseId, state: 'notReady' });
    await evConnectedPreSession(t, station, tx, 1);
    await tx.takes(2, { triggerReason: 'ChargingStateChanged', 'transactionInfo.chargingState': 'SuspendedEV' }, ['E03.FR.01'], {
      'transactionInfo.chargingState': 'SuspendedEV',
    });
  }),
  stationCase('TC_E_39_CS', 'Authorized, but no cable comes in time; a late cable starts nothing', async (t) => {
    const station = await booted(t, { variables: { 'TxCtrlr.TxStartPoint': 'Authorized', 'TxCtrlr.TxStopPoint': 'Authorized' } });
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx);
    await tx.takes(
      1,
      { triggerReason: 'EVConnectTimeout', eventType: 'Ended', 'transactionInfo.stoppedReason': 'Timeout' },
      ['E03.FR.05', 'E06.FR.04'],
      {
        eventType: 'Ended',
      },
    );
    await station.does('plug', { evse: tx.evseId, connector: tx.connectorId });
    await connectorTells(t, station, 3, 'Occupied');
    await station.silence(3, t.settings.silenceS, 'TransactionEvent', { 'transactionInfo.chargingState': 'Charging' }, 'E06.FR.04');
  }),
  stationCase('TC_E_52_CS', 'With DisableRemoteAuthorization nobody is asked, and an unknown token starts nothing', async (t) => {
    const station = await booted(t);
    await configure(t, station, { 'AuthCtrlr.DisableRemoteAuthorization': 'true' });
    const tx = await transactionOf(t, station);
    await station.does('presentToken', { evse: tx.evseId, ...t.token('valid2') });
    await station.does('plug', { evse: tx.evseId, connector: tx.connectorId });
    await connectorTells(t, station, 2, 'Occupied');
    await station.silence(1, t.settings.silenceS, 'Authorize', {}, 'C01.FR.05');
    station.came(1, 0, 'Authorize', {}, 'nobody was asked', 'C01.FR.05');
    station.came(3, 0, 'TransactionEvent', { 'transactionInfo.chargingState': 'Charging' }, 'no energy flows', 'C01.FR.05');
  }),
  stationCase('TC_E_16_CS', 'A driver deemed Invalid after the fact: the transaction ends', async (t) => {
    const station = await booted(t, {
      variables: {
        'TxCtrlr.TxStartPoint': 'Authorized',
        'TxCtrlr.TxStopPoint': 'Authorized',
        'TxCtrlr.StopTxOnInvalidId': 'true',
        'TxCtrlr.MaxEnergyOnInvalidId': '0',
        'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true',
        'AuthCtrlr.LocalAuthorizeOffline': 'true',
      },
    });
    await cached(t, station, 'valid');
    const tx = await transactionOf(t, station);
    const token = t.token('valid');
    await judgedInvalidAfterwards(station, tx, token);
    await tx.takes(1, { offline: true, ...tokenFields(token) }, ['E04.FR.03']);
    const ended = await tx.takes(
      3,
      { 'transactionInfo.stoppedReason': 'DeAuthorized', triggerReason: 'Deauthorized' },
      ['E06.FR.04', 'C15.FR.04'],
      {
        eventType: 'Ended',
      },
    );
    t.check(3, ended, { offline: absentOr(false) });
  }),
];
