import type { RequestOf, ResponseOf } from '@busbar/protocol';
import type { HashAlgorithm } from '@busbar/runtime';
import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { absent, type Field, oneOf, rule } from '../../field.ts';
import { booted } from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** Certificates of a station as the CSMS manages them (M03–M05). */

type Use = RequestOf<'InstallCertificate'>['certificateType'];
const HASHES: readonly HashAlgorithm[] = ['SHA256', 'SHA384', 'SHA512'];
const samePem = (pem: string): Field =>
  rule(
    'the certificate that was to be installed',
    (value) => typeof value === 'string' && value.replaceAll(/\s/g, '') === pem.replaceAll(/\s/g, ''),
  );

async function installs(
  t: CsmsTest,
  station: ToolStation,
  certificateType: Use,
  status: ResponseOf<'InstallCertificate'>['status'] = 'Accepted',
  step = 1,
): Promise<string> {
  const { root } = await t.authority(`${t.caseId} ${certificateType}`);
  await t.command(station, step, {
    action: 'InstallCertificate',
    payload: { certificateType, certificate: root },
    expect: { certificateType, certificate: samePem(root) },
    requirements: ['M05.FR.01'],
    answer: { status },
  });
  return root;
}

async function hashOf(t: CsmsTest, pem: string, algorithm: HashAlgorithm) {
  const hash = (await t.outside.crypto()).certificateHash(pem, pem, algorithm);
  return hash ?? t.inconclusive('the kit cannot hash its own certificate');
}

/** The operator asks what is installed; the station has this root. */
async function lists(
  t: CsmsTest,
  station: ToolStation,
  step: number,
  type: Use,
  pem: string,
  algorithm: HashAlgorithm,
  asked: Field = oneOf(type, undefined),
  field = 'certificateType.0',
) {
  const certificateHashData = await hashOf(t, pem, algorithm);
  await t.command(station, step, {
    action: 'GetInstalledCertificateIds',
    payload: { certificateType: [type] },
    expect: { [field]: asked },
    requirements: ['M03.FR.01'],
    answer: { status: 'Accepted', certificateHashDataChain: [{ certificateType: type, certificateHashData }] },
  });
  return certificateHashData;
}

async function deletes(
  t: CsmsTest,
  station: ToolStation,
  step: number,
  hash: Awaited<ReturnType<typeof hashOf>>,
  status: ResponseOf<'DeleteCertificate'>['status'],
): Promise<void> {
  await t.command(station, step, {
    action: 'DeleteCertificate',
    payload: { certificateHashData: hash },
    expect: {
      'certificateHashData.hashAlgorithm': hash.hashAlgorithm,
      'certificateHashData.issuerNameHash': hash.issuerNameHash,
      'certificateHashData.issuerKeyHash': hash.issuerKeyHash,
      'certificateHashData.serialNumber': hash.serialNumber,
    },
    requirements: ['M04.FR.01', 'M04.FR.07'],
    answer: { status },
  });
}

export const csmsCertificates = [
  csmsCase('TC_M_01_CSMS', 'A root of the CSMS is installed', async (t) => {
    await installs(t, await booted(t), 'CSMSRootCertificate');
  }),
  csmsCase('TC_M_02_CSMS', 'A root of the manufacturer is installed', async (t) => {
    await installs(t, await booted(t), 'ManufacturerRootCertificate');
  }),
  csmsCase(
    'TC_M_05_CSMS',
    'The station could not install a certificate',
    async (t) => {
      const station = await booted(t);
      await installs(t, station, 'CSMSRootCertificate', 'Failed');
      await station.send(3, 'Heartbeat', {});
    },
    { note: 'the official table has no validations; those of the state CertificateInstalled are used (M05.FR.01, M05.FR.03)' },
  ),
  csmsCase('TC_M_13_CSMS', 'Roots of the manufacturer are listed', async (t) => {
    const station = await booted(t);
    const { root } = await t.authority();
    await lists(t, station, 1, 'ManufacturerRootCertificate', root, 'SHA256', 'ManufacturerRootCertificate');
  }),
  csmsCase('TC_M_18_CSMS', 'All certificates are listed', async (t) => {
    const station = await booted(t);
    const { root } = await t.authority();
    const certificateHashData = await hashOf(t, root, 'SHA256');
    await t.command(station, 1, {
      action: 'GetInstalledCertificateIds',
      payload: {},
      expect: { certificateType: absent },
      requirements: ['M03.FR.01'],
      answer: {
        status: 'Accepted',
        certificateHashDataChain: (['CSMSRootCertificate', 'ManufacturerRootCertificate'] as const).map((certificateType) => ({
          certificateType,
          certificateHashData,
        })),
      },
    });
  }),
  csmsCase('TC_M_19_CSMS', 'No such certificate is installed', async (t) => {
    const station = await booted(t);
    await t.command(station, 1, {
      action: 'GetInstalledCertificateIds',
      payload: { certificateType: ['ManufacturerRootCertificate'] },
      expect: { 'certificateType.0': 'ManufacturerRootCertificate' },
      requirements: ['M03.FR.02'],
      answer: { status: 'NotFound' },
    });
    await station.send(2, 'Heartbeat', {});
  }),
  csmsCase('TC_M_20_CSMS', 'A certificate is deleted, by every hash', async (t) => {
    const station = await booted(t);
    for (const algorithm of HASHES) {
      const root = await installs(t, station, 'CSMSRootCertificate');
      await deletes(t, station, 4, await lists(t, station, 2, 'CSMSRootCertificate', root, algorithm), 'Accepted');
    }
  }),
  csmsCase('TC_M_21_CSMS', 'A certificate cannot be deleted', async (t) => {
    const station = await booted(t);
    const root = await installs(t, station, 'CSMSRootCertificate', 'Accepted', 0);
    await deletes(t, station, 3, await lists(t, station, 1, 'CSMSRootCertificate', root, 'SHA256'), 'Failed');
  }),
];
