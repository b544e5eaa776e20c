import type { Ocpp } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';
import type { StationRow } from './intents.ts';

/** Where an address of a file leads. Only the hash of its token is stored. */
export interface FileToken {
  readonly hash: string;
  readonly station: StationRow;
  readonly kind: 'log' | 'firmware';
  readonly file: string;
  readonly requestId: number;
  readonly maxBytes: number;
  readonly expiresAt: Instant;
}

/** What becomes known of a log: each intent adds what it has; a status is appended to those before. */
export interface LogChange {
  readonly type?: string;
  readonly answer?: string;
  readonly filename?: string;
  readonly status?: string;
  readonly file?: string | null;
  readonly bytes?: number;
  readonly receivedAt?: Instant;
  readonly reason?: string | null;
}

export interface FirmwareUpdateChange {
  readonly firmware?: number;
  readonly retrieveAt?: Instant;
  readonly installAt?: Instant;
  readonly answer?: string;
  readonly status?: string;
}

export type FirmwareState = 'awaitingImage' | 'ready' | 'invalid';

export interface FirmwareInput {
  readonly version: string;
  /** Empty: any model. */
  readonly models: readonly string[];
  readonly sha256: string;
  readonly signature: string;
  readonly certificate: string;
  readonly file: string;
  readonly at: Instant;
}

export type FileIntent =
  | { readonly k: 'fileToken'; readonly token: FileToken }
  | { readonly k: 'fileTokensExpired'; readonly at: Instant }
  /** `fresh`: asked for just now; what an older request of the same number left is gone. */
  | {
      readonly k: 'log';
      readonly station: StationRow;
      readonly requestId: number;
      readonly at: Instant;
      readonly fresh?: true;
      readonly change: LogChange;
    }
  | {
      readonly k: 'firmwareUpdate';
      readonly station: StationRow;
      readonly requestId: number;
      readonly at: Instant;
      readonly fresh?: true;
      readonly change: FirmwareUpdateChange;
    }
  | {
      readonly k: 'customerInformation';
      readonly station: StationRow;
      readonly requestId: number;
      readonly seqNo: number;
      readonly tbc: boolean;
      readonly at: Instant;
      readonly data: string;
    }
  | {
      readonly k: 'installedCertificates';
      readonly station: StationRow;
      readonly at: Instant;
      /** The types that were asked for; the others stay as they were known. Absent: all. */
      readonly types?: readonly string[];
      readonly chains: readonly Ocpp.CertificateHashDataChainType[];
    }
  | { readonly k: 'firmwarePut'; readonly firmware: FirmwareInput }
  | {
      readonly k: 'firmwareState';
      readonly id: number;
      readonly state: FirmwareState;
      readonly bytes: number;
      readonly reason: string | null;
    }
  | { readonly k: 'firmwareDelete'; readonly id: number };

export interface ToldStatus {
  readonly status: string;
  readonly at: Instant;
}

export interface LogRecord {
  readonly requestId: number;
  readonly type: string | null;
  readonly requestedAt: Instant;
  readonly answer: string | null;
  readonly filename: string | null;
  readonly statuses: readonly ToldStatus[];
  readonly file: string | null;
  readonly bytes: number | null;
  readonly receivedAt: Instant | null;
  readonly reason: string | null;
}

export interface FirmwareUpdateRecord {
  readonly station: StationRow;
  readonly requestId: number;
  readonly firmware: number | null;
  readonly requestedAt: Instant;
  readonly retrieveAt: Instant | null;
  readonly installAt: Instant | null;
  readonly answer: string | null;
  readonly statuses: readonly ToldStatus[];
}

export interface FirmwareRecord extends Omit<FirmwareInput, 'at'> {
  readonly id: number;
  readonly bytes: number | null;
  readonly state: FirmwareState;
  readonly reason: string | null;
  readonly createdAt: Instant;
}

export interface CustomerInformationRecord {
  readonly parts: number;
  readonly complete: boolean;
  readonly at: Instant | null;
  readonly data: string;
}

export interface InstalledCertificatesRecord {
  readonly at: Instant;
  readonly chains: readonly Ocpp.CertificateHashDataChainType[];
}

/** Reads of files and what belongs to them. */
export interface FileReader {
  fileToken(hash: string): Promise<FileToken | undefined>;
  fileTokensOf(station: StationRow): Promise<readonly FileToken[]>;
  expiredFileTokens(at: Instant): Promise<readonly FileToken[]>;
  log(station: StationRow, requestId: number): Promise<LogRecord | undefined>;
  logs(station: StationRow, limit: number): Promise<readonly LogRecord[]>;
  firmwareUpdate(station: StationRow, requestId: number): Promise<FirmwareUpdateRecord | undefined>;
  firmwareUpdates(station: StationRow, limit: number): Promise<readonly FirmwareUpdateRecord[]>;
  updatesOfFirmware(firmware: number, limit: number): Promise<readonly FirmwareUpdateRecord[]>;
  firmware(id: number): Promise<FirmwareRecord | undefined>;
  /** Newest first, those with smaller numbers. */
  firmwares(limit: number, before?: number): Promise<readonly FirmwareRecord[]>;
  customerInformation(station: StationRow, requestId: number): Promise<CustomerInformationRecord>;
  installedCertificates(station: StationRow): Promise<InstalledCertificatesRecord | undefined>;
}
