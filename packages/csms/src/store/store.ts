import type { Ocpp } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';
import type { LedgerFact } from '../ledger/event.ts';
import type { Bill, TxRow } from '../ledger/row.ts';
import type { BulkReader } from './bulk-intents.ts';
import type { FileReader } from './file-intents.ts';
import type { FleetReader } from './fleet-reader.ts';
import type {
  CertificateRecord,
  CommandRecord,
  Intent,
  JobRecord,
  Outcome,
  Retained,
  StationRecord,
  StationRow,
  TokenInput,
  TrustKind,
  TrustRecord,
  VariableRow,
} from './intents.ts';
import type { ListReader, MeterValuesRecord } from './lists.ts';
import type { PeopleReader } from './people-intents.ts';
import type { TariffReader } from './tariff-intents.ts';
import type { TemplateReader } from './template-intents.ts';
import type { WebhookReader } from './webhook-intents.ts';

/** Outcomes of one group, or why exactly this group could not be written; the others of its batch are not affected. */
export type GroupResult = readonly Outcome[] | StoreFailure;

export class StoreFailure extends Error {
  /** True: the store itself is in trouble (disk full, dead writer), nothing can be written; false: this group was bad. */
  readonly storeWide: boolean;
  constructor(message: string, storeWide: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreFailure';
    this.storeWide = storeWide;
  }
}

/**
 * The ledger's database. `commit` makes groups of intents durable: each group whole or not at all, all in the order given;
 * the promise settles after the fsync. Several commits may be under way, they settle in order.
 */
export interface Store {
  commit(groups: readonly (readonly Intent[])[]): Promise<readonly GroupResult[]>;
  readonly read: Reader;
  /** False while it cannot write at all. */
  readonly healthy: boolean;
  /** Removes what arrived before then, in slices that nobody waits long for. Returns how much went. */
  retain(what: Retained, before: Instant): Promise<number>;
  close(): Promise<void>;
}

export interface TxRecord {
  readonly id: number;
  readonly station: StationRow;
  readonly identity: string;
  readonly txid: string;
  readonly row: TxRow;
  readonly bill: Bill;
}

export interface StoredEvent {
  readonly receivedAt: Instant;
  readonly conflict: boolean;
  readonly request: Ocpp.TransactionEventRequest;
}

export interface InvalidEventRecord {
  readonly id: number;
  readonly hash: string;
  readonly txid: string | null;
  readonly seq: number | null;
  readonly receivedAt: Instant;
  readonly text: string;
  readonly error: string;
  readonly times: number;
  readonly state: 'open' | 'repaired' | 'discarded';
  readonly actor: string | null;
  readonly reason: string | null;
}

export interface ConnectorRecord {
  readonly evse: number;
  readonly connector: number;
  readonly status: string;
  readonly at: Instant;
}

export interface ConnectionRecord {
  readonly epoch: number;
  readonly openedAt: Instant;
  readonly version: string;
  readonly remote: string;
  readonly closedAt: Instant | null;
  readonly closeCode: number | null;
  readonly closeReason: string | null;
}

export interface NoticeRecord {
  readonly id: number;
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly action: string;
  readonly body: string;
}

export interface ReportRecord {
  readonly parts: number;
  readonly complete: boolean;
  readonly rows: readonly VariableRow[];
}

export interface TxFilter {
  readonly station?: StationRow;
  /** Of stations of these sites. */
  readonly sites?: readonly number[];
  readonly state?: 'active' | 'ended';
  readonly notFinal?: boolean;
  readonly beforeId?: number;
  /** From here on, oldest first. */
  readonly afterId?: number;
  /** Ended at or after, and before; its last event counts where no Ended came. */
  readonly endedSince?: Instant;
  readonly endedUntil?: Instant;
  readonly limit: number;
}

/** Everything that is read. Nothing on the hot path reads. */
export interface Reader extends FileReader, FleetReader, PeopleReader, TariffReader, ListReader, BulkReader, TemplateReader, WebhookReader {
  stations(): Promise<readonly StationRecord[]>;
  station(identity: string): Promise<StationRecord | undefined>;
  connectors(station: StationRow): Promise<readonly ConnectorRecord[]>;
  /** Newest first, those with smaller epochs. */
  connections(station: StationRow, limit: number, before?: number): Promise<readonly ConnectionRecord[]>;
  variables(station: StationRow): Promise<readonly (VariableRow & { readonly at: Instant })[]>;
  report(station: StationRow, requestId: number): Promise<ReportRecord>;
  notices(station: StationRow, limit: number, before?: number): Promise<readonly NoticeRecord[]>;
  token(type: string, idToken: string): Promise<TokenInput | undefined>;
  tokens(limit: number): Promise<readonly TokenInput[]>;
  authorization(station: StationRow, txid: string, type: string, idToken: string): Promise<Ocpp.IdTokenInfoType | undefined>;
  transactions(filter: TxFilter): Promise<readonly TxRecord[]>;
  transaction(station: StationRow, txid: string, generation?: number): Promise<TxRecord | undefined>;
  events(tx: number): Promise<readonly StoredEvent[]>;
  facts(station: StationRow, txid: string, generation: number): Promise<readonly LedgerFact[]>;
  meterValues(station: StationRow, limit: number, before?: number): Promise<readonly MeterValuesRecord[]>;
  invalidEvents(station: StationRow): Promise<readonly InvalidEventRecord[]>;
  command(id: string): Promise<CommandRecord | undefined>;
  commandByKey(station: StationRow, idempotencyKey: string): Promise<CommandRecord | undefined>;
  commandByRemoteStart(station: StationRow, remoteStartId: number): Promise<CommandRecord | undefined>;
  commands(station: StationRow, limit: number): Promise<readonly CommandRecord[]>;
  /** What the station was asked about a gap of this transaction, oldest first (D7). */
  gapQueries(station: StationRow, txid: string): Promise<readonly CommandRecord[]>;
  /** What waits for its station and has a time until which it may. */
  queuedCommands(): Promise<readonly CommandRecord[]>;
  /** Newest first. */
  certificates(station: StationRow): Promise<readonly CertificateRecord[]>;
  certificate(issuer: string, serial: string): Promise<CertificateRecord | undefined>;
  /** Certificates in use that end before then. */
  certificatesEnding(before: Instant): Promise<readonly CertificateRecord[]>;
  isRevoked(issuer: string, serial: string): Promise<boolean>;
  trust(kind?: TrustKind): Promise<readonly TrustRecord[]>;
  jobs(station: StationRow, limit: number): Promise<readonly JobRecord[]>;
  job(id: string): Promise<JobRecord | undefined>;
  runningJobs(): Promise<readonly JobRecord[]>;
  setting(key: string): Promise<string | undefined>;
}
