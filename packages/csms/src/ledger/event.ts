import type { Ocpp } from '@busbar/protocol';
import { type Instant, parseInstant } from '@busbar/runtime';
import { type MeterFacts, meterFacts } from './meter.ts';

/** What the ledger needs to know of one TransactionEvent. */
export interface LedgerEvent {
  /** Unnumbered events (1.6) have none: they are told apart by their hash and ordered by time. */
  readonly seq: number | null;
  readonly at: Instant;
  readonly kind: 'Started' | 'Updated' | 'Ended';
  readonly trigger: Ocpp.TriggerReasonEnumType;
  readonly offline: boolean;
  readonly evse?: number;
  readonly connector?: number;
  readonly chargingState?: Ocpp.ChargingStateEnumType;
  readonly stoppedReason?: Ocpp.ReasonEnumType;
  readonly remoteStartId?: number;
  readonly reservationId?: number;
  readonly idToken?: Ocpp.IdTokenType;
  readonly meter: MeterFacts;
}

export function ledgerEvent(request: Ocpp.TransactionEventRequest): LedgerEvent {
  const { transactionInfo: info, evse } = request;
  return {
    seq: request.seqNo,
    at: parseInstant(request.timestamp),
    kind: request.eventType,
    trigger: request.triggerReason,
    offline: request.offline ?? false,
    meter: meterFacts(request.meterValue),
    ...(evse === undefined ? {} : { evse: evse.id }),
    ...(evse?.connectorId === undefined ? {} : { connector: evse.connectorId }),
    ...(info.chargingState === undefined ? {} : { chargingState: info.chargingState }),
    ...(info.stoppedReason === undefined ? {} : { stoppedReason: info.stoppedReason }),
    ...(info.remoteStartId === undefined ? {} : { remoteStartId: info.remoteStartId }),
    ...(request.reservationId === undefined ? {} : { reservationId: request.reservationId }),
    ...(request.idToken === undefined ? {} : { idToken: request.idToken }),
  };
}

/**
 * What a person or the station's own answer adds to a transaction, beside its events (D7). The row is a function of both.
 */
export type LedgerFact =
  | { readonly kind: 'statusAnswer'; readonly at: Instant; readonly messagesInQueue: boolean; readonly ongoing?: boolean }
  | { readonly kind: 'billTimeout'; readonly at: Instant }
  | { readonly kind: 'operatorClose'; readonly at: Instant; readonly reason: string; readonly actor: string }
  /** An event that failed its schema: present, invalid, until it is repaired or discarded (D3). */
  | { readonly kind: 'invalidEvent'; readonly at: Instant; readonly hash: string; readonly seq?: number }
  | { readonly kind: 'invalidResolved'; readonly at: Instant; readonly hash: string; readonly how: 'repaired' | 'discarded' };
