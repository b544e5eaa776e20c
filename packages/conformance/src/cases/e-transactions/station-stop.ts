import { stationCase } from '../../case.ts';
import { absentOr, type Fields, oneOf } from '../../field.ts';
import {
  booted,
  charging,
  connectorTells,
  energyTransferSuspended,
  evConnectedPostSession,
  evDisconnected,
  parkingBayUnoccupied,
  stopAuthorizedLocally,
  stopAuthorizedRemotely,
} from '../../states/station.ts';
import type { SutTransaction } from '../../states/transaction-view.ts';
import type { StationTest } from '../../station-test.ts';
import type { StationWish, SutStation } from '../../sut-station.ts';

/** How a transaction ends: every stop point, and cables pulled at the EV (E06, E07, E09, E10). */

interface Charging {
  readonly station: SutStation;
  readonly tx: SutTransaction;
}

async function charges(t: StationTest, variables: Readonly<Record<string, string>>, wish: StationWish = {}): Promise<Charging> {
  const station = await booted(t, { ...wish, variables: { 'TxCtrlr.TxStartPoint': 'Authorized,EVConnected', ...variables } });
  return { station, tx: await charging(t, station) };
}
const stopsAt = (points: string): Readonly<Record<string, string>> => ({ 'TxCtrlr.TxStopPoint': points });

/** The EV stops taking energy, then its driver pulls the plug at the EV. */
async function pulledAtTheEv(t: StationTest, variables: Readonly<Record<string, string>>, wish: StationWish = {}): Promise<Charging> {
  const both = await charges(t, variables, wish);
  await energyTransferSuspended(both.station, both.tx);
  await both.station.does('unplug', { evse: both.tx.evseId, connector: both.tx.connectorId, end: 'ev' });
  return both;
}

const lost = (fields: Fields = {}): Fields => ({
  triggerReason: 'EVCommunicationLost',
  'transactionInfo.chargingState': 'Idle',
  ...fields,
});

/** The driver comes back to the station, frees his cable and takes it. */
async function cableTaken(t: StationTest, { station, tx }: Charging, step: number, showsToken: boolean): Promise<void> {
  if (showsToken) await station.does('presentToken', { evse: tx.evseId, idToken: tx.token?.idToken ?? '', type: tx.token?.type ?? '' });
  await station.does('unplug', { evse: tx.evseId, connector: tx.connectorId, end: 'evse' });
  await connectorTells(t, station, step, 'Available', { requirements: ['E09.FR.01'] });
}

const SUSPENDS = { 'TxCtrlr.StopTxOnEVSideDisconnect': 'false', 'OCPPCommCtrlr.UnlockOnEVSideDisconnect': 'false' } as const;

