import { stationCase } from '../../case.ts';
import { absent, oneOf } from '../../field.ts';
import { certificateInstalled, hashesOf, installedCertificates, lacks, lists, type Use } from '../../states/certificates.ts';
import { booted } from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** Roots of a station: installed, listed, deleted (M03–M05). */

const rootOf = async (t: StationTest, use: Use): Promise<string> => (await t.authority(`${t.caseId} ${use}`)).root;

async function installed(t: StationTest, station: SutStation, use: Use): Promise<string> {
  const root = await rootOf(t, use);
  await certificateInstalled(station, use, root);
  return root;
}

const installsAndLists = (id: string, title: string, use: Use) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, { variables: NO_SECOND_CHECK });
    const root = await rootOf(t, use);
    await certificateInstalled(station, use, root, 1);
    await installedCertificates(station, 2, [use], { status: 'Accepted', certificateHashDataChain: await lists(t, use, root) });
  });

/** AdditionalRootCertificateCheck is what TC_M_09, 30 and 31 are about; elsewhere any root may come. */
const NO_SECOND_CHECK = { 'SecurityCtrlr.AdditionalRootCertificateCheck': 'false' } as const;

const listsWhat = (id: string, title: string, uses: readonly [Use, ...Use[]], asked: readonly [Use, ...Use[]] | undefined) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, { variables: NO_SECOND_CHECK });
    const roots: { use: Use; root: string }[] = [];
    for (const use of uses) roots.push({ use, root: await installed(t, station, use) });
    const answer = await installedCertificates(station, 1, asked);
    for (const { use, root } of roots) t.check(2, answer, { certificateHashDataChain: await lists(t, use, root) }, 'M03.FR.03');
  });

export const stationCertificates = [
  installsAndLists('TC_M_01_CS', 'A root of the CSMS is installed', 'CSMSRootCertificate'),
  installsAndLists('TC_M_02_CS', 'A root of the manufacturer is installed', 'ManufacturerRootCertificate'),
  stationCase('TC_M_07_CS', 'A root that has expired is refused', async (t) => {
    const station = await booted(t, { variables: NO_SECOND_CHECK });
    const good = await installed(t, station, 'CSMSRootCertificate');
    const authority = await t.authority('expired', 'expired');
    await station.call(
      1,
      'InstallCertificate',
      { certificateType: 'CSMSRootCertificate', certificate: authority.root },
      { status: 'Rejected' },
      'M05.FR.07',
    );
    await installedCertificates(station, 3, ['CSMSRootCertificate'], {
      status: 'Accepted',
      certificateHashDataChain: await lacks(t, 'CSMSRootCertificate', authority.root),
    });
    t.that(
      4,
      'the good root is still there',
      (await lists(t, 'CSMSRootCertificate', good)).holds(
        (await installedCertificates(station, 3, ['CSMSRootCertificate'])).payload.certificateHashDataChain,
      ),
      'it is gone',
      ['M05.FR.07'],
    );
  }),
  listsWhat('TC_M_12_CS', 'Roots of the CSMS are listed', ['CSMSRootCertificate'], ['CSMSRootCertificate']),
  listsWhat('TC_M_13_CS', 'Roots of the manufacturer are listed', ['ManufacturerRootCertificate'], ['ManufacturerRootCertificate']),
  listsWhat(
    'TC_M_17_CS',
    'Roots of two kinds are listed',
    ['CSMSRootCertificate', 'ManufacturerRootCertificate'],
    ['CSMSRootCertificate', 'ManufacturerRootCertificate'],
  ),
  listsWhat('TC_M_18_CS', 'All roots are listed', ['CSMSRootCertificate', 'ManufacturerRootCertificate'], undefined),
  stationCase('TC_M_19_CS', 'No such certificate is installed', async (t) => {
    const station = await booted(t);
    await installedCertificates(station, 1, ['MORootCertificate'], { status: 'NotFound', certificateHashDataChain: absent });
  }),
  stationCase('TC_M_20_CS', 'A root is deleted', async (t) => {
    const station = await booted(t, { variables: NO_SECOND_CHECK });
    const root = await installed(t, station, 'CSMSRootCertificate');
    await installedCertificates(station, 1, ['CSMSRootCertificate'], {
      status: 'Accepted',
      certificateHashDataChain: await lists(t, 'CSMSRootCertificate', root),
    });
    const [hash] = await hashesOf(t, root);
    if (hash === undefined) return t.inconclusive('no hash');
    await station.call(2, 'DeleteCertificate', { certificateHashData: { ...hash } }, { status: 'Accepted' }, 'M04.FR.02');
    const after = await installedCertificates(station, 4, ['CSMSRootCertificate'], {});
    t.check(4, after, { certificateHashDataChain: await lacks(t, 'CSMSRootCertificate', root) }, 'M04.FR.02');
  }),
  stationCase('TC_M_22_CS', 'A certificate that is not there cannot be deleted', async (t) => {
    const station = await booted(t, { variables: NO_SECOND_CHECK });
    await installed(t, station, 'CSMSRootCertificate');
    const [hash] = await hashesOf(t, await rootOf(t, 'MORootCertificate'));
    if (hash === undefined) return t.inconclusive('no hash');
    await station.call(2, 'DeleteCertificate', { certificateHashData: { ...hash } }, { status: 'NotFound' }, 'M04.FR.04');
  }),
];
