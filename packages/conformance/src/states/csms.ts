import { formatInstant, parseInstant } from '@busbar/runtime';
import type { CsmsTest } from '../csms-test.ts';
import type { Answer } from '../link.ts';
import type { IdToken } from '../settings.ts';
import type { ToolEvent, ToolStation, ToolTransaction } from '../tool-station.ts';

/** The reusable states of Part 6 where a CSMS is tested, as functions. `step` is the step of the case they stand at. */

export type ConnectorState = 'Available' | 'Occupied' | 'Reserved' | 'Unavailable' | 'Faulted';

/** Tells a connector's state the way the version does it (D11): StatusNotification, in 2.1 NotifyEvent. */
export async function connectorIs(
  t: CsmsTest,
  station: ToolStation,
  step: number,
  state: ConnectorState,
  evseId: number = t.settings.evseId,
  connectorId: number = t.settings.connectorId,
): Promise<void> {
  const timestamp = t.timestamp();
  if (t.settings.version === 'ocpp2.0.1')
    await station.send(step, 'StatusNotification', { timestamp, connectorStatus: state, evseId, connectorId });
  else
    await station.send(step, 'NotifyEvent', {
      generatedAt: timestamp,
      seqNo: 0,
      eventData: [
        {
          eventId: t.trace.nextAsk(),
          timestamp,
          trigger: 'Delta',
          actualValue: state,
          eventNotificationType: 'HardWiredNotification',
          component: { name: 'Connector', evse: { id: evseId, connectorId } },
          variable: { name: 'AvailabilityState' },
        },
      ],
    });
}

/** Every connector of the kit's station. */
export async function allConnectorsAre(t: CsmsTest, station: ToolStation, step: number, state: ConnectorState): Promise<void> {
  for (let evseId = 1; evseId <= t.settings.evses; evseId += 1) await connectorIs(t, station, step, state, evseId, 1);
}

export type BootReason = 'PowerUp' | 'RemoteReset' | 'ScheduledReset' | 'Triggered' | 'FirmwareUpdate' | 'ApplicationReset';

export function sendBoot(
  t: CsmsTest,
  station: ToolStation,
  step: number,
  reason: BootReason = 'PowerUp',
): Promise<Answer<'BootNotification'>> {
  const serial = t.settings.securityProfile === 3 ? {} : { serialNumber: station.identity.serialNumber };
  return station.send(step, 'BootNotification', { reason, chargingStation: { model: 'Conformance kit', vendorName: 'Busbar', ...serial } });
}

/** What holds for every answer to an accepted boot. */
export function acceptedBoot(t: CsmsTest, step: number, answer: Answer<'BootNotification'>): void {
  t.check(step, answer, { status: 'Accepted' }, 'B01.FR.02');
  const { currentTime } = answer.payload;
  const off = Math.abs(parseInstant(currentTime) - t.now);
  t.that(step, 'currentTime is the present time', off <= t.settings.deviationMs, currentTime, ['B01.FR.02'], {
    entry: answer.entry,
    path: 'currentTime',
  });
}

/** Booted, steps 1 to 4. */
export async function bootedAgain(t: CsmsTest, station: ToolStation, step: number, reason: BootReason = 'PowerUp'): Promise<void> {
  acceptedBoot(t, step + 1, await sendBoot(t, station, step, reason));
  await allConnectorsAre(t, station, step + 2, 'Available');
}

/** The preconditions of almost every case: a registered station that has connected and booted. */
export async function booted(t: CsmsTest): Promise<ToolStation> {
  const station = await t.station();
  await station.connect(0);
  await bootedAgain(t, station, 0);
  return station;
}

const evseOf = (tx: ToolTransaction): { id: number; connectorId: number } => ({ id: tx.evseId, connectorId: tx.connectorId });

/** EVConnectedPreSession. */
export async function evConnectedPreSession(
  t: CsmsTest,
  station: ToolStation,
  tx: ToolTransaction,
  step = 0,
  extra: Partial<ToolEvent> = {},
): Promise<Answer<'TransactionEvent'>> {
  await connectorIs(t, station, step, 'Occupied', tx.evseId, tx.connectorId);
  tx.plugged = true;
  return tx.event(step, { triggerReason: 'CablePluggedIn', chargingState: 'EVConnected', evse: evseOf(tx), ...extra });
}

