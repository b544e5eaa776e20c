import type { Ocpp } from '@busbar/protocol';
import { formatInstant, type Instant, parseInstant } from '@busbar/runtime';
import { normal, packSamples, type SampleKeys, unpackSamples } from '../../ledger/pack.ts';
import type { Row } from '../sql.ts';
import { blobOrNull, jsonOrNull, num, numOrNull } from './columns.ts';

type Request = Ocpp.TransactionEventRequest;

/** Positions are stored: only ever append. */
export const KINDS = ['Started', 'Updated', 'Ended'] as const;
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

export function toRequest(row: Row, transactionId: string, keys: SampleKeys): Request {
  const at = num(row, 'at');
  const {
    transactionInfo,
    timestamp,
    evse: evseData,
    ...others
  } = jsonOrNull<Partial<Request> & { evse?: Ocpp.CustomDataType }>(row, 'rest') ?? {};
  const samples = blobOrNull(row, 'samples');
  const [evse, connector, charging] = [numOrNull(row, 'evse'), numOrNull(row, 'connector'), numOrNull(row, 'charging')];
  const chargingState = charging === null ? undefined : CHARGING[charging];
  return {
    eventType: KINDS[num(row, 'kind')] ?? 'Updated',
    timestamp: timestamp ?? formatInstant(at),
    triggerReason: TRIGGERS[num(row, 'trig')] ?? 'Trigger',
    seqNo: num(row, 'seq'),
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
