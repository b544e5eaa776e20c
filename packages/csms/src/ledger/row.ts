import type { Ocpp } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';
import type { MeterAnomaly } from './meter.ts';
import type { Ranges } from './ranges.ts';

export type Anomaly =
  | MeterAnomaly
  | 'seqNoConflict'
  | 'seqNoScattered'
  | 'seqNoRestarted'
  | 'transactionIdReused'
  | 'startedTwice'
  | 'endedTwice'
  | 'eventAfterEnded'
  | 'registerBackwards'
  | 'registerJump'
  | 'invalidEvent'
  | 'clockJump'
  | 'evseChanged'
  /** Came when the events of its transaction were past retention: kept, not counted. */
  | 'afterRetention';

/** The state of one transaction: everything the fold has seen, so that the next event in order needs nothing else. */
export interface TxRow {
  readonly generation: number;
  readonly state: 'active' | 'ended';
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  readonly ranges: Ranges;
  readonly events: number;
  /** The greatest timestamp of any event. */
  readonly lastAt: Instant;
  readonly evse: number | null;
  readonly connector: number | null;
  readonly chargingState: Ocpp.ChargingStateEnumType | null;
  readonly beginMWh: number | null;
  readonly beginFromStarted: boolean;
  readonly lastMWh: number | null;
  /** The sum of all forward steps of the register: what is billed when it ran backwards. */
  readonly forwardMWh: number;
  readonly powerW: number | null;
  readonly socPercent: number | null;
  readonly idToken: Ocpp.IdTokenType | null;
  readonly stoppedReason: Ocpp.ReasonEnumType | null;
  readonly remoteStartId: number | null;
  readonly reservationId: number | null;
  readonly anomalies: readonly Anomaly[];
  readonly facts: FactState;
}

export interface FactState {
  /** The station's newest word on its queue. */
  readonly status: { readonly at: Instant; readonly messagesInQueue: boolean; readonly ongoing?: boolean } | null;
  readonly billTimeout: Instant | null;
  readonly closed: { readonly at: Instant; readonly reason: string; readonly actor: string } | null;
  /** Unresolved invalid events: hash → seqNo if it could be read. */
  readonly invalid: Readonly<Record<string, number | null>>;
  /** Hashes of invalid events that were repaired or discarded. */
  readonly resolved?: readonly string[];
}

export interface Bill {
  readonly bill: 'provisional' | 'final';
  readonly completeness: 'complete' | 'incomplete';
  readonly closedBy: 'station' | 'billAfter' | 'operator' | null;
  readonly reason: string;
  readonly energyMWh: number | null;
  /** Null until the seqNos of Started and Ended are known, or when the station's counter means nothing. */
  readonly missingSeqNos: readonly number[] | null;
}
