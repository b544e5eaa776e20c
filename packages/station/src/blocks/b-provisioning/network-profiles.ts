import type { Ocpp } from '@busbar/protocol';
import { OCPPCommCtrlr, SecurityCtrlr } from '@busbar/protocol/device-model';
import { type JournalChange, limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put } from '../../memory.ts';
import type { OwnCertificates } from '../a-security/own-certificates.ts';
import type { TrustStore } from '../m-certificates/trust-store.ts';

export type NetworkProfile = Ocpp.NetworkConnectionProfileType;

export const SLOTS: readonly number[] = Array.from({ length: limits.networkSlots }, (_, index) => index + 1);

/** Why the CSMS may not have it so; the word is the reasonCode of statusInfo. */
export interface Refusal {
  readonly reasonCode: 'InvalidNetworkConf' | 'NoSecurityDowngrade' | 'InvalidConfSlot';
  readonly additionalInfo: string;
}

/** B09, B10, A05: where the station may connect, in which order, and with which security. Slot 1 begins as it was configured. */
export class NetworkProfiles {
  readonly #context: Context;
  readonly #trust: TrustStore;
  readonly #own: OwnCertificates;
  /** The slot of the link that is open, or of the last one. */
  #active: number;

  constructor(context: Context, trust: TrustStore, own: OwnCertificates) {
    this.#context = context;
    this.#trust = trust;
    this.#own = own;
    this.#active = context.memory.read<number>(keys.lastProfile) ?? 1;
  }

  get active(): number {
    return this.#active;
  }

  /** The security the station has reached; it only falls from 3 to 2, and only where that is allowed (errata 2.5). */
  get securityProfile(): number {
    return this.#context.memory.read<number>(keys.securityProfile) ?? this.#initialSecurity();
  }

  of(slot: number): NetworkProfile | undefined {
    const stored = this.#context.memory.read<NetworkProfile | null>(keys.networkProfile(slot));
    if (stored !== undefined) return stored ?? undefined; // null: was removed
    const { config } = this.#context;
    if (slot !== 1) return config.networkProfiles?.find((entry) => entry.slot === slot)?.profile;
    return {
      ocppCsmsUrl: config.csmsUrl,
      ocppInterface: 'Wired0',
      ocppTransport: 'JSON',
      ocppVersion: 'OCPP20',
      messageTimeout: this.#context.dm.number(OCPPCommCtrlr.MessageTimeoutDefault),
      securityProfile: this.#initialSecurity(),
    };
  }

  /** B10.FR.04: the order to try, as far as there is something in the slots. */
  get order(): readonly number[] {
    const listed = this.#context.dm
      .list(OCPPCommCtrlr.NetworkConfigurationPriority)
      .map(Number)
      .filter((slot) => this.of(slot) !== undefined);
    return listed.length > 0 ? listed : SLOTS.filter((slot) => this.of(slot) !== undefined);
  }

  /** B09.FR.02, B09.FR.04, B09.FR.05, B09.FR.31 and what they call it (errata 2.11). */
  refusal(slot: number, profile: NetworkProfile): Refusal | undefined {
    if (!SLOTS.includes(slot)) return { reasonCode: 'InvalidConfSlot', additionalInfo: `slots are ${SLOTS.join(', ')}` };
    const wrong = contentFault(profile);
    if (wrong !== undefined) return { reasonCode: 'InvalidNetworkConf', additionalInfo: wrong };
    const lower = this.#downgrade(profile.securityProfile);
    return lower === undefined ? undefined : { reasonCode: 'NoSecurityDowngrade', additionalInfo: lower };
  }

