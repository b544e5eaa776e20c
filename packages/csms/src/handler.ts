import type { Action, Ocpp, OcppVersion, RequestOf, ResponseOf } from '@busbar/protocol';
import type { Crypto, Instant } from '@busbar/runtime';
import type { Authorizer } from './authorization.ts';
import type { Restriction } from './blocks/a-security/client-certificate.ts';
import type { OwnEvent } from './blocks/a-security/security-log.ts';
import type { Prices } from './blocks/i-tariff-cost/prices.ts';
import type { CsmsConfig, Extensions, StationSettings } from './config.ts';
import type { Intent, Outcome, StationRecord } from './store/intents.ts';
import type { Reader } from './store/store.ts';

/** What a handler knows of the station that speaks. */
export interface StationView {
  readonly record: StationRecord;
  readonly settings: StationSettings;
  readonly version: OcppVersion;
  readonly epoch: number;
  /** The security profile of this link, and why it may only renew its certificate, if so. */
  readonly securityProfile: number;
  readonly restriction: Restriction | undefined;
  /** The commonName of the client certificate. */
  readonly certificateName: string | undefined;
  /** It sent more security events than anybody can read. */
  readonly securityFlood: boolean;
}

export interface Context {
  readonly station: StationView;
  readonly now: Instant;
  readonly config: CsmsConfig;
}

/** What `load` may ask before the decision; the only part of a handler that waits. */
export interface Services {
  readonly read: Reader;
  readonly authorizer: Authorizer;
  readonly prices: Prices;
  readonly extensions: Extensions;
  readonly crypto: () => Promise<Crypto>;
  readonly canSign: boolean;
}

/** What follows once the answer has left: the name of an automation (D9) with what it needs. */
export type After =
  | { readonly run: 'onboardingInventory' }
  | { readonly run: 'accepted' }
  | { readonly run: 'signCertificate'; readonly csr: string; readonly use: Ocpp.CertificateSigningUseEnumType; readonly requestId?: number }
  | { readonly run: 'renewCertificate' }
  | { readonly run: 'securityEvent'; readonly type: OwnEvent; readonly techInfo: string }
  | { readonly run: 'closeLink'; readonly code: number; readonly reason: string }
  /** For people who watch: a token was asked about. */
  | { readonly run: 'tellAuthorize'; readonly idToken: string; readonly status: string; readonly since: Instant };

export interface Decision<A extends Action> {
  readonly response: ResponseOf<A>;
  readonly intents: readonly Intent[];
  /** Where the answer needs what became of the row. Pure. */
  readonly complete?: (response: ResponseOf<A>, outcomes: readonly Outcome[]) => ResponseOf<A>;
  /**
   * Where the answer needs what has to be read once the row is durable (totalCost). When it fails the answer leaves without:
   * what is stored is never refused.
   */
  readonly finish?: (response: ResponseOf<A>, outcomes: readonly Outcome[], services: Services) => Promise<ResponseOf<A>>;
  readonly after?: readonly After[];
}

export type Handler<A extends Action> = (request: RequestOf<A>, context: Context, services: Services) => Decision<A> | Promise<Decision<A>>;

/** A handler that decides at once: no wait, nothing asked. */
export const handler =
  <A extends Action>(_action: A, decide: (request: RequestOf<A>, context: Context) => Decision<A>): Handler<A> =>
  (request, context) =>
    decide(request, context);

/** A handler whose `load` may wait; `decide` stays pure and synchronous. */
export const loadingHandler =
  <A extends Action, V>(
    _action: A,
    load: (request: RequestOf<A>, context: Context, services: Services) => Promise<V>,
    decide: (request: RequestOf<A>, context: Context, view: V) => Decision<A>,
  ): Handler<A> =>
  async (request, context, services) =>
    decide(request, context, await load(request, context, services));

export type Handlers = { readonly [A in Action]?: Handler<A> };

/** A laboratory may let the CSMS's clock be wrong, in test mode only. */
export const testClockOffsetMs = ({ station, config }: Context): number =>
  config.testMode ? (station.settings.test?.clockOffset ?? 0) * 1000 : 0;
