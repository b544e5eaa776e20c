import type { Ocpp } from '@busbar/protocol';
import type { CertificateHash, Instant } from '@busbar/runtime';
import type { LedgerFact } from '../ledger/event.ts';
import type { Bill, TxRow } from '../ledger/row.ts';
import type { BulkIntent } from './bulk-intents.ts';
import type { FileIntent } from './file-intents.ts';
import type { PeopleIntent } from './people-intents.ts';
import type { TariffIntent } from './tariff-intents.ts';
import type { TemplateIntent } from './template-intents.ts';
import type { WebhookIntent } from './webhook-intents.ts';

/** Row number of a station; its identity (the name in the URL) is for people and links. */
export type StationRow = number;

/**
 * Everything that can be made durable. Handlers return intents, never SQL; one commit takes many of them and answers each
 * with an outcome.
 */
export type Intent =
  | {
      readonly k: 'txEvent';
      readonly station: StationRow;
      readonly receivedAt: Instant;
      readonly request: Ocpp.TransactionEventRequest;
      readonly authorization?: StoredAuthorization;
    }
  | { readonly k: 'txFact'; readonly station: StationRow; readonly txid: string; readonly generation?: number; readonly fact: LedgerFact }
  | {
      readonly k: 'invalidEvent';
      readonly station: StationRow;
      readonly receivedAt: Instant;
      readonly hash: string;
      readonly text: string;
      readonly error: string;
      readonly txid?: string;
      readonly seq?: number;
    }
  | {
      readonly k: 'invalidResolved';
      readonly station: StationRow;
      readonly id: number;
      readonly how: 'repaired' | 'discarded';
      readonly at: Instant;
      readonly actor: string;
      readonly reason: string;
    }
  | { readonly k: 'meterValues'; readonly station: StationRow; readonly receivedAt: Instant; readonly request: Ocpp.MeterValuesRequest }
  | { readonly k: 'stationPut'; readonly station: StationInput }
  | { readonly k: 'stationPatch'; readonly station: StationRow; readonly patch: StationPatch }
  | { readonly k: 'stationDelete'; readonly station: StationRow }
  | { readonly k: 'anomaly'; readonly station: StationRow; readonly anomaly: string; readonly at: Instant }
  | {
      readonly k: 'connectionOpened';
      readonly station: StationRow;
      readonly at: Instant;
      readonly version: string;
      readonly remote: string;
    }
  | {
      readonly k: 'connectionClosed';
      readonly station: StationRow;
      readonly epoch: number;
      readonly at: Instant;
      readonly code: number;
      readonly reason: string;
      readonly lastSeen: Instant;
    }
  | {
      readonly k: 'boot';
      readonly station: StationRow;
      readonly epoch: number;
      readonly at: Instant;
      readonly request: Ocpp.BootNotificationRequest;
      readonly status: Ocpp.RegistrationStatusEnumType;
      readonly interval: number;
      /** The security profile of the link; once Accepted the record rises to it (A05.FR.07). */
      readonly securityProfile?: number;
    }
  | {
      readonly k: 'status';
      readonly station: StationRow;
      readonly epoch: number;
      readonly evse: number;
      readonly connector: number;
      readonly status: string;
      readonly at: Instant;
    }
  | { readonly k: 'variables'; readonly station: StationRow; readonly at: Instant; readonly rows: readonly VariableRow[] }
  | {
      readonly k: 'report';
      readonly station: StationRow;
      readonly requestId: number;
      readonly seqNo: number;
      readonly tbc: boolean;
      readonly at: Instant;
      readonly rows: readonly VariableRow[];
    }
  | {
      readonly k: 'notice';
      readonly station: StationRow;
      readonly at: Instant;
      readonly receivedAt: Instant;
      readonly action: string;
      readonly body: string;
    }
  | { readonly k: 'tokenPut'; readonly token: TokenInput }
  | { readonly k: 'tokenDelete'; readonly type: string; readonly idToken: string }
  | { readonly k: 'commandPut'; readonly command: CommandInput }
  | {
      readonly k: 'commandState';
      readonly id: string;
      readonly state: CommandState;
      readonly at: Instant;
      readonly messageId?: string;
      readonly result?: string;
    }
  | { readonly k: 'nextId'; readonly station: StationRow; readonly counter: 'requestId' | 'remoteStartId' }
  | {
      readonly k: 'audit';
      /** Written only when the first intent of its group came to something: nobody did what was not there to be done. */
      readonly ifFirst?: true;
      readonly at: Instant;
      readonly actor: string;
      readonly action: string;
      readonly target: string;
      readonly reason: string;
      readonly result: string;
    }
  | { readonly k: 'certificatePut'; readonly certificate: CertificateInput }
  | {
      readonly k: 'certificateState';
      readonly issuer: string;
      readonly serial: string;
      readonly state: CertificateState;
      readonly at: Instant;
      readonly reason?: string;
    }
  | { readonly k: 'serialRevoked'; readonly issuer: string; readonly serial: string; readonly at: Instant; readonly reason: string }
  | { readonly k: 'trustPut'; readonly root: TrustRecord }
  | { readonly k: 'trustDelete'; readonly kind: TrustKind; readonly fingerprint: string }
  | {
      readonly k: 'securityEvent';
      readonly station: StationRow;
      readonly at: Instant;
      readonly receivedAt: Instant;
      readonly type: string;
      readonly critical: boolean;
      /** Who noticed it. */
      readonly source: 'station' | 'csms';
      readonly techInfo?: string;
    }
  | { readonly k: 'jobPut'; readonly job: JobRecord }
  | { readonly k: 'setting'; readonly key: string; readonly value: string }
  | { readonly k: 'commandsUnknown'; readonly at: Instant }
  /** One slice of what arrived before then; `assigned` says how much went. */
  | { readonly k: 'retain'; readonly what: Retained; readonly before: Instant }
  /** What leaves the station that stands under this id is forgotten; its transactions and the audit stay. */
  | {
      readonly k: 'hardwareReplaced';
      readonly station: StationRow;
      readonly at: Instant;
      readonly password: string;
      readonly serialNumber: string | null;
      readonly reason: string;
    }
  /** One slice of what is to be erased; `assigned` says how many transactions and commands it was. */
  | { readonly k: 'tokenErase'; readonly type: string; readonly idToken: string; readonly pseudonym: string }
  | FileIntent
  | TariffIntent
  | PeopleIntent
  | BulkIntent
  | TemplateIntent
  | WebhookIntent;

