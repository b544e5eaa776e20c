import type { Context } from '../../context.ts';
import { keys, put } from '../../memory.ts';
import type { TrustStore } from '../m-certificates/trust-store.ts';
import type { OwnCertificates } from './own-certificates.ts';

/** Puts what the station was delivered with into its stores, once: what the CSMS removes later stays removed. Resolves when it is there. */
export async function seedCertificates(context: Context, trust: TrustStore, own: OwnCertificates): Promise<void> {
  const { config, memory, log } = context;
  const { roots = [], clientCertificate } = config;
  if ((roots.length === 0 && !clientCertificate) || memory.read<boolean>(keys.provisioned) === true) return;
  const crypto = await context.crypto();
  const changes = roots.flatMap(({ kind, pem }) => {
    const facts = crypto.readCertificate(pem);
    if (!facts) log.warn('a provisioned root is no certificate', { kind });
    return facts ? trust.adding(kind, facts) : [];
  });
  await memory.commit([
    ...changes,
    ...(clientCertificate ? own.setting('ChargingStationCertificate', clientCertificate) : []),
    put(keys.provisioned, true),
  ]);
}
