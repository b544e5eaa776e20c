import { randomBytes } from 'node:crypto';
import { ROLES, type Role } from '@busbar/api';
import { BusbarError, limits, messageOf } from '@busbar/runtime';
import type * as Client from 'openid-client';
import type { Kernel } from '../kernel.ts';
import { hashToken } from '../passwords.ts';
import { nameFrom, shownNameFrom } from '../people/names.ts';

export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** The claim that says the role, as a text or a list of texts. */
  readonly roleClaim: string;
  /** The claim that says the sites, by id or name; without it everybody sees all. */
  readonly sitesClaim?: string;
}

/** Whom the identity provider let through. */
export interface Told {
  readonly subject: string;
  readonly name: string;
  readonly shownName: string;
  readonly role: Role;
  readonly sites: readonly number[] | null;
}

/** A browser that is at the provider now. */
interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly until: number;
}

type Claims = Readonly<Record<string, unknown>>;

/** The way to the identity provider and back: authorization code with PKCE, state, nonce, and a cookie that binds it to one browser. */
export class OidcDoor {
  readonly #kernel: Kernel;
  readonly #options: OidcOptions;
  readonly #publicUrl: string | undefined;
  /** By the hash of the browser's token. */
  readonly #pending = new Map<string, Pending>();
  #configured: Promise<{ readonly client: typeof Client; readonly configuration: Client.Configuration }> | undefined;

  constructor(kernel: Kernel, options: OidcOptions, publicUrl: string | undefined) {
    this.#kernel = kernel;
    this.#options = options;
    this.#publicUrl = publicUrl?.replace(/\/$/, '');
  }

  async start(base: string): Promise<{ readonly url: string; readonly browserToken: string }> {
    const { client, configuration } = await this.#configuration();
    const browserToken = randomBytes(32).toString('base64url');
    const pending: Pending = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      redirectUri: `${this.#publicUrl ?? base}/api/v1/session/oidc/callback`,
      until: this.#kernel.clock.monotonic() + limits.oidcPendingMs,
    };
    this.#remember(hashToken(browserToken), pending);
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: pending.redirectUri,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
    });
    return { url: url.href, browserToken };
  }

  /** Back from there: once, in the same browser, in time. */
  async back(url: string, browserToken: string | undefined): Promise<Told> {
    const hash = hashToken(browserToken ?? '');
    const pending = this.#pending.get(hash);
    this.#pending.delete(hash);
    if (pending === undefined || pending.until < this.#kernel.clock.monotonic())
      throw new BusbarError('unauthorized', 'This sign-in was not begun in this browser, or too long ago. Begin anew.');
    const { client, configuration } = await this.#configuration();
    const current = new URL(pending.redirectUri);
    current.search = new URL(url, pending.redirectUri).search;
    let claims: Claims;
    try {
      const tokens = await client.authorizationCodeGrant(configuration, current, {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        idTokenExpected: true,
      });
      const own = tokens.claims();
      if (own === undefined) throw new Error('the answer holds no id token');
      claims = { ...own };
      const { roleClaim, sitesClaim = roleClaim } = this.#options;
      const more = [roleClaim, sitesClaim, 'preferred_username', 'name'].some((claim) => claims[claim] === undefined);
      if (more && configuration.serverMetadata().userinfo_endpoint !== undefined)
        claims = { ...(await client.fetchUserInfo(configuration, tokens.access_token, own.sub)), ...claims };
    } catch (error) {
      this.#kernel.log.warn('a sign-in by the identity provider failed', { error: messageOf(error) });
      throw new BusbarError('unauthorized', 'The identity provider did not let you in, or its answer does not fit. Begin anew.', {
        cause: error,
      });
    }
    return this.#told(claims);
  }

  #remember(hash: string, pending: Pending): void {
    const now = this.#kernel.clock.monotonic();
    for (const [old, { until }] of this.#pending) {
      if (until >= now && this.#pending.size < limits.oidcPending) break;
      this.#pending.delete(old);
    }
    this.#pending.set(hash, pending);
  }

  async #told(claims: Claims): Promise<Told> {
    const { issuer, roleClaim } = this.#options;
    const subject = String(claims['sub']);
    const said = textsOf(claims[roleClaim]);
    const role = ROLES.findLast((known) => said.includes(known));
    if (role === undefined)
      throw new BusbarError('forbidden', `The identity provider gives you no role here (its claim ${roleClaim}: ${ROLES.join(', ')}).`);
    const called = ['preferred_username', 'email', 'name', 'sub'].map((claim) => claims[claim]).filter((text) => typeof text === 'string');
    const name = called.map(nameFrom).find((one) => one !== undefined) ?? 'person';
    const shown = typeof claims['name'] === 'string' ? shownNameFrom(claims['name']) : '';
    return { subject: `${issuer} ${subject}`, name, shownName: shown === '' ? name : shown, role, sites: await this.#sites(claims) };
  }

  /** Where a claim should say the sites and says none that we know, there are none to see. */
  async #sites(claims: Claims): Promise<readonly number[] | null> {
    const { sitesClaim } = this.#options;
    if (sitesClaim === undefined) return null;
    const said = textsOf(claims[sitesClaim]);
    if (said.includes('*')) return null;
    const known = await this.#kernel.read.sites();
    const sites = known.filter(({ id, name }) => said.includes(String(id)) || said.includes(name)).map(({ id }) => id);
    if (sites.length === 0)
      throw new BusbarError(
        'forbidden',
        `The identity provider gives you no site here (its claim ${sitesClaim}: ids, names, or * for all).`,
      );
    return sites;
  }

  /** What the provider tells of itself, asked at the first sign-in and again when that failed. */
  async #configuration(): Promise<{ readonly client: typeof Client; readonly configuration: Client.Configuration }> {
    this.#configured ??= this.#discover();
    try {
      return await this.#configured;
    } catch (error) {
      this.#configured = undefined;
      this.#kernel.log.warn('the identity provider cannot be used', { issuer: this.#options.issuer, error: messageOf(error) });
      throw new BusbarError(
        'oidc-unavailable',
        'The identity provider does not answer as it should; the log of the CSMS has the details.',
        {
          cause: error,
        },
      );
    }
  }

  async #discover(): Promise<{ readonly client: typeof Client; readonly configuration: Client.Configuration }> {
    const client = await import('openid-client'); // loaded when somebody first comes this way
    const { issuer, clientId, clientSecret } = this.#options;
    const server = new URL(issuer);
    const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(server.hostname);
    const configuration = await client.discovery(
      server,
      clientId,
      {},
      clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret),
      // Without TLS only where nobody can listen.
      loopback && server.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {},
    );
    return { client, configuration };
  }
}

const textsOf = (claim: unknown): readonly string[] =>
  (Array.isArray(claim) ? claim : [claim])
    .slice(0, 1000)
    .flatMap((one: unknown) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []));
