import type { Ocpp } from '@busbar/protocol';
import type { Crypto } from '@busbar/runtime';
import { handler } from '../../handler.ts';
import type { Life } from '../../life.ts';
import { chainHashes, REPORTED_ALGORITHM, rootHash } from './certificate-hashes.ts';
import { useOf } from './root-kinds.ts';

/** M03: the hashes of what is installed, of some types or of all (M03.FR.01). A V2G chain is told with its sub-CAs below it. */
export const GetInstalledCertificateIds = handler('GetInstalledCertificateIds', async ({ certificateType }, life) => {
  if (!life.context.withCertificates) return { response: { status: 'NotFound' } };
  const crypto = await life.context.crypto();
  const all = [...roots(crypto, life), ...ownChains(crypto, life)];
  const found = certificateType === undefined ? all : all.filter((chain) => certificateType.includes(chain.certificateType));
  if (found.length === 0) return { response: { status: 'NotFound' } }; // M03.FR.02
  return { response: { status: 'Accepted', certificateHashDataChain: found } }; // M03.FR.03, M03.FR.04
});

function roots(crypto: Crypto, { context, trust }: Life): Ocpp.CertificateHashDataChainType[] {
  const installed = trust.list();
  return installed
    .filter(({ kind }) => kind !== 'OEMRoot' || context.dm.version === 'ocpp2.1') // 2.0.1 has no word for it
    .flatMap((root) => {
      const certificateHashData = rootHash(crypto, root, installed, REPORTED_ALGORITHM);
      return certificateHashData ? [{ certificateType: useOf(root.kind), certificateHashData }] : [];
    });
}

/** M03.FR.05 */
function ownChains(crypto: Crypto, { own, trust }: Life): Ocpp.CertificateHashDataChainType[] {
  return (['V2GCertificate', 'V2G20Certificate'] as const).flatMap((use) => {
    const certificate = own.current(use);
    const [leaf, ...children] = certificate ? chainHashes(crypto, certificate.chain, trust.list('V2GRoot'), REPORTED_ALGORITHM) : [];
    if (!leaf) return [];
    const childCertificateHashData = children.slice(0, 4);
    return [
      {
        certificateType: 'V2GCertificateChain' as const,
        certificateHashData: leaf,
        ...(childCertificateHashData.length > 0 ? { childCertificateHashData } : {}),
      },
    ];
  });
}
