import type { Crypto } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { beforeAll, expect, test } from 'vitest';
import { type Made, TestAuthority } from '../../testing/certificates.ts';
import { serverFault } from './server-check.ts';

const at = Date.parse('2026-06-01T00:00:00Z');
let crypto: Crypto;
let ca: TestAuthority;
beforeAll(async () => {
  crypto = await loadCrypto();
  ca = new TestAuthority(crypto, at);
});
const fault = ({ pem }: Made, host: string, more: { roots?: readonly string[]; wildcards?: boolean; at?: number } = {}): string =>
  serverFault({ crypto, server: { chain: pem, host }, roots: [ca.root.pem], at, wildcards: false, ...more })?.split(':')[0] ?? 'fine';

test('A00.FR.309 A00.FR.412 the commonName is the host, or the subjectAltName names it (A00.FR.511)', () => {
  expect(fault(ca.issue({ commonName: 'csms.example' }), 'csms.example')).toBe('fine');
  expect(fault(ca.issue({ commonName: 'csms.example' }), 'CSMS.example')).toBe('fine');
  expect(fault(ca.issue({ commonName: 'csms.example' }), 'evil.example')).toBe('wrongName');
  expect(fault(ca.issue({ commonName: 'a' }, { names: { dns: ['csms.example'] } }), 'csms.example')).toBe('fine');
  expect(fault(ca.issue({ commonName: 'csms.example' }, { names: { dns: ['b.example'] } }), 'csms.example')).toBe('fine');
  expect(fault(ca.issue({ commonName: '10.1.2.3' }), '10.1.2.3')).toBe('fine');
  expect(fault(ca.issue({ commonName: 'a' }, { names: { addresses: ['10.1.2.3'] } }), '10.1.2.3')).toBe('fine');
  expect(fault(ca.issue({}), 'csms.example')).toBe('wrongName');
});

test('AllowCSMSTLSWildcards (errata 2.62): a wildcard only where it is allowed, for one label', () => {
  const wild = ca.issue({ commonName: '*.example' });
  expect(fault(wild, 'csms.example')).toBe('wrongName');
  expect(fault(wild, 'csms.example', { wildcards: true })).toBe('fine');
  expect(fault(wild, 'a.csms.example', { wildcards: true })).toBe('wrongName');
  expect(fault(wild, 'example', { wildcards: true })).toBe('wrongName');
});

test('A00.FR.308 A00.FR.310 A00.FR.411 A00.FR.413 the path leads to a root of the store, now', () => {
  const good = ca.issue({ commonName: 'csms.example' });
  expect(fault(good, 'csms.example', { roots: [] })).toBe('unknownIssuer');
  expect(fault(good, 'csms.example', { roots: [new TestAuthority(crypto, at).root.pem] })).toBe('badSignature');
  expect(fault(good, 'csms.example', { at: at + 3 * 365 * 86_400_000 })).toBe('expired');
  expect(fault(ca.issue({ commonName: 'csms.example' }, { notBefore: at + 1000 }), 'csms.example')).toBe('notYetValid');
  expect(fault({ ...good, pem: 'nonsense' }, 'csms.example')).toBe('malformed');
});