export const stationStop = [
  stationCase('TC_E_06_CS', 'Ended by the driver with the same token', async (t) => {
    const { station, tx } = await charges(t, {});
    await stopAuthorizedLocally(station, tx, 1);
    await evConnectedPostSession(tx, 2);
    await evDisconnected(t, station, tx, 3);
    await parkingBayUnoccupied(station, tx, 4);
  }),
  stationCase('TC_E_07_CS', 'Ended by the driver, with the power path', async (t) => {
    const { station, tx } = await charges(t, stopsAt('PowerPathClosed'));
    await stopAuthorizedLocally(station, tx, 1);
  }),
  stationCase('TC_E_35_CS', 'Ended by the CSMS, with the power path', async (t) => {
    const { station, tx } = await charges(t, stopsAt('PowerPathClosed'));
    await stopAuthorizedRemotely(station, tx, 1);
  }),
  stationCase('TC_E_37_CS', 'Ended when the plug is pulled at the EV, with the power path', async (t) => {
    const { tx } = await pulledAtTheEv(t, { ...stopsAt('PowerPathClosed'), 'TxCtrlr.StopTxOnEVSideDisconnect': 'false' });
    await tx.takes(
      1,
      lost({ eventType: 'Ended', 'transactionInfo.stoppedReason': oneOf('EVDisconnected', 'StoppedByEV') }),
      ['E06.FR.06'],
      { eventType: 'Ended' },
    );
  }),
  stationCase('TC_E_08_CS', 'Ended by the driver, when energy stops', async (t) => {
    const { station, tx } = await charges(t, stopsAt('EnergyTransfer'));
    await stopAuthorizedLocally(station, tx, 1);
  }),
  stationCase('TC_E_22_CS', 'Ended when the EV takes no more energy', async (t) => {
    const { station, tx } = await charges(t, stopsAt('EnergyTransfer'));
    await station.does('evState', { evse: tx.evseId, state: 'suspended' });
    await tx.takes(
      1,
      {
        triggerReason: 'ChargingStateChanged',
        eventType: 'Ended',
        'transactionInfo.chargingState': oneOf('EVConnected', 'SuspendedEV'),
        'transactionInfo.stoppedReason': 'StoppedByEV',
      },
      ['E06.FR.07'],
      { eventType: 'Ended' },
    );
  }),
  stationCase('TC_E_14_CS', 'Ended when the cable is pulled at the station', async (t) => {
    const { station, tx } = await charges(t, stopsAt('EVConnected'));
    await stopAuthorizedLocally(station, tx);
    await evConnectedPostSession(tx);
    await station.does('unplug', { evse: tx.evseId, connector: tx.connectorId });
    await connectorTells(t, station, 1, 'Available');
    await tx.takes(
      3,
      lost({ eventType: 'Ended', 'transactionInfo.stoppedReason': oneOf('Local', 'EVDisconnected', undefined) }),
      ['E06.FR.02'],
      { eventType: 'Ended' },
    );
  }),
  stationCase('TC_E_20_CS', 'Ended when the plug is pulled at the EV', async (t) => {
    const { tx } = await pulledAtTheEv(t, { ...stopsAt('EVConnected'), 'TxCtrlr.StopTxOnEVSideDisconnect': 'false' });
    await tx.takes(1, lost({ eventType: 'Ended', 'transactionInfo.stoppedReason': 'EVDisconnected' }), ['E06.FR.02'], {
      eventType: 'Ended',
    });
  }),
  stationCase('TC_E_54_CS', 'Ended when the plug is pulled at an EV that speaks', async (t) => {
    const { tx } = await pulledAtTheEv(
      t,
      { ...stopsAt('EVConnected'), 'TxCtrlr.StopTxOnEVSideDisconnect': 'false' },
      { layout: { cable: 'fixed' } },
    );
    await tx.takes(
      1,
      lost({ eventType: 'Ended', 'transactionInfo.stoppedReason': oneOf('EVDisconnected', 'StoppedByEV') }),
      ['E06.FR.02'],
      { eventType: 'Ended' },
    );
  }),
  stationCase('TC_E_15_CS', 'Ended by the driver, with the authorization', async (t) => {
    const { station, tx } = await charges(t, stopsAt('Authorized'));
    await station.does('presentToken', { evse: tx.evseId, idToken: tx.token?.idToken ?? '', type: tx.token?.type ?? '' });
    await tx.takes(1, { triggerReason: 'StopAuthorized', eventType: 'Ended', 'transactionInfo.stoppedReason': absentOr('Local') }, [
      'E06.FR.03',
      'E06.FR.15',
    ]);
  }),
  stationCase('TC_E_21_CS', 'Ended by the CSMS, with the authorization', async (t) => {
    const { station, tx } = await charges(t, stopsAt('Authorized'));
    await station.call(1, 'RequestStopTransaction', { transactionId: tx.id }, { status: 'Accepted' }, 'F03.FR.01');
    await tx.takes(3, { triggerReason: 'RemoteStop', eventType: 'Ended', 'transactionInfo.stoppedReason': 'Remote' }, [
      'E06.FR.03',
      'F03.FR.09',
    ]);
  }),
  stationCase('TC_E_17_CS', 'Deauthorized because the plug was pulled at the EV', async (t) => {
    const both = await pulledAtTheEv(t, {
      ...stopsAt('Authorized'),
      'TxCtrlr.StopTxOnEVSideDisconnect': 'true',
      'OCPPCommCtrlr.UnlockOnEVSideDisconnect': 'false',
    });
    await both.tx.takes(1, lost({ eventType: 'Ended', 'transactionInfo.stoppedReason': 'EVDisconnected' }), ['E06.FR.04'], {
      eventType: 'Ended',
    });
    await cableTaken(t, both, 3, true);
  }),
  stationCase('TC_E_19_CS', 'Ended when the EV leaves the bay', async (t) => {
    const { station, tx } = await charges(t, stopsAt('ParkingBayOccupancy'), { layout: { parkingSensor: true } });
    await stopAuthorizedLocally(station, tx);
    await evConnectedPostSession(tx);
    await evDisconnected(t, station, tx);
    await station.does('leaveBay', { evse: tx.evseId });
    await tx.takes(1, { triggerReason: 'EVDeparted', eventType: 'Ended', 'transactionInfo.stoppedReason': 'Local' }, ['E06.FR.01'], {
      eventType: 'Ended',
    });
  }),
  stationCase('TC_E_24_CS', 'Pulled at the EV: deauthorized and unlocked', async (t) => {
    const both = await pulledAtTheEv(t, { 'TxCtrlr.StopTxOnEVSideDisconnect': 'true', 'OCPPCommCtrlr.UnlockOnEVSideDisconnect': 'true' });
    await both.tx.takes(1, lost(), ['E09.FR.01'], { triggerReason: 'EVCommunicationLost' });
    await cableTaken(t, both, 3, false);
  }),
  stationCase('TC_E_25_CS', 'Pulled at the EV: deauthorized, unlocked by the driver’s token', async (t) => {
    const both = await pulledAtTheEv(t, { 'TxCtrlr.StopTxOnEVSideDisconnect': 'true', 'OCPPCommCtrlr.UnlockOnEVSideDisconnect': 'false' });
    await both.tx.takes(1, lost(), ['E09.FR.01'], { triggerReason: 'EVCommunicationLost' });
    await cableTaken(t, both, 3, true);
  }),
  stationCase('TC_E_26_CS', 'Pulled at the EV and put back: the transaction goes on', async (t) => {
    const { station, tx } = await pulledAtTheEv(t, { ...stopsAt('Authorized'), ...SUSPENDS });
    await tx.takes(1, lost({ eventType: 'Updated' }), ['E10.FR.01'], { triggerReason: 'EVCommunicationLost' });
    await station.does('evState', { evse: tx.evseId, state: 'ready' });
    await station.does('plug', { evse: tx.evseId, connector: tx.connectorId, end: 'ev' });
    await tx.takes(
      5,
      {
        triggerReason: 'CablePluggedIn',
        'transactionInfo.chargingState': oneOf('EVConnected', 'SuspendedEV', 'SuspendedEVSE', 'Charging'),
        eventType: 'Updated',
      },
      ['E10.FR.03'],
      {
        triggerReason: 'CablePluggedIn',
      },
    );
    if (!tx.charging)
      await tx.takes(
        7,
        { triggerReason: 'ChargingStateChanged', 'transactionInfo.chargingState': 'Charging', eventType: 'Updated' },
        ['E10.FR.03'],
        {
          'transactionInfo.chargingState': 'Charging',
        },
      );
  }),
  stationCase('TC_E_27_CS', 'A fixed cable is pulled at the EV and not put back in time', async (t) => {
    const { station, tx } = await pulledAtTheEv(t, { ...stopsAt('Authorized'), ...SUSPENDS }, { layout: { cable: 'fixed' } });
    await tx.takes(1, lost({ eventType: 'Updated' }), ['E10.FR.01'], { triggerReason: 'EVCommunicationLost' });
    await connectorTells(t, station, 3, 'Available', { requirements: ['E10.FR.01'] });
    await tx.takes(
      5,
      { triggerReason: 'EVConnectTimeout', eventType: 'Ended', 'transactionInfo.stoppedReason': 'Timeout' },
      ['E10.FR.02'],
      {
        triggerReason: 'EVConnectTimeout',
      },
    );
  }),
];
