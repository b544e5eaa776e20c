import type { Ocpp } from '@busbar/protocol';
import { formatInstant, type Instant, parseInstant } from '@busbar/runtime';
import { normal, packSamples, type SampleKeys, unpackSamples } from '../../ledger/pack.ts';
import type { Row } from '../sql.ts';
import { blobOrNull, num, numOrNull, textOrNull } from './columns.ts';

type Request = Ocpp.TransactionEventRequest;

/** Positions are stored: only ever append. */
const KINDS = ['Started', 'Updated', 'Ended'] as const;
const TRIGGERS: readonly Ocpp.TriggerReasonEnumType[] = [
  'AbnormalCondition',
  'Authorized',
  'CablePluggedIn',
  'ChargingRateChanged',
  'ChargingStateChanged',
  'CostLimitReached',
  'Deauthorized',
  'EnergyLimitReached',
  'EVCommunicationLost',
  'EVConnectTimeout',
  'EVDeparted',
  'EVDetected',
  'LimitSet',
  'MeterValueClock',
  'MeterValuePeriodic',
  'OperationModeChanged',
  'RemoteStart',
  'RemoteStop',
  'ResetCommand',
  'RunningCost',
  'SignedDataReceived',
  'SoCLimitReached',
  'StopAuthorized',
  'TariffChanged',
  'TariffNotAccepted',
  'TimeLimitReached',
  'Trigger',
  'TxResumed',
  'UnlockCommand',
];
const CHARGING: readonly Ocpp.ChargingStateEnumType[] = ['EVConnected', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Idle'];

export interface EventColumns {
  readonly seq: number | null;
  readonly at: Instant;
  readonly kind: number;
  readonly trig: number;
  readonly evse: number | null;
  readonly connector: number | null;
  readonly charging: number | null;
  readonly samples: Uint8Array | null;
  readonly rest: string | null;
}

/** A request as columns, packed samples, and JSON for whatever is left: nothing is lost. */
export function toColumns(request: Request, keys: SampleKeys): EventColumns {
  const { eventType, timestamp, triggerReason, seqNo, transactionInfo, evse, meterValue, ...others } = request;
  const { transactionId: _id, chargingState, ...info } = transactionInfo;
  const at = parseInstant(timestamp);
  const samples = meterValue === undefined ? undefined : packSamples(meterValue, at, keys);
  const rest: Record<string, unknown> = { ...others };
  if (Object.keys(info).length > 0) rest['transactionInfo'] = info;
  if (meterValue !== undefined && samples === undefined) rest['meterValue'] = meterValue;
  if (normal(timestamp) !== formatInstant(at)) rest['timestamp'] = timestamp;
  if (evse?.customData !== undefined) rest['evse'] = evse.customData;
  return {
    seq: seqNo,
    at,
    kind: KINDS.indexOf(eventType),
    trig: TRIGGERS.indexOf(triggerReason),
    evse: evse?.id ?? null,
    connector: evse?.connectorId ?? null,
    charging: chargingState === undefined ? null : CHARGING.indexOf(chargingState),
    samples: samples ?? null,
    rest: Object.keys(rest).length === 0 ? null : JSON.stringify(rest),
  };
}

export const columnsOf = (row: Row): EventColumns => ({
  seq: numOrNull(row, 'seq'),
  at: num(row, 'at'),
  kind: num(row, 'kind'),
  trig: num(row, 'trig'),
  evse: numOrNull(row, 'evse'),
  connector: numOrNull(row, 'connector'),
  charging: numOrNull(row, 'charging'),
  samples: blobOrNull(row, 'samples'),
  rest: textOrNull(row, 'rest'),
});

export const kindAt = (position: number): (typeof KINDS)[number] => KINDS[position] ?? 'Updated';
export const triggerAt = (position: number): Ocpp.TriggerReasonEnumType => TRIGGERS[position] ?? 'Trigger';
export const chargingStateAt = (position: number | null): Ocpp.ChargingStateEnumType | undefined =>
  position === null ? undefined : CHARGING[position];

/** The request that `toColumns` was given. */
export function toRequest(columns: EventColumns, transactionId: string, keys: SampleKeys): Request {
  const { seq, at, evse, connector, samples } = columns;
  const rest: Partial<Request> & { evse?: Ocpp.CustomDataType } = columns.rest === null ? {} : JSON.parse(columns.rest);
  const { transactionInfo, timestamp, evse: evseData, ...others } = rest;
  const chargingState = chargingStateAt(columns.charging);
  if (seq === null) throw new Error('an event without a seqNo is no TransactionEvent of 2.x');
  return {
    eventType: kindAt(columns.kind),
    timestamp: timestamp ?? formatInstant(at),
    triggerReason: triggerAt(columns.trig),
    seqNo: seq,
    transactionInfo: { transactionId, ...(chargingState === undefined ? {} : { chargingState }), ...transactionInfo },
    ...(evse === null
      ? {}
      : {
          evse: {
            id: evse,
            ...(connector === null ? {} : { connectorId: connector }),
            ...(evseData === undefined ? {} : { customData: evseData }),
          },
        }),
    ...(samples === null ? {} : { meterValue: unpackSamples(samples, at, keys) }),
    ...others,
  };
}