/** Readings outside transactions with notices, or events of transactions whose bill is final (the bill stays). */
export type Retained = 'readings' | 'events';

export interface Outcome {
  readonly result: 'new' | 'duplicate' | 'conflict' | 'done' | 'notFound';
  /** An id or number the store gave out: row of a station, epoch, requestId. */
  readonly assigned?: number;
  readonly tx?: TxOutcome;
}

/** What became of a transaction by an event or a fact. */
export interface TxOutcome {
  readonly id: number;
  readonly txid: string;
  /** Its Ended is here. */
  readonly ended: boolean;
  /** So is its bill. */
  readonly final: boolean;
  readonly becameFinal: boolean;
  /** Made when it is asked for; nobody asks after most events. */
  readonly row: TxRow;
  readonly bill: Bill;
}

/** The decision about an idToken, made once per (transaction, idToken) and reused for repeated and late events (D8, D24). */
export interface StoredAuthorization {
  readonly idToken: string;
  readonly type: string;
  readonly info: Ocpp.IdTokenInfoType;
}

export interface StationInput {
  readonly identity: string;
  readonly site?: number;
  readonly serialNumber?: string;
  readonly password?: string;
  readonly securityProfile: number;
  readonly approval: Approval;
  /** As `StationSettings`, in JSON. */
  readonly settings?: string;
  readonly at: Instant;
}
/** retired: may not connect any more; its transactions stay. */
export type Approval = 'unapproved' | 'approved' | 'rejected' | 'retired';

export interface StationPatch {
  readonly serialNumber?: string | null;
  readonly password?: string;
  readonly pendingPassword?: string | null;
  readonly approval?: Approval;
  readonly site?: number;
  readonly settings?: string;
  readonly registration?: string | null;
  readonly securityProfile?: number;
}

