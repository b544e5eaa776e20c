import { type CertificateFacts, type JournalChange, limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';

/** What a root is trusted for. */
export type RootKind = 'CSMSRoot' | 'ManufacturerRoot' | 'V2GRoot' | 'MORoot' | 'OEMRoot';
export const ROOT_KINDS: readonly RootKind[] = ['CSMSRoot', 'ManufacturerRoot', 'V2GRoot', 'MORoot', 'OEMRoot'];

export interface TrustedRoot {
  readonly kind: RootKind;
  /** SHA-256 of its DER, hexadecimal: the same root of another kind is another entry. */
  readonly fingerprint: string;
  readonly pem: string;
}

/** The roots this station trusts, by purpose, on the Journal. Nothing else is trusted (D19). Changes are durable with the commit they are put into. */
export class TrustStore {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Oldest journal key first; of one kind when asked. */
  list(kind?: RootKind): readonly TrustedRoot[] {
    return this.#context.memory.list<TrustedRoot>(kind === undefined ? keys.trust : keys.trusted(kind, '')).map(({ value }) => value);
  }

  pems(kind: RootKind): readonly string[] {
    return this.list(kind).map(({ pem }) => pem);
  }

  has(kind: RootKind, fingerprint: string): boolean {
    return this.#context.memory.read<TrustedRoot>(keys.trusted(kind, fingerprint)) !== undefined;
  }

  get size(): number {
    return this.list().length;
  }

  get full(): boolean {
    return this.size >= limits.trustedRoots;
  }

  /** Whether it is worth keeping is judged by who adds it. Adding what is there changes nothing. */
  adding(kind: RootKind, { fingerprint, pem }: Pick<CertificateFacts, 'fingerprint' | 'pem'>): readonly JournalChange[] {
    return [put(keys.trusted(kind, fingerprint), { kind, fingerprint, pem } satisfies TrustedRoot)];
  }

  removing({ kind, fingerprint }: Pick<TrustedRoot, 'kind' | 'fingerprint'>): readonly JournalChange[] {
    return [remove(keys.trusted(kind, fingerprint))];
  }
}
