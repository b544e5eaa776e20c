import type { RequestOf } from '@busbar/protocol';
import type { CertificateHash } from '@busbar/runtime';
import type { Fields, Rule } from '../field.ts';
import { rule } from '../field.ts';
import type { Answer } from '../link.ts';
import type { StationTest } from '../station-test.ts';
import type { SutStation } from '../sut-station.ts';

export type Use = RequestOf<'InstallCertificate'>['certificateType'];

/** CertificateInstalled: a root of the kit's own making. */
export async function certificateInstalled(station: SutStation, certificateType: Use, certificate: string, step = 0): Promise<void> {
  await station.call(step, 'InstallCertificate', { certificateType, certificate }, { status: 'Accepted' }, 'M05.FR.01', 'M05.FR.02');
}

/** GetInstalledCertificates; without types all of them. */
export function installedCertificates(
  station: SutStation,
  step: number,
  types: readonly [Use, ...Use[]] | undefined,
  expect: Fields = { status: 'Accepted' },
): Promise<Answer<'GetInstalledCertificateIds'>> {
  return station.call(step, 'GetInstalledCertificateIds', types === undefined ? {} : { certificateType: types }, expect, 'M03.FR.01');
}

/** The list has the certificate, by whichever hash the station chose. */
export async function lists(t: StationTest, certificateType: Use, pem: string): Promise<Rule> {
  const hashes = await hashesOf(t, pem);
  return rule(`a list with the ${certificateType} of serial number ${hashes[0]?.serialNumber ?? ''}`, (value) =>
    entries(value).some(
      (entry) => entry.certificateType === certificateType && hashes.some((hash) => sameHash(entry.certificateHashData, hash)),
    ),
  );
}
export async function lacks(t: StationTest, certificateType: Use, pem: string): Promise<Rule> {
  const has = await lists(t, certificateType, pem);
  const [certificateHashData] = await hashesOf(t, pem);
  return rule(has.says.replace('a list with', 'no list with'), (value) => !has.holds(value), [{ certificateType, certificateHashData }]);
}

export async function hashesOf(t: StationTest, pem: string, issuer = pem): Promise<readonly CertificateHash[]> {
  const crypto = await t.outside.crypto();
  return (['SHA256', 'SHA384', 'SHA512'] as const).map(
    (algorithm) => crypto.certificateHash(pem, issuer, algorithm) ?? t.inconclusive('the kit cannot hash its own certificate'),
  );
}

interface Entry {
  readonly certificateType?: unknown;
  readonly certificateHashData?: unknown;
}
const entries = (value: unknown): readonly Entry[] =>
  Array.isArray(value) ? value.filter((entry): entry is Entry => typeof entry === 'object' && entry !== null) : [];

const sameHash = (told: unknown, hash: CertificateHash): boolean =>
  typeof told === 'object' &&
  told !== null &&
  'hashAlgorithm' in told &&
  told.hashAlgorithm === hash.hashAlgorithm &&
  'issuerNameHash' in told &&
  lower(told.issuerNameHash) === hash.issuerNameHash &&
  'issuerKeyHash' in told &&
  lower(told.issuerKeyHash) === hash.issuerKeyHash &&
  'serialNumber' in told &&
  lower(told.serialNumber) === hash.serialNumber;
const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