/** Authorized, local: the token is asked for and shown in the event. */
export async function authorized(t: CsmsTest, station: ToolStation, tx: ToolTransaction, step = 0, token?: IdToken): Promise<void> {
  const idToken = token ?? (await t.tokenAt('valid'));
  const answer = await station.send(step, 'Authorize', { idToken });
  t.check(step + 1, answer, { 'idTokenInfo.status': 'Accepted' }, 'C01.FR.02');
  tx.token = idToken;
  await tx.event(step, { triggerReason: 'Authorized', idToken, evse: evseOf(tx) });
}

/** EnergyTransferStarted: authorizes and plugs what is missing. */
export async function energyTransferStarted(t: CsmsTest, station: ToolStation, tx: ToolTransaction, step = 0): Promise<void> {
  if (tx.token === undefined) await authorized(t, station, tx, step);
  if (!tx.plugged) await evConnectedPreSession(t, station, tx, step);
  await tx.event(step, { triggerReason: 'ChargingStateChanged', chargingState: 'Charging', eventType: tx.started ? 'Updated' : 'Started' });
}

/** A station that charges: what most cases begin with. */
export async function charging(t: CsmsTest, station: ToolStation, evseId?: number): Promise<ToolTransaction> {
  const tx = t.transaction(station, evseId, 1);
  await evConnectedPreSession(t, station, tx);
  await energyTransferStarted(t, station, tx);
  return tx;
}

export const energyTransferSuspended = (tx: ToolTransaction, step = 0): Promise<Answer<'TransactionEvent'>> =>
  tx.event(step, { triggerReason: 'ChargingStateChanged', chargingState: 'SuspendedEV' });

/** StopAuthorized: the same token again. */
export const stopAuthorized = (tx: ToolTransaction, step = 0): Promise<Answer<'TransactionEvent'>> =>
  tx.event(step, { triggerReason: 'StopAuthorized', eventType: 'Updated', ...(tx.token ? { idToken: tx.token } : {}) });

export const evConnectedPostSession = (
  tx: ToolTransaction,
  step = 0,
  extra: Partial<ToolEvent> = {},
): Promise<Answer<'TransactionEvent'>> =>
  tx.event(step, { triggerReason: 'ChargingStateChanged', chargingState: 'EVConnected', eventType: 'Updated', ...extra });

/** EVDisconnected: the cable is out, the transaction ends. */
export async function evDisconnected(
  t: CsmsTest,
  station: ToolStation,
  tx: ToolTransaction,
  step = 0,
  extra: Partial<ToolEvent> = {},
): Promise<Answer<'TransactionEvent'>> {
  await connectorIs(t, station, step, 'Available', tx.evseId, tx.connectorId);
  return tx.event(step, {
    triggerReason: 'EVCommunicationLost',
    chargingState: 'Idle',
    stoppedReason: 'EVDisconnected',
    eventType: 'Ended',
    ...extra,
  });
}

/** From charging to the end, with everything between. */
export async function stoppedAndGone(
  t: CsmsTest,
  station: ToolStation,
  tx: ToolTransaction,
  step = 0,
  ended: Partial<ToolEvent> = {},
): Promise<void> {
  await stopAuthorized(tx, step);
  await evConnectedPostSession(tx, step);
  await evDisconnected(t, station, tx, step, ended);
}

export type Context = 'Transaction.Begin' | 'Transaction.End' | 'Sample.Clock' | 'Sample.Periodic' | 'Trigger';
/** One reading of the energy register, signed on wish. */
export const reading = (t: CsmsTest, wh: number, context: Context, options: { readonly at?: number; readonly signed?: boolean } = {}) => ({
  timestamp: formatInstant(options.at ?? t.now),
  sampledValue: [
    {
      value: wh,
      context,
      measurand: 'Energy.Active.Import.Register' as const,
      ...(options.signed === true
        ? {
            signedMeterValue: {
              signedMeterData: 'T0NNRnx7IkZWIjoiMS4wIn0=',
              signingMethod: 'ECDSA-secp256r1-SHA256',
              encodingMethod: 'OCMF',
              publicKey: 'b2Nh',
            },
          }
        : {}),
    },
  ],
});
