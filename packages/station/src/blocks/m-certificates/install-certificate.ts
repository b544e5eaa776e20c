import type { Ocpp } from '@busbar/protocol';
import { type CertificateFacts, type Crypto, splitPem } from '@busbar/runtime';
import { type Decision, handler } from '../../handler.ts';
import type { Life } from '../../life.ts';
import { rootKindOf } from './root-kinds.ts';

/**
 * M05: a new root for one purpose. It must be one certificate of an authority that is valid now; where the additional check
 * is on, a CSMS root must be signed by the one it replaces. A certificate that is no good is Rejected, never Failed.
 */
export const InstallCertificate = handler('InstallCertificate', async ({ certificateType, certificate }, life) => {
  const { context, trust, succession, security } = life;
  const after = (): void => security.report('ReconfigurationOfSecurityParameters', `InstallCertificate ${certificateType}`);
  if (!context.withCertificates) return rejected('UnsupportedRequest', 'this station was built without certificates', life);
  const crypto = await context.crypto();
  const facts = crypto.readCertificate(certificate);
  const fault = facts === undefined ? 'it cannot be read' : faultOf(crypto, certificate, facts, context.clock.now());
  if (facts === undefined || fault !== undefined) return rejected('InvalidCertificate', fault ?? '', life); // M05.FR.07
  const kind = rootKindOf(certificateType);
  const replacing = kind === 'CSMSRoot' && succession.on ? succession.current : undefined;
  const known = trust.has(kind, facts.fingerprint);
  if (replacing && replacing.fingerprint !== facts.fingerprint) {
    // M05.FR.10, M05.FR.11
    if (!crypto.isIssuedBy(certificate, replacing.pem))
      return rejected('InvalidCertificate', 'it is not signed by the root it replaces', life);
    context.note('a new CSMS root is installed, the old one stays as its fallback (M05.FR.12)');
    return { response: { status: 'Accepted' }, commit: [...succession.replacing(replacing), ...trust.adding(kind, facts)], after };
  }
  if (!known && trust.full) return rejected('OutOfStorage', 'the store of certificates is full', life); // M05.FR.06
  context.note(`${certificateType} ${facts.subject.commonName ?? facts.fingerprint.slice(0, 16)} ${known ? 'replaced' : 'installed'}`);
  return { response: { status: 'Accepted' }, commit: trust.adding(kind, facts), after }; // M05.FR.02, M05.FR.17
});

function rejected(reasonCode: string, why: string, { context }: Life): Decision<'InstallCertificate'> {
  context.note(`a certificate is not installed: ${why}`);
  const statusInfo: Ocpp.StatusInfoType = { reasonCode, additionalInfo: why.slice(0, 512) };
  return { response: { status: 'Rejected', statusInfo } };
}

function faultOf(crypto: Crypto, pem: string, { isCa }: CertificateFacts, at: number): string | undefined {
  if (splitPem(pem).length !== 1) return 'it is not exactly one certificate';
  if (!isCa) return 'it may not sign certificates';
  const verdict = crypto.verifyChain({ chain: pem, roots: [pem], at });
  return verdict.kind === 'fault' ? verdict.reason : undefined;
}
