import { SecurityCtrlr } from '@busbar/protocol/device-model';
import type { JournalChange } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';
import type { TrustedRoot, TrustStore } from './trust-store.ts';

/** Why these roots do not vouch for a server, or undefined when they do. */
export type Fault = (roots: readonly string[]) => string | undefined;

/**
 * AdditionalRootCertificateCheck: one CSMS root at a time, each signed by the one before, which stays as a fallback until
 * the new one has proven itself (M05.FR.09–16). Without it all CSMS roots are worth the same.
 */
export class RootSuccession {
  readonly #context: Context;
  readonly #trust: TrustStore;
  /** The link that is open, or was opened last, rests on the new root. */
  #byNew = false;
  /** The last attempt stood on the new root and failed. */
  #oldIsNext = false;

  constructor(context: Context, trust: TrustStore) {
    this.#context = context;
    this.#trust = trust;
  }

  get on(): boolean {
    return this.#context.dm.bool(SecurityCtrlr.AdditionalRootCertificateCheck);
  }

  /** The root that a new one must be signed by. */
  get current(): TrustedRoot | undefined {
    const fallback = this.#fallback;
    return this.#trust.list('CSMSRoot').find((root) => root.fingerprint !== fallback?.fingerprint);
  }

  /** M05.FR.09, M05.FR.12: the old root becomes the fallback; what was the fallback before goes. */
  replacing(old: TrustedRoot): readonly JournalChange[] {
    const before = this.#fallback;
    return [...(before ? this.#trust.removing(before) : []), put(keys.fallbackRoot, old.fingerprint)];
  }

  /**
   * M05.FR.14–16: an attempt stands on the new root; only the one after it, and only where the station was at home before, on
   * the old one. While it migrates (B10) the old one does not count.
   */
  judge(slot: number, fault: Fault): string | undefined {
    const fallback = this.#fallback;
    const pems = this.#trust.list('CSMSRoot');
    const migrating = slot !== (this.#context.memory.read<number>(keys.lastProfile) ?? 1);
    const byOld = this.#oldIsNext && fallback !== undefined && !migrating;
    const counted = byOld ? [fallback] : pems.filter((root) => root.fingerprint !== fallback?.fingerprint);
    const why = fault(counted.map(({ pem }) => pem));
    this.#byNew = why === undefined && !byOld;
    this.#oldIsNext = why !== undefined && !byOld && !migrating;
    if (why === undefined && byOld) this.#context.note('the CSMS still stands on the old root (M05.FR.14)');
    return why;
  }

  /** M05.FR.13: connected and accepted with the new root. */
  proven(): readonly JournalChange[] {
    const fallback = this.#fallback;
    if (!fallback || !this.#byNew) return [];
    this.#context.note('the old CSMS root goes, the new one has proven itself (M05.FR.13)');
    return [...this.#trust.removing(fallback), remove(keys.fallbackRoot)];
  }

  get #fallback(): TrustedRoot | undefined {
    const fingerprint = this.#context.memory.read<string>(keys.fallbackRoot);
    return fingerprint === undefined ? undefined : this.#trust.list('CSMSRoot').find((root) => root.fingerprint === fingerprint);
  }
}
