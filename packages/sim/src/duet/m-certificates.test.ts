import { FileUseCases } from '@busbar/csms';
import type { Crypto } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { Duet } from '../duet.ts';

let crypto: Crypto;
beforeAll(async () => {
  crypto = await loadCrypto();
});

function root(duet: Duet, commonName: string): string {
  const key = crypto.generateKey('ecP256');
  const day = 86_400_000;
  return crypto.issueCertificate({
    subject: { commonName, organization: 'Nord' },
    publicKey: key.publicKey,
    issuer: { key: key.privateKey },
    serialNumber: 'abcd',
    notBefore: duet.clock.now() - day,
    notAfter: duet.clock.now() + day,
    ca: {},
  });
}

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (version) => {
  test('TC_M_13_CSMS TC_M_18_CSMS M03.FR.01 M03.FR.04 M05.FR.01 M05.FR.02 what is installed is told, and the CSMS keeps the list of each type', async () => {
    const duet = await Duet.start({ version, crypto });
    const files = new FileUseCases(duet.useCases);
    expect(await files.certificates('CS-1')).toBeUndefined();
    const maker = root(duet, 'Maker');
    expect(await duet.status('InstallCertificate', { certificateType: 'ManufacturerRootCertificate', certificate: maker })).toBe(
      'Accepted',
    );
    expect(await duet.status('InstallCertificate', { certificateType: 'V2GRootCertificate', certificate: root(duet, 'V2G') })).toBe(
      'Accepted',
    );
    expect(await duet.status('GetInstalledCertificateIds', {})).toBe('Accepted');
    const types = async (): Promise<readonly string[]> =>
      ((await files.certificates('CS-1'))?.chains ?? [])
        .map(({ certificateType }) => certificateType)
        .filter((type) => type !== 'CSMSRootCertificate') // it was delivered with that one
        .sort();
    expect(await types()).toEqual(['ManufacturerRootCertificate', 'V2GRootCertificate']);
    // TC_M_19_CSMS M03.FR.02: asked for one type, the others stay as they were known.
    expect(await duet.status('GetInstalledCertificateIds', { certificateType: ['MORootCertificate'] })).toBe('NotFound');
    expect(await types()).toEqual(['ManufacturerRootCertificate', 'V2GRootCertificate']);
    const hash = (await files.certificates('CS-1'))?.chains.find(({ certificateType }) =>
      certificateType.startsWith('Man'),
    )?.certificateHashData;
    expect(hash).toEqual(crypto.certificateHash(maker, maker, 'SHA256'));
    expect(await duet.status('DeleteCertificate', hash === undefined ? {} : { certificateHashData: hash })).toBe('Accepted');
    await duet.status('GetInstalledCertificateIds', { certificateType: ['ManufacturerRootCertificate'] });
    expect(await types()).toEqual(['V2GRootCertificate']);
  });

  test('M04.FR.07 N09.FR.08 N10.FR.09 the CSMS asks in the algorithm in which the station told the certificate', async () => {
    const duet = await Duet.start({ version, crypto });
    const pem = root(duet, 'Maker');
    await duet.status('InstallCertificate', { certificateType: 'ManufacturerRootCertificate', certificate: pem });
    await duet.status('GetInstalledCertificateIds', {});
    const [told, other] = [crypto.certificateHash(pem, pem, 'SHA256'), crypto.certificateHash(pem, pem, 'SHA512')];
    if (!told || !other) throw new Error('no hash');
    await expect(duet.call('DeleteCertificate', { certificateHashData: other })).rejects.toThrow(/M04.FR.07/);
    await expect(duet.call('CustomerInformation', { report: true, clear: false, customerCertificate: other })).rejects.toThrow(/N09.FR.08/);
    expect(await duet.status('CustomerInformation', { report: true, clear: true, customerCertificate: told })).toBe('Accepted');
    expect(await duet.status('DeleteCertificate', { certificateHashData: told })).toBe('Accepted');
  });

  test('TC_M_21_CSMS M05.FR.07 M04.FR.04 a refused certificate and an unknown one are answers, not errors', async () => {
    const duet = await Duet.start({ version, crypto });
    expect(await duet.status('InstallCertificate', { certificateType: 'CSMSRootCertificate', certificate: 'nonsense' })).toBe('Rejected');
    const nobody = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '1' } as const;
    expect(await duet.status('DeleteCertificate', { certificateHashData: nobody })).toBe('NotFound');
    expect(duet.errors).toEqual([]);
  });
});
