import { createHash } from 'node:crypto';
import type { Crypto } from '../crypto.ts';
import { certificateHash, issueCertificate, openCertificate } from './crypto/certificates.ts';
import { verifyChain } from './crypto/chain.ts';
import { generateKey, privateKeyOf } from './crypto/keys.ts';
import { makeRequest, readRequest } from './crypto/requests.ts';
import { makeRevocationList, readRevocationList } from './crypto/revocation-list.ts';
import { checkSignature, sign, verifyEcdsa } from './crypto/signatures.ts';

/** The port on node:crypto (OpenSSL) and the ASN.1 library. Load it with `loadCrypto`. */
export const nodeCrypto: Crypto = {
  generateKey,
  makeRequest,
  readRequest,
  issueCertificate,
  readCertificate: (pem) => openCertificate(pem)?.facts,
  certificateHash,
  isIssuedBy(pem, issuerPem) {
    const certificate = openCertificate(pem);
    const issuer = openCertificate(issuerPem);
    return certificate !== undefined && issuer !== undefined && certificate.x509.verify(issuer.x509.publicKey);
  },
  keyFits(pem, key) {
    try {
      return openCertificate(pem)?.x509.checkPrivateKey(privateKeyOf(key)) ?? false;
    } catch {
      return false; // no key at all
    }
  },
  verifyChain,
  checkSignature,
  verifyEcdsa,
  sign,
  sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
  makeRevocationList,
  readRevocationList,
};
