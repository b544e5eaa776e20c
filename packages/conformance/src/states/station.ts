import { absentOr, type Fields, oneOf } from '../field.ts';
import type { Answer, Received } from '../link.ts';
import type { IdToken, TokenRole } from '../settings.ts';
import type { StationTest } from '../station-test.ts';
import type { StationWish, SutStation } from '../sut-station.ts';
import { type SutTransaction, TransactionView } from './transaction-view.ts';

/** The reusable and memory states of Part 6 where a station is tested, as functions. `step` is the step they stand at. */

export type ConnectorState = 'Available' | 'Occupied' | 'Reserved' | 'Unavailable' | 'Faulted';

/** A connector's state arrives as StatusNotification or as NotifyEvent; either is legal (D11). */
export async function connectorTells(
  t: StationTest,
  station: SutStation,
  step: number,
  state: ConnectorState,
  options: {
    readonly evseId?: number;
    readonly connectorId?: number;
    readonly within?: number;
    readonly requirements?: readonly string[];
  } = {},
): Promise<void> {
  const {
    evseId = t.settings.evseId,
    connectorId = t.settings.connectorId,
    within = t.settings.stepMs,
    requirements = ['G01.FR.01'],
  } = options;
  const { status, event } = connectorRules(state, evseId, connectorId);
  const seen = await station.either(within, [
    { action: 'StatusNotification', where: status },
    { action: 'NotifyEvent', where: event },
  ]);
  const says = `connector ${connectorId} of EVSE ${evseId} is told to be ${state} within ${within / 1000} s`;
  if (seen === undefined) t.stop(step, says, station.heard(), requirements);
  t.reading(`connector states travel by ${seen.action} (D11)`);
  t.that(step, says, true, '', requirements, {
    entry: seen.entry,
    path: seen.action === 'StatusNotification' ? 'connectorStatus' : 'eventData.0.actualValue',
  });
  if (seen.action === 'NotifyEvent') t.check(step, seen, { 'eventData.0.trigger': 'Delta' }, ...requirements);
}

export const connectorRules = (
  state: ConnectorState,
  evseId: number,
  connectorId: number,
): { readonly status: Fields; readonly event: Fields } => ({
  status: { connectorStatus: state, evseId, connectorId },
  event: {
    'eventData.0.actualValue': state,
    'eventData.0.component.name': 'Connector',
    'eventData.0.variable.name': 'AvailabilityState',
    'eventData.0.component.evse.id': evseId,
    'eventData.0.component.evse.connectorId': connectorId,
  },
});

/** Every connector of the station. */
export async function allConnectorsTell(
  t: StationTest,
  station: SutStation,
  step: number,
  state: ConnectorState,
  requirements?: readonly string[],
): Promise<void> {
  for (let evseId = 1; evseId <= station.layout.evses; evseId += 1)
    await connectorTells(t, station, step, state, { evseId, connectorId: 1, ...(requirements ? { requirements } : {}) });
}

/** Booted, from step 3 on: boot, connector states, security event. */
export async function boots(
  t: StationTest,
  station: SutStation,
  step: number,
  reason?: string,
  requirements: readonly string[] = ['B01.FR.01'],
): Promise<Received<'BootNotification'>> {
  const boot = await station.take(step, 'BootNotification', reason === undefined ? {} : { reason }, { requirements });
  await allConnectorsTell(t, station, step + 2, 'Available', ['B01.FR.05']);
  return boot;
}

/** The preconditions of almost every case: connected, booted, idle. */
export async function booted(t: StationTest, wish: StationWish = {}): Promise<SutStation> {
  const station = await t.poweredOn(wish);
  await station.connects(0);
  await boots(t, station, 0);
  station.forget();
  return station;
}

/** Booted again by a reset of ours. */
export async function rebooted(t: StationTest, station: SutStation, step: number): Promise<void> {
  await station.call(step, 'Reset', { type: 'Immediate' }, { status: 'Accepted' }, 'B11.FR.01');
  await station.goes(step + 2);
  await station.connects(step + 2);
  await boots(t, station, step + 2, undefined);
}

/** Writes a variable as a preparation; a station that refuses has no such feature, or only that value. */
export async function configure(t: StationTest, station: SutStation, values: Readonly<Record<string, string>>): Promise<void> {
  const setVariableData = Object.entries(values).map(([name, attributeValue]) => ({ ...variableOf(name), attributeValue }));
  const answer = await station.link.call(0, 'SetVariables', { setVariableData });
  for (const { attributeStatus, component, variable } of answer.payload.setVariableResult)
    if (attributeStatus !== 'Accepted' && attributeStatus !== 'RebootRequired')
      t.inconclusive(`${component.name}.${variable.name} cannot be prepared: ${attributeStatus}`);
}

