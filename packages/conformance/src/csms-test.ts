import type { Action, RequestOf } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import type { Received } from './link.ts';
import type { CsmsAddress } from './outside.ts';
import type { IdToken, TokenRole } from './settings.ts';
import { type ContextOptions, TestContext } from './test-context.ts';
import { type AwaitOptions, type Identity, ToolStation, ToolTransaction } from './tool-station.ts';

export interface CommandOptions<A extends Action> extends AwaitOptions<A> {
  readonly action: A;
  /** What the operator fills in. */
  readonly payload: Partial<RequestOf<A>> & Readonly<Record<string, unknown>>;
}

/** A case that tests a CSMS: the kit plays the station. */
export class CsmsTest extends TestContext {
  readonly address: CsmsAddress;
  readonly #stations: ToolStation[] = [];
  readonly #known = new Set<TokenRole>();

  constructor(options: ContextOptions, address: CsmsAddress) {
    super(options);
    this.address = address;
  }

  /** A station that the CSMS knows and that has not connected yet. */
  async station(options: { readonly securityProfile?: 1 | 2 | 3 } = {}): Promise<ToolStation> {
    const identity = this.#identity();
    const securityProfile = options.securityProfile ?? this.settings.securityProfile;
    await this.perform({
      do: 'registerStation',
      stationId: identity.id,
      password: identity.password,
      serialNumber: identity.serialNumber,
      securityProfile,
    });
    const station = new ToolStation(this, this.address, identity);
    this.#stations.push(station);
    return station;
  }

  /** A token in its part, told to the CSMS the first time it is used. */
  async tokenAt(role: TokenRole): Promise<IdToken> {
    const token = this.token(role);
    const record = this.recordOf(role);
    if (record && !this.#known.has(role) && this.settings.tokens?.[role] === undefined) {
      this.#known.add(role);
      await this.perform({ do: 'setToken', type: token.type, idToken: token.idToken, token: record });
    }
    return token;
  }

  transaction(
    station: ToolStation,
    evseId: number = this.settings.evseId,
    connectorId: number = this.settings.connectorId,
  ): ToolTransaction {
    return new ToolTransaction(this, station, evseId, connectorId);
  }

  /** Lets an operator of the CSMS send a message, waits for it at the station, judges and answers it. */
  async command<A extends Action>(station: ToolStation, step: number, options: CommandOptions<A>): Promise<Received<A>> {
    const { action, payload, ...rest } = options;
    const arriving = station.awaits(step, action, rest);
    const [call] = await Promise.all([arriving, this.perform({ do: 'call', stationId: station.id, action, payload })]);
    return call;
  }

  timestamp(): string {
    return formatInstant(this.now);
  }

  /** Leaves nothing behind: links closed, stations gone. */
  async tearDown(): Promise<void> {
    for (const station of this.#stations) {
      for (const link of this.links) link.close(1000, 'the case is over');
      await this.perform({ do: 'removeStation', stationId: station.id });
    }
  }

  #identity(): Identity {
    const fixed = this.settings.station;
    const suffix = this.outside.ids.uuid4().slice(0, 8);
    if (fixed && this.#stations.length === 0) return { serialNumber: `SN-${suffix}`, ...fixed };
    return { id: `${this.caseId}-${suffix}`, password: passwordFrom(this.outside.random.bytes(16)), serialNumber: `SN-${suffix}` };
  }
}

/** 32 characters out of what identifierString allows (A00.FR.205). */
export const passwordFrom = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
