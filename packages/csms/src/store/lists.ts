import type { Ocpp } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';
import type {
  CertificateRecord,
  CertificateState,
  CommandInput,
  CommandRecord,
  CommandState,
  SecurityEventRecord,
  StationRow,
  TokenInput,
} from './intents.ts';
import type { ConnectorRecord, TxRecord } from './store.ts';

export type Order = 'asc' | 'desc';

/** A page of a list: what stands behind `after`, in the order of its key (never an offset). */
interface PageOf<Key> {
  readonly after?: Key;
  readonly limit: number;
}

/** Where a transaction stands in its list: what it is sorted by, then its number. */
export type TxListKey = readonly [by: number, id: number];

export interface TxListFilter extends PageOf<TxListKey> {
  readonly sort: 'startedAt' | 'energy';
  readonly order: Order;
  readonly station?: StationRow;
  readonly sites?: readonly number[];
  readonly state?: 'active' | 'ended';
  readonly bill?: 'provisional' | 'final';
  readonly completeness?: 'complete' | 'incomplete';
  readonly token?: { readonly type: string; readonly idToken: string };
  /** Its start; where that never came, its last event. */
  readonly from?: Instant;
  readonly until?: Instant;
  readonly stoppedReason?: string;
  readonly minEnergyMWh?: number;
  /** How its id begins. */
  readonly txidPrefix?: string;
}

export interface ListedTx extends TxRecord {
  readonly key: TxListKey;
}

export interface TokenListFilter extends PageOf<readonly [type: string, key: string]> {
  /** Part of the id, without case. */
  readonly part?: string;
  readonly group?: string;
  readonly status?: string;
}

export interface CommandListFilter extends PageOf<string> {
  readonly station?: StationRow;
  readonly sites?: readonly number[];
  readonly actor?: string;
  readonly action?: string;
  readonly state?: CommandState;
  readonly origin?: CommandInput['origin'];
  readonly since?: Instant;
}

export interface SecurityEventFilter {
  readonly station?: StationRow;
  readonly sites?: readonly number[];
  /** Those with smaller numbers. */
  readonly before?: number;
  readonly type?: string;
  readonly critical?: boolean;
  readonly limit: number;
}

/** By their end, then their number. */
export interface CertificateListFilter extends PageOf<readonly [notAfter: Instant, id: number]> {
  readonly station?: StationRow;
  readonly sites?: readonly number[];
  readonly use?: string;
  readonly state?: CertificateState;
  readonly endsBefore?: Instant;
  /** Only the newest that a station has, or gets, of each use. */
  readonly latest?: boolean;
}

export interface MeterValuesRecord {
  readonly id: number;
  readonly receivedAt: Instant;
  readonly request: Ocpp.MeterValuesRequest;
}

/** What the lists of the REST interface read. */
export interface ListReader {
  listTransactions(filter: TxListFilter): Promise<readonly ListedTx[]>;
  listTokens(filter: TokenListFilter): Promise<readonly TokenInput[]>;
  /** Newest first. */
  listCommands(filter: CommandListFilter): Promise<readonly CommandRecord[]>;
  /** Newest first; of all stations without one. */
  securityEvents(filter: SecurityEventFilter): Promise<readonly SecurityEventRecord[]>;
  /** Those that end first first. */
  listCertificates(filter: CertificateListFilter): Promise<readonly CertificateRecord[]>;
  /** Of many stations at once. */
  connectorsOf(stations: readonly StationRow[]): Promise<ReadonlyMap<StationRow, readonly ConnectorRecord[]>>;
  /** Stations of which at least one connector has this status. */
  stationsWithStatus(status: string): Promise<ReadonlySet<StationRow>>;
}
