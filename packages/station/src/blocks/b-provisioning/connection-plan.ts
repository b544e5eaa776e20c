import { OCPPCommCtrlr, SecurityCtrlr } from '@busbar/protocol/device-model';
import { Secret } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys } from '../../memory.ts';
import type { OwnCertificate, OwnCertificates } from '../a-security/own-certificates.ts';
import type { NetworkProfile, NetworkProfiles } from './network-profiles.ts';

/** One attempt to connect: where, as whom, with what. */
export interface Attempt {
  readonly slot: number;
  readonly profile: NetworkProfile;
  readonly identity: string;
  readonly password: Secret | undefined;
  readonly certificate: OwnCertificate | undefined;
  /** Which of the two client certificates it is, when one was renewed. */
  readonly which: 'current' | 'renewed';
}

/**
 * B10: which slot and which client certificate the next attempt takes. Each entry of the priority gets its attempts
 * (B10.FR.03); when all failed, the last one that worked gets as many (B10.FR.07), then everything begins anew (B10.FR.08):
 * the station never gives up (B10.FR.09). A renewed certificate and the old one take turns, round by round (A02.FR.28, A03.FR.24).
 */
export class ConnectionPlan {
  readonly #context: Context;
  readonly #profiles: NetworkProfiles;
  readonly #own: OwnCertificates;
  #order: readonly number[] = [];
  /** The last profile that worked; its stop comes after all others. */
  #fallback: number | undefined;
  #at = 0;
  #failures = 0;
  #rounds = 0;

  constructor(context: Context, profiles: NetworkProfiles, own: OwnCertificates) {
    this.#context = context;
    this.#profiles = profiles;
    this.#own = own;
  }

  /** B10.FR.04: after a reboot from the first entry on. */
  fromFirst(): void {
    this.#begin(this.#profiles.order);
  }

  /** B10.FR.03: after a loss from the slot on that was in use, then all others. */
  fromActive(): void {
    const { order, active } = this.#profiles;
    const at = Math.max(0, order.indexOf(active));
    this.#begin([...order.slice(at), ...order.slice(0, at)]);
  }

  next(): Attempt | undefined {
    const slot = this.#slot;
    const profile = this.#profiles.of(slot);
    if (!profile) return undefined;
    const { config, dm } = this.#context;
    const set = dm.text(SecurityCtrlr.BasicAuthPassword);
    const password = profile.basicAuthPassword ?? (set === '' ? undefined : set);
    const renewed = this.#own.renewed('ChargingStationCertificate');
    const which = renewed && this.#at < this.#order.length && this.#rounds % 2 === 0 ? 'renewed' : 'current';
    return {
      slot,
      profile,
      identity: profile.identity ?? config.identity,
      password: profile.securityProfile === 3 ? undefined : password === undefined ? config.password : new Secret(password),
      certificate: which === 'renewed' ? renewed : this.#own.current('ChargingStationCertificate'),
      which,
    };
  }

  /** The attempt failed: the same again, or the next entry. */
  failed(): void {
    this.#failures += 1;
    if (this.#failures < this.#context.dm.number(OCPPCommCtrlr.NetworkProfileConnectionAttempts)) return;
    const slot = this.#slot;
    this.#context.note(`network profile ${slot} failed ${this.#failures} times, the next one in the list is tried (B10.FR.03)`);
    this.#failures = 0;
    this.#at += 1;
    if (this.#at < this.#order.length || (this.#at === this.#order.length && this.#fallback !== undefined)) return;
    this.#rounds += 1;
    this.#begin(this.#profiles.order);
  }

  /** A link is accepted, or there is a new certificate to try: the rounds before do not count any more. */
  anew(): void {
    this.#rounds = 0;
  }

  get #slot(): number {
    return this.#order[this.#at] ?? this.#fallback ?? this.#profiles.order[0] ?? 1;
  }

  #begin(order: readonly number[]): void {
    const last = this.#context.memory.read<number>(keys.lastProfile);
    this.#fallback = last !== undefined && this.#profiles.of(last) !== undefined ? last : undefined;
    this.#order = order;
    this.#at = 0;
    this.#failures = 0;
  }
}
