import type { Ocpp, OcppVersion } from '@busbar/protocol';
import type { Instant, Millis, Secret, SignatureScheme } from '@busbar/runtime';
import type { OwnCertificate } from './blocks/a-security/own-certificates.ts';
import type { RootKind } from './blocks/m-certificates/trust-store.ts';

/** What a station is told before it knows anybody. */
export interface StationConfig {
  /** The station's id: last segment of the URL and user name of the Basic login. */
  readonly identity: string;
  /** The CSMS, without the station id. */
  readonly csmsUrl: string;
  /** Basic password (security profile 1 and 2); without it no Authorization header is sent (profile 0). */
  readonly password?: Secret;
  /** 0 to 3; from the URL, the password and the certificate when left out. */
  readonly securityProfile?: number;
  /** Roots that lie in the station when it is delivered; from then on the CSMS manages them. */
  readonly roots?: readonly { readonly kind: RootKind; readonly pem: string }[];
  /** The client certificate it is delivered with (security profile 3). */
  readonly clientCertificate?: OwnCertificate;
  /** The operator's name in certificates (O). */
  readonly organization?: string;
  /** Further network profiles besides slot 1, which `csmsUrl` describes. */
  readonly networkProfiles?: readonly { readonly slot: number; readonly profile: Ocpp.NetworkConnectionProfileType }[];
  /** What the station offers in the handshake, best first. */
  readonly versions?: readonly OcppVersion[];
  readonly deflate?: boolean;
  readonly dialTimeoutMs?: Millis;
  /** Values a variable has before anybody sets it, by `Component.Variable` or `Component.Variable[instance]`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How connector states travel; by default as the negotiated version prefers (D11). */
  readonly connectorStatusBy?: 'StatusNotification' | 'NotifyEvent';
  /** Some CSMSs want to speak first after a reconnect (P19): wait so long before the queue is delivered. */
  readonly resumeDelayMs?: Millis;
  /** Whether a reset of one EVSE is possible (B11.FR.09). */
  readonly evseReset?: boolean;
  /** Monitors built into the station (N07): what is watched, and when it is worth an event. */
  readonly monitors?: readonly HardWiredMonitor[];
  /** Vendor extensions of DataTransfer. */
  readonly dataTransfer?: Readonly<Record<string, DataTransferVendor>>;
  /** Languages the display knows, as RFC 5646 tags; the first is the fallback (C01.FR.12). */
  readonly languages?: readonly string[];
  /** Sets the hardware clock; only used while TimeSource contains Heartbeat (B01.FR.06). */
  readonly setClock?: (at: Instant) => void;
  readonly modem?: Ocpp.ModemType;
  /** How firmware may be signed; RSA-PSS alone unless told otherwise (D21). */
  readonly firmwareSignatures?: readonly SignatureScheme[];
}

export interface HardWiredMonitor {
  readonly id: number;
  readonly component: Ocpp.ComponentType;
  readonly variable: Ocpp.VariableType;
  readonly type: 'UpperThreshold' | 'LowerThreshold' | 'Delta';
  readonly value: number;
  /** 0 = danger … 9 = debug. */
  readonly severity: number;
}

export interface DataTransferVendor {
  /** By message id; the empty one answers requests without any. */
  readonly messages: Readonly<Record<string, (data: unknown) => { readonly status: 'Accepted' | 'Rejected'; readonly data?: unknown }>>;
}
