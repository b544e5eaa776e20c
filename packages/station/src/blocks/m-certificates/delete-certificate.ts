import type { Ocpp } from '@busbar/protocol';
import type { Crypto, JournalChange } from '@busbar/runtime';
import { handler } from '../../handler.ts';
import type { Life } from '../../life.ts';
import { chainHashes, rootHash, sameHash } from './certificate-hashes.ts';

/**
 * M04: one certificate goes. The station's own certificate never does this way (M04.FR.06), nor does the last CSMS root of a
 * station that connects by TLS: it could not come back to hear another word (M04.FR.03).
 */
export const DeleteCertificate = handler('DeleteCertificate', async ({ certificateHashData }, life) => {
  const { context } = life;
  if (!context.withCertificates) return { response: { status: 'NotFound' } };
  const found = find(await context.crypto(), certificateHashData, life);
  if (found === undefined) return { response: { status: 'NotFound' } }; // M04.FR.04
  if ('needed' in found) {
    context.note(`a certificate is not deleted: ${found.needed}`);
    return { response: { status: 'Failed', statusInfo: { reasonCode: 'NotAllowed', additionalInfo: found.needed } } };
  }
  context.note(`${found.name} deleted`);
  const after = (): void => life.security.report('ReconfigurationOfSecurityParameters', `DeleteCertificate ${found.name}`);
  return { response: { status: 'Accepted' }, commit: found.changes, after }; // M04.FR.02
});

type Found = { readonly name: string; readonly changes: readonly JournalChange[] } | { readonly needed: string };

function find(crypto: Crypto, wanted: Ocpp.CertificateHashDataType, { trust, own, profiles }: Life): Found | undefined {
  const installed = trust.list();
  for (const root of installed) {
    if (!sameHash(rootHash(crypto, root, installed, wanted.hashAlgorithm), wanted)) continue;
    const last = root.kind === 'CSMSRoot' && trust.list('CSMSRoot').length === 1;
    if (last && profiles.securityProfile >= 2) return { needed: 'it is the last CSMS root, and the link rests on it' };
    return { name: `${root.kind} ${root.fingerprint.slice(0, 16)}`, changes: trust.removing(root) };
  }
  const hashesOf = (chain: string | undefined) => (chain === undefined ? [] : chainHashes(crypto, chain, installed, wanted.hashAlgorithm));
  for (const certificate of [own.current('ChargingStationCertificate'), own.renewed('ChargingStationCertificate')]) {
    if (hashesOf(certificate?.chain).some((hash) => sameHash(hash, wanted))) return { needed: 'it belongs to the charging station itself' };
  }
  for (const use of ['V2GCertificate', 'V2G20Certificate'] as const) {
    // M04.FR.08: with one certificate of a chain the others are of no use.
    if (hashesOf(own.current(use)?.chain).some((hash) => sameHash(hash, wanted)))
      return { name: use, changes: own.discarding(use, 'current') };
  }
  return undefined;
}