/** `Component.Variable[instance]` as the two names of OCPP. */
export function variableOf(name: string): {
  readonly component: { readonly name: string };
  readonly variable: { readonly name: string; readonly instance?: string };
} {
  const [, component = '', variable = '', instance] = /^([^.]+)\.([^[]+)(?:\[(.+)\])?$/.exec(name) ?? [];
  return { component: { name: component }, variable: { name: variable, ...(instance === undefined ? {} : { instance }) } };
}

/** The present value of a variable. */
export async function valueOf(station: SutStation, name: string, step = 0): Promise<string | undefined> {
  const answer = await station.link.call(step, 'GetVariables', { getVariableData: [variableOf(name)] });
  return answer.payload.getVariableResult[0]?.attributeValue;
}

const membersOf = (text: string | undefined): ReadonlySet<string> => new Set((text ?? '').split(',').map((member) => member.trim()));

/** What is known of the transaction, and where the station starts and stops one. */
export async function transactionOf(t: StationTest, station: SutStation, evseId: number = t.settings.evseId): Promise<SutTransaction> {
  return new TransactionView(
    t,
    station,
    evseId,
    membersOf(await valueOf(station, 'TxCtrlr.TxStartPoint')),
    membersOf(await valueOf(station, 'TxCtrlr.TxStopPoint')),
  );
}

/** ParkingBayOccupied: only where the station has a sensor and starts with it. */
export async function parkingBayOccupied(station: SutStation, tx: SutTransaction, step = 0): Promise<void> {
  if (station.layout.parkingSensor !== true) return;
  await station.does('occupyBay', { evse: tx.evseId });
  if (tx.startsWith('ParkingBayOccupancy')) await tx.takes(step, { triggerReason: 'EVDetected' }, ['E01.FR.01']);
}

/** EVConnectedPreSession: the cable goes in. */
export async function evConnectedPreSession(t: StationTest, station: SutStation, tx: SutTransaction, step = 0): Promise<void> {
  await station.does('plug', { evse: tx.evseId, connector: tx.connectorId });
  tx.plugged = true;
  await connectorTells(t, station, step, 'Occupied', { evseId: tx.evseId, connectorId: tx.connectorId });
  const startsNow = tx.startsWith('EVConnected') || (tx.startsWith('PowerPathClosed') && tx.authorized);
  if (!tx.started && !startsNow) return;
  await tx.takes(
    step + 2,
    {
      triggerReason: oneOf('CablePluggedIn', 'ChargingStateChanged', 'RemoteStart'),
      'transactionInfo.chargingState': tx.authorized ? oneOf('EVConnected', 'SuspendedEVSE', 'SuspendedEV', 'Charging') : 'EVConnected',
      'evse.id': tx.evseId,
      'evse.connectorId': tx.connectorId,
    },
    ['E02.FR.05'],
  );
}

/** Authorized, local: a card is shown. */
export async function authorizedLocally(
  t: StationTest,
  station: SutStation,
  tx: SutTransaction,
  step = 0,
  role: TokenRole = 'valid',
  fromCache = false,
): Promise<void> {
  const token = t.token(role);
  await station.does('presentToken', { evse: tx.evseId, ...token });
  if (!fromCache)
    await station.take(
      step,
      'Authorize',
      { 'idToken.idToken': token.idToken, 'idToken.type': token.type },
      { requirements: ['C01.FR.01'] },
    );
  tx.token = token;
  tx.authorized = true;
  const startsNow = tx.startsWith('Authorized') || (tx.startsWith('PowerPathClosed') && tx.plugged);
  if (tx.started || startsNow)
    await tx.takes(step + 2, { triggerReason: oneOf('Authorized', 'ChargingStateChanged'), ...tokenFields(token) }, ['E03.FR.01']);
}

/** Authorized, remote: the CSMS starts. */
export async function authorizedRemotely(
  t: StationTest,
  station: SutStation,
  tx: SutTransaction,
  step = 0,
  options: { readonly authorizes?: boolean } = {},
): Promise<Answer<'RequestStartTransaction'>> {
  const token = t.token('valid');
  const remoteStartId = 1 + Math.floor(t.outside.random.next() * 1_000_000);
  const answer = await station.call(
    step,
    'RequestStartTransaction',
    { idToken: { idToken: token.idToken, type: token.type }, evseId: tx.evseId, remoteStartId },
    { status: 'Accepted', transactionId: tx.started ? tx.id : absentOr(tx.id) },
    'F01.FR.13',
  );
  if (options.authorizes === true) await station.take(step + 2, 'Authorize', tokenFields(token), { requirements: ['F01.FR.01'] });
  tx.token = token;
  tx.authorized = true;
  const startsNow = tx.startsWith('Authorized') || (tx.startsWith('PowerPathClosed') && tx.plugged);
  if (tx.started || startsNow)
    await tx.takes(step + 4, { triggerReason: 'RemoteStart', 'transactionInfo.remoteStartId': remoteStartId, ...tokenFields(token) }, [
      'F01.FR.17',
    ]);
  return answer;
}

export const tokenFields = ({ idToken, type }: IdToken): Fields => ({ 'idToken.idToken': idToken, 'idToken.type': type });

/** EnergyTransferStarted: authorizes and plugs in what is missing, then energy flows. */
export async function energyTransferStarted(
  t: StationTest,
  station: SutStation,
  tx: SutTransaction,
  step = 0,
  role: TokenRole = 'valid',
): Promise<void> {
  if (!tx.authorized) await authorizedLocally(t, station, tx, step, role);
  if (!tx.plugged) await evConnectedPreSession(t, station, tx, step);
  if (tx.charging) return;
  await tx.takes(
    step + 8,
    {
      triggerReason: oneOf('ChargingStateChanged', 'CablePluggedIn', 'Authorized', 'RemoteStart'),
      'transactionInfo.chargingState': 'Charging',
    },
    ['E02.FR.06'],
    {
      'transactionInfo.chargingState': 'Charging',
    },
  );
}

/** A station that charges: what most cases begin with. */
export async function charging(t: StationTest, station: SutStation, evseId?: number): Promise<SutTransaction> {
  const tx = await transactionOf(t, station, evseId);
  await parkingBayOccupied(station, tx);
  await evConnectedPreSession(t, station, tx);
  // Every EVSE has its own driver: the first one's token may be in the cache by now.
  await energyTransferStarted(t, station, tx, 0, tx.evseId === 2 ? 'valid2' : 'valid');
  return tx;
}

/** EnergyTransferSuspended: the EV takes no more. */
export async function energyTransferSuspended(station: SutStation, tx: SutTransaction, step = 0): Promise<void> {
  await station.does('evState', { evse: tx.evseId, state: 'suspended' });
  await tx.takes(
    step,
    {
      triggerReason: 'ChargingStateChanged',
      'transactionInfo.chargingState': oneOf('EVConnected', 'SuspendedEV'),
      ...(tx.stopsWith('EnergyTransfer')
        ? { eventType: 'Ended', 'transactionInfo.stoppedReason': 'StoppedByEV' }
        : { eventType: 'Updated' }),
    },
    ['E06.FR.07'],
    { 'transactionInfo.chargingState': oneOf('EVConnected', 'SuspendedEV') },
  );
}

/** StopAuthorized, local: the same card again (errata 6.2.117: the end may come with the second event). */
export async function stopAuthorizedLocally(station: SutStation, tx: SutTransaction, step = 0): Promise<void> {
  await station.does('presentToken', { evse: tx.evseId, idToken: tx.token?.idToken ?? '', type: tx.token?.type ?? '' });
  tx.stoppedBy = 'Local';
  await tx.takes(
    step,
    {
      triggerReason: 'StopAuthorized',
      'idToken.idToken': absentOr(tx.token?.idToken ?? ''),
      'idToken.type': absentOr(tx.token?.type ?? ''),
    },
    ['E07.FR.02'],
    { triggerReason: 'StopAuthorized' },
  );
  await energyStops(tx, step + 2);
}

/** StopAuthorized, remote. */
export async function stopAuthorizedRemotely(station: SutStation, tx: SutTransaction, step = 0): Promise<void> {
  await station.call(step, 'RequestStopTransaction', { transactionId: tx.id }, { status: 'Accepted' }, 'F03.FR.01');
  tx.stoppedBy = 'Remote';
  await tx.takes(step + 2, { triggerReason: 'RemoteStop' }, ['F03.FR.03'], { triggerReason: 'RemoteStop' });
  await energyStops(tx, step + 4);
}

/** Where a stop point was reached the last of the events is the end; otherwise they go on. */
async function energyStops(tx: SutTransaction, step: number): Promise<void> {
  const ends = tx.stopsWith('Authorized') || tx.stopsWith('PowerPathClosed') || tx.stopsWith('EnergyTransfer');
  if (!ends || tx.ended) return;
  await tx.takes(
    step,
    { eventType: 'Ended', 'transactionInfo.stoppedReason': tx.stoppedBy === 'Remote' ? 'Remote' : absentOr('Local') },
    ['E06.FR.03'],
    { eventType: 'Ended' },
  );
}

/** EVConnectedPostSession: energy has stopped, the cable is still in. */
export async function evConnectedPostSession(tx: SutTransaction, step = 0): Promise<void> {
  if (tx.ended || tx.chargingState === 'EVConnected') return;
  await tx.takes(
    step,
    { triggerReason: oneOf('ChargingStateChanged', 'StopAuthorized', 'RemoteStop'), 'transactionInfo.chargingState': 'EVConnected' },
    ['E02.FR.06'],
    {
      'transactionInfo.chargingState': 'EVConnected',
    },
  );
}

/** EVDisconnected: the cable comes out. */
export async function evDisconnected(t: StationTest, station: SutStation, tx: SutTransaction, step = 0): Promise<void> {
  await station.does('unplug', { evse: tx.evseId, connector: tx.connectorId });
  tx.plugged = false;
  await connectorTells(t, station, step, 'Available', { evseId: tx.evseId, connectorId: tx.connectorId });
  if (tx.ended) return;
  await tx.takes(
    step + 2,
    {
      triggerReason: 'EVCommunicationLost',
      'transactionInfo.chargingState': 'Idle',
      ...(tx.stopsWith('EVConnected') ? { eventType: 'Ended' } : {}),
    },
    ['E06.FR.02'],
    {
      triggerReason: 'EVCommunicationLost',
    },
  );
}

/** ParkingBayUnoccupied. */
export async function parkingBayUnoccupied(station: SutStation, tx: SutTransaction, step = 0): Promise<void> {
  if (station.layout.parkingSensor !== true) return;
  await station.does('leaveBay', { evse: tx.evseId });
  if (tx.ended || !tx.stopsWith('ParkingBayOccupancy')) return;
  await tx.takes(
    step,
    { triggerReason: 'EVDeparted', eventType: 'Ended', 'transactionInfo.stoppedReason': tx.stoppedBy ?? 'Local' },
    ['E06.FR.01'],
    { triggerReason: 'EVDeparted' },
  );
}

/** From charging to the bay being empty, as the station is set up. */
export async function stoppedAndGone(t: StationTest, station: SutStation, tx: SutTransaction, step = 0): Promise<void> {
  await stopAuthorizedLocally(station, tx, step);
  await evConnectedPostSession(tx, step);
  await evDisconnected(t, station, tx, step);
  await parkingBayUnoccupied(station, tx, step);
}

/** A driver begins while the station is offline; the CSMS deems him Invalid when it hears of it. */
export async function judgedInvalidAfterwards(station: SutStation, tx: SutTransaction, token: IdToken): Promise<void> {
  station.offline();
  await station.does('presentToken', { evse: tx.evseId, ...token });
  await station.does('plug', { evse: tx.evseId, connector: tx.connectorId });
  station.deems({ status: 'Invalid' });
  station.online();
  await station.connects(1, 30_000);
}

/** IdTokenCached: the token is shown once without a cable, so that the answer about it is kept. Whatever began ends by itself. */
export async function cached(t: StationTest, station: SutStation, role: TokenRole): Promise<void> {
  const token = t.token(role);
  await station.does('presentToken', { evse: t.settings.evseId, ...token });
  await station.take(0, 'Authorize', tokenFields(token), { requirements: ['C10.FR.01'] });
  const accepted = station.infoOf(token).status === 'Accepted';
  const began = accepted ? await station.maybe('TransactionEvent', { eventType: 'Started' }, t.settings.stepMs) : undefined;
  if (began === undefined) return;
  await station.take(
    0,
    'TransactionEvent',
    { triggerReason: 'EVConnectTimeout' },
    { where: { eventType: 'Ended' }, within: (t.settings.evConnectionTimeOutS + 10) * 1000 },
  );
}
