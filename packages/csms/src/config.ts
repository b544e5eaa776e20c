import type { Leniency, Ocpp } from '@busbar/protocol';
import type { Instant, Millis, SignatureScheme } from '@busbar/runtime';
import type { MessageLogOptions } from './message-log.ts';
import type { VirtualStationsExtension } from './virtual-stations.ts';

export type Automation = 'onboardingInventory' | 'gapQuery' | 'bootQuery' | 'certRenewal' | 'runningCost';

/** How raw frames are kept unless told otherwise. */
export const MESSAGE_LOG: MessageLogOptions = { keepDays: 7, maxBytes: 2 ** 31, heartbeats: false };

export interface CsmsConfig {
  readonly heartbeatIntervalS: number;
  readonly unknownStations: 'refuse' | 'pending' | 'accept';
  /** 101 without a subprotocol and close (Part 4, 3.2), or 400 without an upgrade (TC_B_58_CSMS). */
  readonly subprotocolMismatch: 'close' | 'refuse';
  readonly testMode: boolean;
  readonly minSecurityProfile: 1 | 2 | 3;
  readonly callTimeoutMs: Millis;
  readonly pingIntervalMs: Millis;
  readonly billAfterMs: Millis;
  readonly gapQueryFirstMs: Millis;
  readonly authorizeTimeoutMs: Millis;
  /** Under which URL stations reach our files; without it only those on this machine do. */
  readonly publicFilesUrl?: string;
  /** The largest log we take. */
  readonly logFileBytes?: number;
  /** How firmware may be signed; RSA-PSS alone unless told otherwise (D21). */
  readonly firmwareSignatures?: readonly SignatureScheme[];
  readonly automations: Readonly<Record<Automation, boolean>>;
  /** How long raw frames are kept, and which; a week without heartbeats when left out. */
  readonly messageLog?: MessageLogOptions;
  /** Days that readings outside transactions, and events of final ones, are kept; for ever when left out. */
  readonly keepReadingsDays?: number;
  readonly keepEventsDays?: number;
  /** Webhooks may go to addresses of this house. */
  readonly webhookPrivate?: boolean;
  /** The operator, as certificates name it (O). */
  readonly organization: string;
  /** How long certificates for stations are valid. */
  readonly clientCertificateDays: number;
  /** Where stations reach the TLS port, with the path and without their id; needed to move them there (A05). */
  readonly secureOcppUrl?: () => string | undefined;
}

/** What one station does differently; stored with it. */
export interface StationSettings {
  readonly automations?: Readonly<Partial<Record<Automation, boolean>>>;
  /** Which faults of its messages are forgiven, by name (D3). */
  readonly leniencies?: readonly Leniency[];
  /** A00.FR.429: lets it in with an expired certificate, as Pending, to renew it. */
  readonly acceptExpiredCertificate?: boolean;
  /** How a driver hears what it costs so far (I02): by CostUpdated, unless told otherwise, or in the answer to Updated. */
  readonly runningCost?: 'message' | 'answer';
  /** A simulated station of this process: shown as such, never counted with real ones. */
  readonly virtual?: boolean;
  /** Test mode only. */
  readonly test?: TestOverrides;
}

export interface TestOverrides {
  readonly nextBoot?: readonly { readonly status: Ocpp.RegistrationStatusEnumType; readonly interval: number; readonly times: number }[];
  readonly itemsPerMessage?: { readonly getVariables?: number; readonly setVariables?: number; readonly getReport?: number };
  readonly automation?: 'on' | 'off';
  readonly answerDelayMs?: number;
  readonly clockOffset?: number;
}

/** A way to decide about tokens outside (D24): known tokens fall back to their local status, unknown ones to Unknown. */
export interface AuthorizeExtension {
  authorize(question: {
    readonly stationId: string;
    readonly idToken: Ocpp.IdTokenType;
    readonly evseId?: number;
    readonly at: Instant;
  }): Promise<Ocpp.IdTokenInfoType | undefined>;
}

/** Vendor messages (P01, P02); without it every vendor is unknown. */
export interface DataTransferExtension {
  dataTransfer(question: { readonly stationId: string; readonly request: Ocpp.DataTransferRequest }): Promise<Ocpp.DataTransferResponse>;
}

/** Signs requests of stations elsewhere (A02.FR.04); without it our own authority does. */
export interface SignCertificateExtension {
  /** The chain, leaf first, as PEM. */
  sign(question: { readonly stationId: string; readonly csr: string; readonly use: Ocpp.CertificateSigningUseEnumType }): Promise<string>;
}

export interface Extensions {
  readonly virtualStations?: VirtualStationsExtension;
  readonly signCertificate?: SignCertificateExtension;
  readonly authorize?: AuthorizeExtension;
  readonly dataTransfer?: DataTransferExtension;
}