  /** B10.FR.02, A05.FR.02, A05.FR.03, A05.FR.08, A05.FR.09, A05.FR.10: why this order cannot be, or undefined. */
  priorityRefusal(value: string): string | undefined {
    const slots = value.split(',').filter((part) => part !== '');
    if (slots.length === 0) return 'no slot at all';
    for (const slot of slots) {
      const profile = this.of(Number(slot));
      if (!profile) return `slot ${slot} holds no valid configuration`;
      const lower = this.#downgrade(profile.securityProfile);
      if (lower !== undefined) return lower;
      const missing = profile.securityProfile > this.securityProfile ? this.#missing(profile.securityProfile) : undefined;
      if (missing !== undefined) return missing;
    }
    return undefined;
  }

  storing(slot: number, profile: NetworkProfile): readonly JournalChange[] {
    return [put(keys.networkProfile(slot), profile)];
  }

  /** The link is open on this slot. */
  opened(slot: number): void {
    this.#active = slot;
  }

  /**
   * The CSMS accepted the station on this slot: it is what a fallback goes to (B10.FR.07); a higher security is reached and
   * what is lower goes, with its place in the order (A05.FR.06).
   */
  proven(slot: number): readonly JournalChange[] {
    const profile = this.of(slot);
    const { memory, dm, note } = this.#context;
    const changes: JournalChange[] = memory.read<number>(keys.lastProfile) === slot ? [] : [put(keys.lastProfile, slot)];
    if (!profile || profile.securityProfile === this.securityProfile) return changes;
    note(`security profile ${profile.securityProfile} reached (A05.FR.06)`);
    changes.push(put(keys.securityProfile, profile.securityProfile));
    const gone = SLOTS.filter((other) => (this.of(other)?.securityProfile ?? 9) < profile.securityProfile);
    changes.push(...gone.map((other) => put(keys.networkProfile(other), null)));
    const found = dm.lookup({ name: OCPPCommCtrlr.NetworkConfigurationPriority.component }, { name: 'NetworkConfigurationPriority' });
    if (gone.length > 0 && found.kind === 'found') {
      const left = this.order.filter((entry) => !gone.includes(entry));
      const setting = dm.setting(found.definition, left.join(','));
      setting.apply();
      changes.push(setting.change);
    }
    return changes;
  }

  #initialSecurity(): number {
    const { config } = this.#context;
    if (config.securityProfile !== undefined) return config.securityProfile;
    if (!config.csmsUrl.startsWith('wss:')) return config.password ? 1 : 0;
    return config.clientCertificate ? 3 : 2;
  }

  /** A00.FR.005 as changed: up, or from 3 to 2 where it is allowed, never to 1. */
  #downgrade(wanted: number): string | undefined {
    const now = this.securityProfile;
    if (wanted >= now) return undefined;
    const allowed = this.#context.dm.bool(SecurityCtrlr.AllowSecurityProfileDowngrade) && now === 3 && wanted === 2;
    return allowed ? undefined : `security profile ${wanted} is lower than ${now}`;
  }

  #missing(wanted: number): string | undefined {
    if (wanted >= 2 && this.#trust.list('CSMSRoot').length === 0) return 'no CSMS root certificate is installed'; // A05.FR.02
    const certificate = this.#own.renewed('ChargingStationCertificate') ?? this.#own.current('ChargingStationCertificate');
    return wanted === 3 && !certificate ? 'no client certificate is installed' : undefined; // A05.FR.03
  }
}

/** B09.FR.02: what the schema cannot say. */
function contentFault({ ocppCsmsUrl, ocppTransport, messageTimeout, securityProfile }: NetworkProfile): string | undefined {
  const [, scheme] = /^(wss?):\/\/[^\s/?#]+(?:\/[^\s?#]*)?$/.exec(ocppCsmsUrl) ?? [];
  if (scheme === undefined) return 'ocppCsmsUrl is no ws or wss URL';
  if (ocppTransport !== 'JSON') return 'only JSON is spoken';
  if (messageTimeout < 1) return 'messageTimeout is below 1 s';
  if (securityProfile < 0 || securityProfile > 3) return 'security profiles are 0 to 3';
  if (securityProfile >= 2 !== (scheme === 'wss')) return `security profile ${securityProfile} does not go with ${scheme}`;
  return undefined;
}
