import type { Ocpp } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';

/** What ends up in the device model as TxStartPoint and TxStopPoint. */
export type TxPoint = 'ParkingBayOccupancy' | 'EVConnected' | 'Authorized' | 'PowerPathClosed' | 'EnergyTransfer' | 'DataSigned';

/** Who may charge here now, and how the station came to believe it. */
export interface Authorization {
  /** Absent where charging is free (AuthEnabled false). */
  readonly idToken?: Ocpp.IdTokenType;
  readonly groupIdToken?: Ocpp.IdTokenType;
  readonly via: 'local' | 'remote';
  readonly remoteStartId?: number;
  readonly reservationId?: number;
  /** EVSEs the token may use; absent = all (C01.FR.20). */
  readonly evseIds?: readonly number[];
  readonly at: Instant;
  /** A transaction event has carried it. */
  readonly told: boolean;
}

export interface Transaction {
  readonly id: string;
  /** The number of the next event (E01.FR.07): starts at 0, grows by one, never restarts. */
  readonly nextSeqNo: number;
  readonly startedAt: Instant;
  /** Register at the start; undefined until an EVSE is known. */
  readonly startMWh: number | undefined;
  readonly chargingState: Ocpp.ChargingStateEnumType;
  readonly idToken?: Ocpp.IdTokenType;
  readonly groupIdToken?: Ocpp.IdTokenType;
  readonly evseTold: boolean;
  readonly connectorTold: boolean;
  /** The measurands of Started have been delivered (E01.FR.09, E01.FR.17). */
  readonly beginTold: boolean;
  /** The meter's public key has travelled (PublicKeyWithSignedMeterValue). */
  readonly keyTold: boolean;
  readonly phasesTold?: number;
  readonly energyStarted: boolean;
  /** Why authorization ended, for the stoppedReason of an Ended that comes later (TC_E_14_CS). */
  readonly closing: Ocpp.ReasonEnumType | undefined;
}

export type Lock = 'open' | 'closing' | 'closed' | 'failed';
export type Flow = 'none' | 'flowing' | 'stoppedByEv' | 'stoppedByEvse';

/** The facts of one EVSE. EVSE 0 holds a driver who was authorized before anybody knows which EVSE he will use. */
export interface Session {
  readonly evseId: number;
  readonly parked: boolean;
  /** The connector a vehicle hangs on. */
  readonly connectorId: number | undefined;
  readonly ready: boolean;
  /** The vehicle had time enough to become ready and is not. */
  readonly notReady: boolean;
  readonly authorization: Authorization | undefined;
  readonly lock: Lock;
  /** The connector whose cable the lock holds. */
  readonly lockedConnector: number | undefined;
  readonly contactor: 'open' | 'closed';
  readonly flow: Flow;
  readonly signed: boolean;
  readonly faults: readonly string[];
  /** Authorized, but no (more) energy: the CSMS refused the token and StopTxOnInvalidId is false (E05.FR.02). */
  readonly held: boolean;
  /** Register value at which an invalid token's allowance is used up (E05.FR.03). */
  readonly allowedToMWh: number | undefined;
  /** The cable stays locked until this token is shown (E05.FR.11, E09.FR.03). */
  readonly keepLockedFor: Ocpp.IdTokenType | undefined;
  readonly transaction: Transaction | undefined;
}

export const emptySession = (evseId: number): Session => ({
  evseId,
  parked: false,
  connectorId: undefined,
  ready: false,
  notReady: false,
  authorization: undefined,
  lock: 'open',
  lockedConnector: undefined,
  contactor: 'open',
  flow: 'none',
  signed: false,
  faults: [],
  held: false,
  allowedToMWh: undefined,
  keepLockedFor: undefined,
  transaction: undefined,
});

/** What happened. */
export type Cause =
  | { readonly kind: 'parked' }
  | { readonly kind: 'left' }
  | { readonly kind: 'plugged'; readonly connectorId: number }
  | { readonly kind: 'unplugged' }
  | { readonly kind: 'cableOut' }
  | { readonly kind: 'ready'; readonly ready: boolean }
  | { readonly kind: 'notReady' }
  | { readonly kind: 'authorized'; readonly authorization: Authorization }
  /** The same or a related token was shown, or the stop button pressed. */
  | { readonly kind: 'stopAuthorized'; readonly idToken?: Ocpp.IdTokenType; readonly masterPass?: true }
  | { readonly kind: 'deauthorized' }
  /** The CSMS refused the token, and StopTxOnInvalidId is false; `allowedToMWh` when MaxEnergyOnInvalidId leaves some. */
  | { readonly kind: 'invalidated'; readonly allowedToMWh?: number }
  | { readonly kind: 'register'; readonly importMWh: number }
  /** The owner of a cable that was kept locked showed the token. */
  | { readonly kind: 'released' }
  | { readonly kind: 'remoteStop' }
  | { readonly kind: 'connectTimeout' }
  | { readonly kind: 'evStop' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'fault'; readonly code: string; readonly active: boolean }
  | { readonly kind: 'lock'; readonly lock: Lock }
  | { readonly kind: 'contactorRefused' }
  | { readonly kind: 'flow'; readonly flowing: boolean; readonly because: 'ev' | 'evse' }
  | { readonly kind: 'signed' }
  /** The process lives again and the transaction goes on. */
  | { readonly kind: 'resumed' }
  /** The process lives again and the transaction does not. */
  | { readonly kind: 'powerLoss'; readonly reason: 'PowerLoss' | 'Reboot' | 'ImmediateReset' };

/** What the kernel has to do about it, in this order. */
export type Effect =
  | { readonly kind: 'openContactor' }
  | {
      readonly kind: 'event';
      readonly type: Ocpp.TransactionEventEnumType;
      /** The transaction as it is with this event; the kernel numbers it. */
      readonly transaction: Transaction;
      readonly trigger: Ocpp.TriggerReasonEnumType;
      readonly chargingState: Ocpp.ChargingStateEnumType;
      readonly stoppedReason?: Ocpp.ReasonEnumType;
      readonly idToken?: Ocpp.IdTokenType;
      readonly remoteStartId?: number;
      readonly reservationId?: number;
    }
  | { readonly kind: 'unlock'; readonly connectorId: number }
  | { readonly kind: 'lock'; readonly connectorId: number }
  | { readonly kind: 'closeContactor' }
  | { readonly kind: 'readSigned' }
  | { readonly kind: 'startTimer'; readonly timer: 'connect' | 'ready' }
  | { readonly kind: 'stopTimer'; readonly timer: 'connect' | 'ready' };

/** The configuration and the hardware's abilities that the reducer needs: plain values, read once per step. */
export interface Rules {
  readonly startPoints: ReadonlySet<TxPoint>;
  readonly stopPoints: ReadonlySet<TxPoint>;
  readonly stopOnEvSideDisconnect: boolean;
  readonly unlockOnEvSideDisconnect: boolean;
  /** No new transaction: the EVSE is not operative. */
  readonly operative: boolean;
  /** The meter can sign and SampledDataSignReadings is true (E01.FR.04). */
  readonly signs: boolean;
  readonly fixedCable: (connectorId: number) => boolean;
  readonly hasLock: (connectorId: number) => boolean;
  readonly newTransactionId: () => string;
  readonly now: Instant;
}

export type Next = readonly [Session, readonly Effect[]];
