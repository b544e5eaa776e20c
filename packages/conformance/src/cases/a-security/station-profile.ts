import type { RequestOf } from '@busbar/protocol';
import { stationCase } from '../../case.ts';
import { oneOf, rule } from '../../field.ts';
import { booted, boots, variableOf } from '../../states/station.ts';
import type { SutStation } from '../../sut-station.ts';

/** The security profile goes up, and never down to 1 (A05, B09). */

const profileTo = (ocppCsmsUrl: string, securityProfile: number): RequestOf<'SetNetworkProfile'>['connectionData'] => ({
  ocppCsmsUrl,
  securityProfile,
  messageTimeout: 30,
  ocppInterface: 'Wired0',
  ocppTransport: 'JSON',
  ocppVersion: 'OCPP20',
});
const PRIORITY = variableOf('OCPPCommCtrlr.NetworkConfigurationPriority');
const setsPriority = (station: SutStation, status: ReturnType<typeof oneOf> | string, requirement: string) =>
  station.call(
    3,
    'SetVariables',
    { setVariableData: [{ ...PRIORITY, attributeValue: '2,1' }] },
    { 'setVariableResult.0.attributeStatus': status },
    requirement,
  );

export const stationProfile = [
  stationCase(
    'TC_A_19_CS',
    'A station goes up to TLS and never back to the open line',
    async (t) => {
      const station = await booted(t, { variables: { 'SecurityCtrlr.AdditionalRootCertificateCheck': 'false' } });
      const authority = await t.authority('CSMS');
      const { door } = await station.secureWith(authority);
      await station.call(
        0,
        'InstallCertificate',
        { certificateType: 'CSMSRootCertificate', certificate: authority.root },
        { status: 'Accepted' },
        'M05.FR.01',
      );
      await station.call(
        1,
        'SetNetworkProfile',
        { configurationSlot: 2, connectionData: profileTo(door.wss, 2) },
        { status: 'Accepted' },
        'A05.FR.04',
      );
      await setsPriority(station, oneOf('Accepted', 'RebootRequired'), 'A05.FR.04');
      station.forget();
      await station.call(5, 'Reset', { type: 'OnIdle' }, { status: 'Accepted' }, 'B11.FR.01');
      const knock = await station.comesBack(8, 60_000, 'A05.FR.05');
      t.that(8, 'it comes by TLS', knock.handshake.secure, knock.handshake.path, ['A05.FR.05'], {
        entry: knock.entry,
        path: 'handshake.secure',
      });
      await boots(t, station, 10);
      await station.call(
        11,
        'GetVariables',
        { getVariableData: [variableOf('SecurityCtrlr.SecurityProfile')] },
        { 'getVariableResult.0.attributeValue': '2' },
        'A05.FR.06',
      );
      const without = rule(
        'without the slot of the lower profile',
        (value) => typeof value === 'string' && !value.split(',').includes('1'),
      );
      await station.call(
        13,
        'GetVariables',
        { getVariableData: [PRIORITY] },
        { 'getVariableResult.0.attributeValue': without },
        'A05.FR.06',
      );
      const seen = station.knocks.length;
      station.knocked = ({ secure }) => (secure ? { kind: 'refuse', status: 503, reason: 'the case wants it so' } : 'accept');
      station.disconnect();
      await t.pass(5 * t.settings.silenceS * 1000, 'only the open line is left (errata 6.2.7)');
      const open = station.knocks.slice(seen).find(({ handshake }) => !handshake.secure);
      t.that(16, 'it does not come by the open line', open === undefined, open?.handshake.path, ['A05.FR.06'], {
        entry: open?.entry ?? station.knocks[seen]?.entry ?? 0,
        path: 'handshake.secure',
      });
      station.online();
      const back = await station.comesBack(18, 60_000, 'A05.FR.05');
      t.that(18, 'it comes back by TLS', back.handshake.secure, back.handshake.path, ['A05.FR.05'], {
        entry: back.entry,
        path: 'handshake.secure',
      });
    },
    { note: 'the step from profile 1 to 2; from 2 to 3 is TC_A_21_CS and our own tests' },
  ),
  stationCase('TC_A_20_CS', 'Without a root of the CSMS there is no way up to TLS', async (t) => {
    const station = await booted(t);
    const { door } = await station.secureWith(await t.authority('CSMS'));
    await station.call(
      1,
      'SetNetworkProfile',
      { configurationSlot: 2, connectionData: profileTo(door.wss, 2) },
      { status: oneOf('Accepted', 'Rejected') },
      'A05.FR.02',
    );
    await setsPriority(station, 'Rejected', 'A05.FR.02');
  }),
  stationCase('TC_A_21_CS', 'Without a certificate of its own there is no way up to profile 3', async (t) => {
    const station = await booted(t, { securityProfile: 2 });
    await station.call(
      1,
      'SetNetworkProfile',
      { configurationSlot: 2, connectionData: profileTo(station.secure?.door.wss ?? '', 3) },
      { status: oneOf('Accepted', 'Rejected') },
      'A05.FR.03',
    );
    await setsPriority(station, 'Rejected', 'A05.FR.03');
  }),
  stationCase('TC_A_22_CS', 'There is no way down to the open line', async (t) => {
    const station = await booted(t, { securityProfile: 2 });
    await station.call(
      1,
      'SetNetworkProfile',
      { configurationSlot: 2, connectionData: profileTo(station.door.ws, 1) },
      { status: 'Rejected' },
      'B09.FR.04',
    );
  }),
];
