import { stationCase } from '../../case.ts';
import {
  authorizedLocally,
  authorizedRemotely,
  booted,
  energyTransferStarted,
  evConnectedPreSession,
  parkingBayOccupied,
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
];
