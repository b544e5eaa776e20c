import { createPublicKey } from 'node:crypto';
import { CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import type { KeyPair, RequestReading, Subject } from '../../crypto.ts';
import { bufferOf, derOfPem, partsOf, pemText } from './der.ts';
import { nameOf, subjectOf } from './distinguished-name.ts';
import { keyFacts, privateKeyOf, publicKeyOf, publicPem } from './keys.ts';
import { algorithmFor, isSigned, signBytes } from './signatures.ts';

const LABEL = 'CERTIFICATE REQUEST';

export function makeRequest({ subject, key }: { readonly subject: Subject; readonly key: KeyPair }): string {
  const signer = privateKeyOf(key.privateKey);
  const spki = createPublicKey(key.publicKey).export({ type: 'spki', format: 'der' });
  const info = new CertificationRequestInfo({
    version: 0,
    subject: nameOf(subject),
    subjectPKInfo: AsnConvert.parse(bufferOf(spki), SubjectPublicKeyInfo),
  });
  const signature = signBytes(new Uint8Array(AsnConvert.serialize(info)), signer);
  const request = new CertificationRequest({ certificationRequestInfo: info, signatureAlgorithm: algorithmFor(signer), signature });
  return pemText(LABEL, new Uint8Array(AsnConvert.serialize(request)));
}

export function readRequest(pem: string): RequestReading {
  const malformed = { kind: 'fault', fault: 'malformed' } as const;
  const der = derOfPem(LABEL, pem) ?? derOfPem('NEW CERTIFICATE REQUEST', pem);
  if (!der) return malformed;
  try {
    const request = AsnConvert.parse(bufferOf(der), CertificationRequest);
    const [info] = partsOf(der) ?? [];
    const key = publicKeyOf(new Uint8Array(AsnConvert.serialize(request.certificationRequestInfo.subjectPKInfo)));
    if (!info || !key) return malformed;
    if (!isSigned(info, request.signatureAlgorithm.algorithm, key, new Uint8Array(request.signature)))
      return { kind: 'fault', fault: 'badSignature' };
    const subject = subjectOf(request.certificationRequestInfo.subject);
    return { kind: 'request', subject, key: keyFacts(key), publicKey: publicPem(key) };
  } catch {
    return malformed; // the ASN.1 library says so by throwing
  }
}
