import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Crypto, KeyPair, Subject } from '../crypto.ts';
import { Secret } from '../log.ts';
import { loadCrypto } from './load-crypto.ts';

const at = Date.parse('2026-01-01T00:00:00Z');
const year = 365 * 86_400_000;
let crypto: Crypto;
let folder: string;
beforeAll(async () => {
  crypto = await loadCrypto();
  folder = mkdtempSync(join(tmpdir(), 'busbar-crypto-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Made {
  readonly pem: string;
  readonly key: KeyPair;
}
let serial = 0x80;
function make(
  subject: Subject,
  issuer?: Made,
  wish: { ca?: { pathLength?: number }; from?: number; to?: number; key?: KeyPair } = {},
): Made {
  const key = wish.key ?? crypto.generateKey('ecP256');
  const pem = crypto.issueCertificate({
    subject,
    publicKey: key.publicKey,
    issuer: issuer ? { certificate: issuer.pem, key: issuer.key.privateKey } : { key: key.privateKey },
    serialNumber: (serial += 1).toString(16),
    notBefore: wish.from ?? at - year,
    notAfter: wish.to ?? at + year,
    ...(wish.ca ? { ca: wish.ca } : {}),
  });
  return { pem, key };
}
const root = (): Made => make({ commonName: 'Root', organization: 'Acme' }, undefined, { ca: {} });
const openssl = (...args: string[]): string => execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

describe('requests', () => {
  test.each(['ecP256', 'rsa2048'] as const)('a %s request is read back, and OpenSSL agrees', (kind) => {
    const key = crypto.generateKey(kind);
    const subject = { commonName: 'CS-1', organization: 'Äcme & Co', country: 'DE', domainComponent: 'CPO' };
    const pem = crypto.makeRequest({ subject, key });
    expect(crypto.readRequest(pem)).toEqual({
      kind: 'request',
      subject,
      key: kind === 'ecP256' ? { kind: 'ec', bits: 256 } : { kind: 'rsa', bits: 2048 },
      publicKey: key.publicKey,
    });
    expect(openssl('req', '-verify', '-noout', '-subject', '-nameopt', 'utf8', '-in', file('r.pem', pem))).toContain('CN=CS-1');
  });
  test('a request signed by another key, a damaged one and no request are told apart from a good one', () => {
    const key = crypto.generateKey('ecP256');
    const stolen = { privateKey: crypto.generateKey('ecP256').privateKey, publicKey: key.publicKey };
    expect(crypto.readRequest(crypto.makeRequest({ subject: { commonName: 'x' }, key: stolen }))).toEqual({
      kind: 'fault',
      fault: 'badSignature',
    });
    for (const text of ['', 'no request', root().pem, crypto.makeRequest({ subject: {}, key }).slice(0, 200)])
      expect(crypto.readRequest(text)).toEqual({ kind: 'fault', fault: 'malformed' });
  });
  test('bytes of any kind are malformed, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const body = Buffer.from(bytes).toString('base64');
        expect(crypto.readRequest(`-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----`).kind).toBe('fault');
        expect(crypto.readCertificate(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`)).toBeUndefined();
      }),
    );
  });
});

describe('certificates', () => {
  test('A00.FR.506 A00.FR.507 A00.FR.508 A00.FR.512 A00.FR.514 facts are those that were asked for, in PEM, with a serial number, key usage and no extended one', () => {
    const ca = root();
    const key = crypto.generateKey('rsa2048');
    const pem = crypto.issueCertificate({
      subject: { commonName: 'csms.example', organization: 'Acme' },
      publicKey: key.publicKey,
      issuer: { certificate: ca.pem, key: ca.key.privateKey },
      serialNumber: '00ff01',
      notBefore: at,
      notAfter: at + 40 * year,
      names: { dns: ['csms.example', '*.example'], addresses: ['127.0.0.1', '::1'] },
    });
    const facts = crypto.readCertificate(pem);
    expect(facts).toMatchObject({
      subject: { commonName: 'csms.example', organization: 'Acme' },
      issuer: { commonName: 'Root', organization: 'Acme' },
      serialNumber: 'ff01',
      notBefore: at,
      notAfter: at + 40 * year,
      isCa: false,
      selfIssued: false,
      key: { kind: 'rsa', bits: 2048 },
      publicKey: key.publicKey,
    });
    expect(facts?.names?.dns).toEqual(['csms.example', '*.example']);
    expect(facts?.names?.addresses[0]).toBe('127.0.0.1');
    expect(crypto.keyFits(pem, key.privateKey)).toBe(true);
    expect(crypto.keyFits(pem, ca.key.privateKey)).toBe(false);
    expect(crypto.keyFits(pem, new Secret('none'))).toBe(false);
    file('ca.pem', ca.pem);
    expect(openssl('verify', '-attime', String(at / 1000 + 5), '-x509_strict', '-CAfile', 'ca.pem', file('leaf.pem', pem))).toContain('OK');
    const text = openssl('x509', '-noout', '-text', '-in', 'leaf.pem');
    expect(text).toContain('Digital Signature, Key Encipherment'); // D15
    expect(text).not.toContain('Extended Key Usage'); // A00.FR.514
  });
  test.each(['SHA256', 'SHA384', 'SHA512'] as const)('the %s hash data equal those OpenSSL puts into an OCSP request', (algorithm) => {
    const ca = root();
    const leaf = make({ commonName: 'leaf' }, ca);
    const hash = crypto.certificateHash(leaf.pem, ca.pem, algorithm);
    const args = [`-${algorithm.toLowerCase()}`, '-issuer', file('i.pem', ca.pem), '-cert', file('l.pem', leaf.pem), '-req_text'];
    const text = openssl('ocsp', ...args)
      .toLowerCase()
      .replaceAll(/\\\s*|\s+(?=[0-9a-f]+\b)/g, '');
    expect(text).toContain(`issuer name hash:${hash?.issuerNameHash}`);
    expect(text).toContain(`issuer key hash:${hash?.issuerKeyHash}`);
    expect(hash?.serialNumber).toMatch(/^[1-9a-f][0-9a-f]*$/);
    expect(crypto.certificateHash('no', ca.pem, algorithm)).toBeUndefined();
  });
});

describe('chains', () => {
  const verdict = (chain: readonly Made[], roots: readonly Made[], when = at) =>
    crypto.verifyChain({ chain: chain.map(({ pem }) => pem).join(''), roots: roots.map(({ pem }) => pem), at: when });
  const faultOf = (...args: Parameters<typeof verdict>): unknown => {
    const result = verdict(...args);
    return result.kind === 'fault' ? result.fault : result.kind;
  };
  test('leaf, intermediate and root; the root may be sent along and intermediates may be in any order', () => {
    const ca = root();
    const one = make({ commonName: 'Sub 1' }, ca, { ca: { pathLength: 1 } });
    const two = make({ commonName: 'Sub 2' }, one, { ca: { pathLength: 0 } });
    const leaf = make({ commonName: 'leaf' }, two);
    const result = verdict([leaf, one, two], [ca]);
    expect(result.kind === 'valid' && result.path.map(({ subject }) => subject.commonName)).toEqual(['leaf', 'Sub 2', 'Sub 1', 'Root']);
    expect(faultOf([leaf, two, one, ca], [ca])).toBe('valid');
    expect(faultOf([leaf, two], [ca])).toBe('unknownIssuer');
    expect(faultOf([leaf, two, one, ca], [root()])).toBe('badSignature'); // the same name, another key
    expect(faultOf([leaf, two, one, ca], [])).toBe('unknownIssuer');
  });
  test('each fault has its name', () => {
    const ca = root();
    expect(faultOf([make({ commonName: 'x' }, ca, { to: at - 1000 })], [ca])).toBe('expired');
    expect(faultOf([make({ commonName: 'x' }, ca, { from: at + 1000 })], [ca])).toBe('notYetValid');
    expect(faultOf([make({ commonName: 'x' }, ca)], [ca], at + 2 * year)).toBe('expired');
    const leaf = make({ commonName: 'leaf' }, ca);
    expect(faultOf([make({ commonName: 'x' }, leaf), leaf], [ca])).toBe('notCa');
    const short = make({ commonName: 'Sub' }, ca, { ca: { pathLength: 0 } });
    const below = make({ commonName: 'Sub below' }, short, { ca: {} });
    expect(faultOf([make({ commonName: 'x' }, below), below, short], [ca])).toBe('pathLength');
    const forged = make({ commonName: 'x' }, { pem: ca.pem, key: crypto.generateKey('ecP256') });
    expect(faultOf([forged], [ca])).toBe('badSignature');
    expect(
      faultOf(
        Array.from({ length: 11 }, () => leaf),
        [ca],
      ),
    ).toBe('tooLong');
    expect(faultOf([], [ca])).toBe('malformed');
  });
  test('A00.FR.501 A00.FR.502 A00.FR.503 A00.FR.504 a key of 1024 bits of RSA or 192 of an elliptic curve is weak', () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime192v1',
      '-nodes',
      '-subj',
      '/CN=weak',
      '-keyout',
      'k.pem',
      '-out',
      'small.pem',
      '-days',
      '3650',
    );
    const small = openssl('x509', '-in', 'small.pem');
    expect(crypto.verifyChain({ chain: small, roots: [small], at: Date.now() + 1000 })).toMatchObject({ kind: 'fault', fault: 'weakKey' });
    openssl('req', '-x509', '-newkey', 'rsa:1024', '-nodes', '-subj', '/CN=weak', '-keyout', 'k.pem', '-out', 'weak.pem', '-days', '3650');
    const pem = openssl('x509', '-in', 'weak.pem');
    expect(crypto.verifyChain({ chain: pem, roots: [pem], at: Date.now() + 1000 })).toMatchObject({ kind: 'fault', fault: 'weakKey' });
  });
});

describe('signatures', () => {
  const bytes = Buffer.from('firmware');
  test.each([
    ['rsaPssSha256', 'rsa2048'],
    ['rsaPkcs1Sha256', 'rsa2048'],
    ['ecdsaSha256', 'ecP256'],
  ] as const)('%s in parts', (scheme, kind) => {
    const signer = make({ commonName: 'signer' }, undefined, { key: crypto.generateKey(kind) });
    const signature = crypto.sign(signer.key.privateKey, scheme, bytes);
    const check = (pem: string, parts: readonly Uint8Array[], given = signature): boolean | undefined => {
      const running = crypto.checkSignature(pem, scheme);
      for (const part of parts) running?.update(part);
      return running?.verify(given);
    };
    expect(check(signer.pem, [bytes.subarray(0, 3), bytes.subarray(3)])).toBe(true);
    expect(check(signer.key.publicKey, [bytes])).toBe(true);
    expect(check(signer.pem, [Buffer.from('firmwarf')])).toBe(false);
    expect(check(signer.pem, [bytes], Buffer.from('no signature'))).toBe(false);
    expect(check(make({}, undefined, { key: crypto.generateKey(kind === 'ecP256' ? 'rsa2048' : 'ecP256') }).pem, [bytes])).toBe(false);
    expect(check('no key', [bytes])).toBeUndefined();
  });
});

test('a revocation list is read back, and only with its own issuer', () => {
  const ca = root();
  const wish = { issuer: { certificate: ca.pem, key: ca.key.privateKey }, thisUpdate: at, nextUpdate: at + year };
  const list = crypto.makeRevocationList({ ...wish, serialNumbers: ['ff', '1'] });
  expect(crypto.readRevocationList(list, ca.pem)).toEqual({
    issuer: { commonName: 'Root', organization: 'Acme' },
    thisUpdate: at,
    nextUpdate: at + year,
    serialNumbers: ['ff', '1'],
  });
  expect(crypto.readRevocationList(list, root().pem)).toBeUndefined();
  expect(crypto.readRevocationList(crypto.makeRevocationList({ ...wish, serialNumbers: [] }), ca.pem)?.serialNumbers).toEqual([]);
  expect(openssl('crl', '-noout', '-text', '-in', file('l.crl', list))).toContain('Serial Number: FF');
});
