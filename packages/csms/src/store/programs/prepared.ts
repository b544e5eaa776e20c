import { type Instant, messageOf, parseInstant } from '@busbar/runtime';
import { type LedgerEvent, ledgerEvent } from '../../ledger/event.ts';
import { packSamples, type SampleKeys } from '../../ledger/pack.ts';
import type { Intent, StationRow, StoredAuthorization } from '../intents.ts';
import { type EventColumns, toColumns } from './event-row.ts';

/** A TransactionEvent as the ledger takes it: what counts, and the columns it is kept in. */
export interface PreparedEvent {
  readonly k: 'txEvent';
  readonly station: StationRow;
  readonly txid: string;
  readonly receivedAt: Instant;
  readonly event: LedgerEvent;
  readonly columns: EventColumns;
  readonly authorization?: StoredAuthorization;
}

export interface PreparedReadings {
  readonly k: 'meterValues';
  readonly station: StationRow;
  readonly evse: number;
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly samples: Uint8Array | null;
  readonly rest: string | null;
}

/** What a writer takes. Everything that needs the whole message is done before, so that little travels. */
export type Prepared =
  | PreparedEvent
  | PreparedReadings
  | Exclude<Intent, { k: 'txEvent' | 'meterValues' }>
  /** A bug made this intent unwritable: its group is refused where it stands. */
  | { readonly k: 'unwritable'; readonly error: string };

export const prepare = (groups: readonly (readonly Intent[])[], keys: SampleKeys): readonly (readonly Prepared[])[] =>
  groups.map((intents) => intents.map((intent) => prepareOne(intent, keys)));

function prepareOne(intent: Intent, keys: SampleKeys): Prepared {
  if (intent.k !== 'txEvent' && intent.k !== 'meterValues') return intent;
  try {
    return intent.k === 'txEvent' ? prepareEvent(intent, keys) : prepareReadings(intent, keys);
  } catch (error) {
    return { k: 'unwritable', error: messageOf(error) };
  }
}

function prepareEvent(intent: Extract<Intent, { k: 'txEvent' }>, keys: SampleKeys): PreparedEvent {
  const { k, station, receivedAt, request, authorization } = intent;
  const txid = request.transactionInfo.transactionId;
  const common = { k, station, txid, receivedAt, event: ledgerEvent(request), columns: toColumns(request, keys) };
  return authorization === undefined ? common : { ...common, authorization };
}

function prepareReadings(intent: Extract<Intent, { k: 'meterValues' }>, keys: SampleKeys): PreparedReadings {
  const { k, station, receivedAt, request } = intent;
  const [first] = request.meterValue;
  const at = first === undefined ? receivedAt : parseInstant(first.timestamp);
  const samples = request.customData === undefined ? (packSamples(request.meterValue, at, keys) ?? null) : null;
  return { k, station, evse: request.evseId, at, receivedAt, samples, rest: samples === null ? JSON.stringify(request) : null };
}