export interface StationRecord {
  readonly row: StationRow;
  readonly identity: string;
  readonly site: number;
  readonly serialNumber: string | null;
  readonly password: string | null;
  readonly pendingPassword: string | null;
  readonly securityProfile: number;
  readonly approval: Approval;
  readonly registration: Ocpp.RegistrationStatusEnumType | null;
  readonly vendorName: string | null;
  readonly model: string | null;
  readonly firmwareVersion: string | null;
  readonly bootReason: string | null;
  readonly bootAt: Instant | null;
  readonly interval: number | null;
  readonly lastSeen: Instant | null;
  readonly epoch: number;
  readonly connected: boolean;
  readonly version: string | null;
  readonly anomalies: readonly string[];
  /** JSON of StationSettings. */
  readonly settings: string;
  readonly createdAt: Instant;
}

export interface VariableRow {
  readonly component: string;
  readonly componentInstance?: string;
  readonly evse?: number;
  readonly connector?: number;
  readonly variable: string;
  readonly instance?: string;
  readonly attribute: 'Actual' | 'Target' | 'MinSet' | 'MaxSet';
  readonly value?: string;
  readonly mutability?: string;
  readonly persistent?: boolean;
  readonly constant?: boolean;
  /** JSON of VariableCharacteristicsType. */
  readonly characteristics?: string;
}

export interface TokenInput {
  readonly type: string;
  readonly idToken: string;
  readonly status: Ocpp.AuthorizationStatusEnumType;
  readonly groupIdToken?: { readonly idToken: string; readonly type: string };
  readonly validUntil?: Instant;
  readonly cacheExpiryDateTime?: Instant;
  readonly chargingPriority?: number;
  readonly language1?: string;
  readonly language2?: string;
  readonly evseId?: readonly number[];
  readonly personalMessage?: Ocpp.MessageContentType;
  readonly masterPass?: boolean;
}

export type CommandState = 'queued' | 'sent' | 'answered' | 'refused' | 'unknown' | 'notSent';

export interface CommandInput {
  readonly id: string;
  readonly station: StationRow;
  readonly action: string;
  readonly request: string;
  readonly origin: 'person' | 'driver' | 'automation';
  readonly actor: string;
  readonly idempotencyKey?: string;
  readonly remoteStartId?: number;
  readonly requestId?: number;
  readonly createdAt: Instant;
  readonly expiresAt?: Instant;
}

export interface CommandRecord extends CommandInput {
  readonly state: CommandState;
  readonly messageId: string | null;
  readonly result: string | null;
  readonly sentAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly effect: string | null;
}

export type TrustKind = 'csms' | 'station' | 'v2g' | 'mo' | 'manufacturer';

export interface TrustRecord {
  readonly kind: TrustKind;
  /** SHA-256 of the DER, hexadecimal. */
  readonly fingerprint: string;
  readonly pem: string;
  readonly subject: string;
  readonly notAfter: Instant;
  readonly hashData: CertificateHash;
  readonly addedAt: Instant;
}

export type CertificateState = 'issued' | 'installed' | 'refused' | 'revoked';

export interface CertificateInput {
  readonly station: StationRow;
  /** ChargingStationCertificate, V2GCertificate … */
  readonly use: string;
  /** Hexadecimal without leading zeros. */
  readonly serial: string;
  /** Fingerprint of the certificate that signed it. */
  readonly issuer: string;
  readonly subject: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly chain: string;
  readonly state: CertificateState;
  readonly issuedAt: Instant;
}

export interface CertificateRecord extends CertificateInput {
  readonly id: number;
  readonly revokedAt: Instant | null;
  readonly reason: string | null;
}

export interface SecurityEventRecord {
  readonly id: number;
  readonly station: StationRow;
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly type: string;
  readonly critical: boolean;
  readonly source: 'station' | 'csms';
  readonly techInfo: string | null;
}

export interface JobRecord {
  readonly id: string;
  readonly station: StationRow;
  readonly kind: 'upgradeProfile';
  readonly state: 'running' | 'done' | 'failed';
  readonly step: string;
  /** JSON of what the step needs. */
  readonly detail: string;
  readonly actor: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly reason: string | null;
}
