import type { Crypto } from '../crypto.ts';

let loaded: Promise<Crypto> | undefined;

/** The real crypto, loaded when first needed: most processes without TLS never need a certificate, and it is 15 MB of memory. */
export function loadCrypto(): Promise<Crypto> {
  loaded ??= import('./crypto.ts').then(({ nodeCrypto }) => nodeCrypto);
  return loaded;
}
