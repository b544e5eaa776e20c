import type { RequestOf } from '@busbar/protocol';
import { stationCase } from '../../case.ts';
import { oneOf } from '../../field.ts';
import { installedCertificates, lists } from '../../states/certificates.ts';
import { booted, boots, valueOf, variableOf } from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import { type SutStation, serverTls } from '../../sut-station.ts';

/** Network connection profiles: refused, migrated to, fallen back from (B09, B10). */

type Profile = RequestOf<'SetNetworkProfile'>['connectionData'];
const profileTo = (ocppCsmsUrl: string, securityProfile: number): Profile => ({
  ocppCsmsUrl,
  securityProfile,
  messageTimeout: 30,
  ocppInterface: 'Wired0',
  ocppTransport: 'JSON',
  ocppVersion: 'OCPP20',
});

const isSecond = (path: string): boolean => path.startsWith('/second/');

/** Steps 1 to 6: a profile in the free slot, put first, and a reset. */
async function migrates(station: SutStation, ocppCsmsUrl: string, securityProfile: number): Promise<void> {
  const active = Number((await valueOf(station, 'OCPPCommCtrlr.ActiveNetworkProfile')) ?? '1');
  const slot = active === 1 ? 2 : 1;
  await station.call(
    1,
    'SetNetworkProfile',
    { configurationSlot: slot, connectionData: profileTo(ocppCsmsUrl, securityProfile) },
    { status: 'Accepted' },
    'B09.FR.01',
  );
  const priority = { ...variableOf('OCPPCommCtrlr.NetworkConfigurationPriority'), attributeValue: `${slot},${active}` };
  await station.call(
    3,
    'SetVariables',
    { setVariableData: [priority] },
    { 'setVariableResult.0.attributeStatus': oneOf('Accepted', 'RebootRequired') },
    'B10.FR.01',
  );
  station.forget();
  await station.call(5, 'Reset', { type: 'OnIdle' }, { status: 'Accepted' }, 'B11.FR.01');
  await station.goes(6);
}

const settings = (attempts: number): Readonly<Record<string, string>> => ({
  'OCPPCommCtrlr.NetworkProfileConnectionAttempts': String(attempts),
  'OCPPCommCtrlr.RetryBackOffRepeatTimes': '0',
  'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
  'OCPPCommCtrlr.RetryBackOffWaitMinimum': '1',
});

/** The last accepted knock came at the address that it should. */
function cameTo(t: StationTest, station: SutStation, step: number, second: boolean, requirement: string): void {
  const knock = station.knocks.findLast(({ accepted }) => accepted);
  t.that(
    step,
    second ? 'it connects by the new profile' : 'it connects by the old profile',
    knock !== undefined && isSecond(knock.handshake.path) === second,
    knock?.handshake.path,
    [requirement],
    knock && { entry: knock.entry, path: 'handshake.path' },
  );
}

/** A station with TLS whose CSMS has a successor of its root installed. */
async function withSuccessor(t: StationTest, attempts: number) {
  const station = await booted(t, {
    securityProfile: 2,
    variables: { ...settings(attempts), 'SecurityCtrlr.AdditionalRootCertificateCheck': 'true' },
  });
  const { secure } = station;
  if (secure === undefined) return t.inconclusive('no TLS');
  const successor = secure.authority.successor(`${t.caseId} new root`);
  await station.call(
    0,
    'InstallCertificate',
    { certificateType: 'CSMSRootCertificate', certificate: successor.root },
    { status: 'Accepted' },
    'M05.FR.12',
  );
  return { station, secure, successor };
}

export const stationNetworkProfile = [
  stationCase('TC_B_43_CS', 'A slot that is not there is refused', async (t) => {
    const station = await booted(t);
    await station.call(
      1,
      'SetNetworkProfile',
      { configurationSlot: 999, connectionData: profileTo(station.door.second, 1) },
      { status: 'Rejected' },
      'B09.FR.02',
    );
  }),
  stationCase('TC_B_45_CS', 'A station moves to another address', async (t) => {
    const station = await booted(t, { variables: settings(3) });
    await migrates(station, station.door.second, 1);
    await station.connects(7, 60_000);
    cameTo(t, station, 7, true, 'B10.FR.04');
    await boots(t, station, 7);
  }),
  stationCase('TC_B_46_CS', 'A new address that does not answer is given up', async (t) => {
    const station = await booted(t, { variables: settings(2) });
    station.knocked = ({ path }) => (isSecond(path) ? { kind: 'refuse', status: 503, reason: 'the case wants it so' } : 'accept');
    await migrates(station, station.door.second, 1);
    await station.connects(8, 60_000, 'B10.FR.03');
    const tries = station.knocks.filter(({ handshake }) => isSecond(handshake.path)).length;
    t.that(7, 'the new address was tried twice', tries === 2, tries, ['B10.FR.03']);
    await boots(t, station, 9);
  }),
  stationCase('TC_B_47_CS', 'A new CSMS that shows the old root is left for the old one', async (t) => {
    const { station, secure } = await withSuccessor(t, 1);
    await migrates(station, secure.door.second, 2);
    // Both addresses go on with certificates of the old root: only by falling back can the station come in.
    await station.connects(9, 60_000);
    cameTo(t, station, 9, false, 'B10.FR.07');
    t.that(8, 'the first attempt broke off', station.tlsFailures.length >= 1, station.tlsFailures.length, ['M05.FR.15']);
    await boots(t, station, 10);
    await installedCertificates(station, 11, ['CSMSRootCertificate'], {
      status: 'Accepted',
      certificateHashDataChain: await lists(t, 'CSMSRootCertificate', secure.authority.root),
    });
  }),
  stationCase('TC_B_49_CS', 'When every address fails it goes back to waiting and trying', async (t) => {
    const station = await booted(t, { variables: settings(1) });
    let refusals = 2;
    station.knocked = () => {
      if (refusals === 0) return 'accept';
      refusals -= 1;
      return { kind: 'refuse', status: 503, reason: 'the case wants it so' };
    };
    await migrates(station, station.door.second, 1);
    await station.connects(12, 90_000);
    const paths = station.knocks.slice(1).map(({ handshake }) => isSecond(handshake.path));
    t.that(7, 'the new address is tried, then the old one', paths[0] === true && paths[1] === false, paths, ['B10.FR.07']);
    await boots(t, station, 13);
  }),
  stationCase('TC_B_50_CS', 'A station moves to a CSMS with the new root', async (t) => {
    const { station, secure, successor } = await withSuccessor(t, 3);
    station.closed().then(
      () => secure.door.renew(serverTls(successor, secure.door.host)),
      () => {},
    );
    await migrates(station, secure.door.second, 2);
    await station.connects(8, 60_000);
    cameTo(t, station, 8, true, 'B10.FR.04');
    await boots(t, station, 9);
  }),
];
