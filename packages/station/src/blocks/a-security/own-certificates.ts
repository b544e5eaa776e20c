import { type JournalChange, Secret } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';

/** What the station shows others: the CSMS (profile 3), vehicles (ISO 15118-2 and -20). */
export type CertificateUse = 'ChargingStationCertificate' | 'V2GCertificate' | 'V2G20Certificate';
export const CERTIFICATE_USES: readonly CertificateUse[] = ['ChargingStationCertificate', 'V2GCertificate', 'V2G20Certificate'];

/** A chain, leaf first, and the key of its leaf. */
export interface OwnCertificate {
  readonly chain: string;
  readonly key: Secret;
}

interface Stored {
  readonly chain: string;
  readonly key: string;
}

/**
 * The station's own certificates, on the Journal: the one that worked last and, after a renewal, the one that has still to
 * prove itself (A02.FR.08, A02.FR.10). Private keys never leave (A02.FR.05): nothing here is part of the device model.
 */
export class OwnCertificates {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  current(use: CertificateUse): OwnCertificate | undefined {
    return this.#read(keys.ownCertificate(use));
  }

  /** Accepted from the CSMS, not yet used with success. */
  renewed(use: CertificateUse): OwnCertificate | undefined {
    return this.#read(keys.renewedCertificate(use));
  }

  get count(): number {
    return CERTIFICATE_USES.flatMap((use) => [this.current(use) ?? [], this.renewed(use) ?? []].flat()).length;
  }

  /** Replaces what there was. */
  setting(use: CertificateUse, { chain, key }: OwnCertificate): readonly JournalChange[] {
    return [put(keys.ownCertificate(use), { chain, key: key.reveal() } satisfies Stored), remove(keys.renewedCertificate(use))];
  }

  renewing(use: CertificateUse, { chain, key }: OwnCertificate): readonly JournalChange[] {
    return [put(keys.renewedCertificate(use), { chain, key: key.reveal() } satisfies Stored)];
  }

  /** A02.FR.10: the one that is not in use goes. */
  discarding(use: CertificateUse, which: 'current' | 'renewed'): readonly JournalChange[] {
    if (which === 'renewed') return [remove(keys.renewedCertificate(use))];
    const renewed = this.renewed(use);
    return renewed ? this.setting(use, renewed) : [remove(keys.ownCertificate(use))];
  }

  #read(key: string): OwnCertificate | undefined {
    const stored = this.#context.memory.read<Stored>(key);
    return stored && { chain: stored.chain, key: new Secret(stored.key) };
  }
}
