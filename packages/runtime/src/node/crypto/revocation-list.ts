import { X509Certificate } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  CertificateList,
  Extension,
  KeyIdentifier,
  Name,
  RevokedCertificate,
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import type { RevocationList } from '../../crypto.ts';
import type { Instant } from '../../instant.ts';
import type { Secret } from '../../log.ts';
import { identifierOf, openCertificate, positive, rawNames } from './certificates.ts';
import { bufferOf, derOfPem, hexOf, partsOf, pemText, trimmedHex } from './der.ts';
import { subjectOf } from './distinguished-name.ts';
import { privateKeyOf } from './keys.ts';
import { algorithmFor, isSigned, signBytes } from './signatures.ts';

const LABEL = 'X509 CRL';

export function makeRevocationList(wish: {
  readonly issuer: { readonly certificate: string; readonly key: Secret };
  readonly serialNumbers: readonly string[];
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
}): string {
  const issuer = new X509Certificate(wish.issuer.certificate);
  const signer = privateKeyOf(wish.issuer.key);
  const revocationDate = new Time(wish.thisUpdate);
  const authority = new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(identifierOf(issuer)) });
  const list = new TBSCertList({
    version: Version.v2,
    signature: algorithmFor(signer),
    issuer: AsnConvert.parse(bufferOf(rawNames(issuer).subject), Name),
    thisUpdate: new Time(wish.thisUpdate),
    nextUpdate: new Time(wish.nextUpdate),
    ...(wish.serialNumbers.length === 0
      ? {}
      : {
          revokedCertificates: wish.serialNumbers.map(
            (serial) => new RevokedCertificate({ userCertificate: bufferOf(positive(serial)), revocationDate }),
          ),
        }),
    crlExtensions: [new Extension({ extnID: '2.5.29.35', critical: false, extnValue: new OctetString(AsnConvert.serialize(authority)) })],
  });
  const signature = signBytes(new Uint8Array(AsnConvert.serialize(list)), signer);
  const signed = new CertificateList({ tbsCertList: list, signatureAlgorithm: algorithmFor(signer), signature });
  return pemText(LABEL, new Uint8Array(AsnConvert.serialize(signed)));
}

export function readRevocationList(pem: string, issuerPem: string): RevocationList | undefined {
  const der = derOfPem(LABEL, pem);
  const issuer = openCertificate(issuerPem);
  if (!der || !issuer) return undefined;
  try {
    const { tbsCertList: list, signatureAlgorithm, signature } = AsnConvert.parse(bufferOf(der), CertificateList);
    const [body] = partsOf(der) ?? [];
    if (!body || !isSigned(body, signatureAlgorithm.algorithm, issuer.x509.publicKey, new Uint8Array(signature))) return undefined;
    return {
      issuer: subjectOf(list.issuer),
      thisUpdate: list.thisUpdate.getTime().getTime(),
      nextUpdate: list.nextUpdate?.getTime().getTime(),
      serialNumbers: (list.revokedCertificates ?? []).map(({ userCertificate }) => trimmedHex(hexOf(userCertificate))),
    };
  } catch {
    return undefined; // the ASN.1 library says so by throwing
  }
}
