import { stationCase } from '../../case.ts';
import { installedCertificates, lacks, lists } from '../../states/certificates.ts';
import { booted, boots } from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import { serverTls } from '../../sut-station.ts';

/** A new root of the CSMS has to be signed by the old one, and takes its place once it has proved itself (M05.FR.10 to M05.FR.14). */

async function checkingStation(t: StationTest) {
  const station = await booted(t, {
    securityProfile: 2,
    variables: { 'SecurityCtrlr.AdditionalRootCertificateCheck': 'true', 'OCPPCommCtrlr.NetworkProfileConnectionAttempts': '3' },
  });
  return { station, secure: station.secure ?? t.inconclusive('no TLS') };
}

async function withSuccessor(t: StationTest) {
  const both = await checkingStation(t);
  const successor = both.secure.authority.successor(`${t.caseId} new root`);
  await both.station.call(
    0,
    'InstallCertificate',
    { certificateType: 'CSMSRootCertificate', certificate: successor.root },
    { status: 'Accepted' },
    'M05.FR.12',
  );
  return { ...both, successor };
}

export const stationRootSuccession = [
  stationCase('TC_M_09_CS', 'A root that the old one has not signed is refused', async (t) => {
    const { station, secure } = await checkingStation(t);
    const stranger = await t.authority('a stranger');
    await station.call(
      1,
      'InstallCertificate',
      { certificateType: 'CSMSRootCertificate', certificate: stranger.root },
      { status: 'Rejected' },
      'M05.FR.11',
    );
    const answer = await installedCertificates(station, 3, ['CSMSRootCertificate'], {
      status: 'Accepted',
      certificateHashDataChain: await lists(t, 'CSMSRootCertificate', secure.authority.root),
    });
    t.check(4, answer, { certificateHashDataChain: await lacks(t, 'CSMSRootCertificate', stranger.root) }, 'M05.FR.11');
  }),
  stationCase('TC_M_30_CS', 'The new root takes the place of the old one once the CSMS shows it', async (t) => {
    const { station, secure, successor } = await withSuccessor(t);
    station.forget();
    secure.door.renew(serverTls(successor, secure.door.host));
    await station.call(1, 'Reset', { type: 'OnIdle' }, { status: 'Accepted' }, 'B11.FR.01');
    await station.comesBack(3, 60_000, 'M05.FR.13');
    t.that(4, 'the first attempt succeeds', station.tlsFailures.length === 0, station.tlsFailures, ['M05.FR.13']);
    await boots(t, station, 5);
    await installedCertificates(station, 6, ['CSMSRootCertificate'], {
      status: 'Accepted',
      certificateHashDataChain: await lacks(t, 'CSMSRootCertificate', secure.authority.root),
    });
  }),
  stationCase('TC_M_31_CS', 'The old root stays when the CSMS still shows it', async (t) => {
    const { station, secure } = await withSuccessor(t);
    station.forget();
    await station.call(1, 'Reset', { type: 'OnIdle' }, { status: 'Accepted' }, 'B11.FR.01');
    await station.comesBack(5, 60_000, 'M05.FR.14');
    t.reading(
      station.tlsFailures.length === 0
        ? 'M05.FR.14: the old root is tried within the same handshake'
        : 'M05.FR.14: the old root is tried in a handshake of its own',
    );
    await boots(t, station, 6);
    await installedCertificates(station, 7, ['CSMSRootCertificate'], {
      status: 'Accepted',
      certificateHashDataChain: await lists(t, 'CSMSRootCertificate', secure.authority.root),
    });
  }),
];
