import type { OcppVersion, VersionRules } from '@busbar/protocol';
import type { Clock, Crypto, DialRequest, Handshake, HandshakeVerdict, Ids, Log, Random, Secret, Socket } from '@busbar/runtime';
import type { Act } from './act.ts';

/** How the CSMS under test is reached. */
export interface CsmsAddress {
  /** `ws://host:port/path` without the station's id; absent when security profile 1 is not offered. */
  readonly ws?: string;
  readonly wss?: string;
  /** PEM roots that the server's certificate leads to. */
  readonly roots?: readonly string[];
}

/** A TLS handshake and nothing else: what the other side showed. */
export interface TlsProbe {
  readonly url: string;
  readonly roots?: readonly string[];
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly ciphers?: string;
  readonly certificate?: string;
  readonly key?: string;
}
export type TlsAnswer =
  | {
      readonly done: true;
      readonly protocol: string;
      readonly cipher: string;
      readonly subject: string;
      readonly commonName: string;
      readonly serialNumber: string;
      readonly key: { readonly type: string; readonly bits: number };
      readonly trusted: boolean;
    }
  | { readonly done: false; readonly reason: string };

/** A request of the station under test to the kit's own file server. */
export interface WebRequest {
  readonly method: string;
  readonly path: string;
  readonly range?: string;
  readonly bytes: number;
  /** The begin of an uploaded body, as text. */
  readonly head: string;
  readonly at: number;
}

/** What the kit's file server does at a path. */
export interface WebPage {
  /** What a GET gets; absent = 404. */
  readonly body?: Uint8Array;
  /** Holds the answer back until the case lets it go. */
  readonly stall?: boolean;
  readonly status?: number;
}

/** Everything a case touches outside itself. The real one speaks TCP; the audit plays one back. */
export interface Outside {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly log: Log;
  rules(version: OcppVersion): Promise<VersionRules>;
  crypto(): Promise<Crypto>;
  /** CSMS role: rejects with a DialError. */
  dial(request: DialRequest): Promise<Socket>;
  tls(probe: TlsProbe): Promise<TlsAnswer>;
  perform(act: Act): Promise<unknown>;
  /** Station role: where the kit's own CSMS listens, and who is asked about a knock at a station's door. */
  door(stationId: string, knocked: (handshake: Handshake) => HandshakeVerdict): Door;
  /** The same by TLS, at a port of its own; `failed` hears of handshakes that broke. */
  secureDoor(
    stationId: string,
    tls: (host: string) => TlsSetting,
    knocked: (handshake: Handshake) => HandshakeVerdict,
    failed: (reason: string) => void,
  ): Promise<SecureDoor>;
  /** The kit's file server; `path` is unique to the case. */
  page(
    path: string,
    page: WebPage,
    seen: (request: WebRequest) => void,
  ): { readonly url: string; readonly secureUrl: string; release(): void; close(): void };
}

export interface Door {
  /** Without the station's id. */
  readonly ws: string;
  /** Another address of the same CSMS; its knocks come by this path too. */
  readonly second: string;
  close(): void;
}

/** How the kit's CSMS shows itself by TLS; also as no good CSMS would. */
export interface TlsSetting {
  readonly chain: string;
  readonly key: Secret;
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly ciphers?: string;
}

export interface SecureDoor {
  readonly wss: string;
  readonly second: string;
  /** The name that a certificate for it has to carry. */
  readonly host: string;
  renew(tls: TlsSetting): void;
  close(): void;
}
