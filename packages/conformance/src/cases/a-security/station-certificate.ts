import { stationCase } from '../../case.ts';
import { oneOf } from '../../field.ts';
import { hashesOf, installedCertificates } from '../../states/certificates.ts';
import { asksForCertificate, certificateRenewed, requested, signed } from '../../states/renewal.ts';
import { booted } from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { Secure, SutStation } from '../../sut-station.ts';

/** The station's own certificate is renewed (A02), and cannot be deleted (M04). */

async function withCertificate(
  t: StationTest,
  variables: Readonly<Record<string, string>> = {},
): Promise<{ station: SutStation; secure: Secure }> {
  const station = await booted(t, { securityProfile: 3, variables });
  return { station, secure: station.secure ?? t.inconclusive('no TLS') };
}

/** The station comes back with this certificate. */
async function comesWith(t: StationTest, station: SutStation, step: number, pem: string): Promise<void> {
  const crypto = await t.outside.crypto();
  const knock = await station.comesBack(step, 60_000, 'A02.FR.08');
  const shown = crypto.readCertificate(knock.handshake.clientCertificate ?? '');
  t.that(
    step,
    'it shows the new certificate',
    shown?.fingerprint === crypto.readCertificate(pem)?.fingerprint,
    shown?.serialNumber,
    ['A02.FR.08'],
    { entry: knock.entry, path: 'handshake.certificate' },
  );
}

const WAIT_S = 2;

export const stationCertificate = [
  stationCase('TC_A_11_CS', 'A station asks for a new certificate and uses it', async (t) => {
    const { station, secure } = await withCertificate(t);
    const pem = await certificateRenewed(t, station, secure.authority, 1);
    await comesWith(t, station, 7, pem);
  }),
  stationCase('TC_A_14_CS', 'A certificate of a stranger is refused, and that is told', async (t) => {
    const { station } = await withCertificate(t);
    const request = await asksForCertificate(t, station, 1);
    const certificateChain = await signed(t, await t.authority('a stranger'), request.payload.csr);
    await station.call(
      5,
      'CertificateSigned',
      { certificateChain, certificateType: 'ChargingStationCertificate' },
      { status: 'Rejected' },
      'A02.FR.07',
    );
    await station.take(
      7,
      'SecurityEventNotification',
      {},
      { where: { type: 'InvalidChargingStationCertificate' }, requirements: ['A02.FR.07'] },
    );
  }),
  stationCase('TC_A_15_CS', 'A request that is refused changes nothing', async (t) => {
    const { station } = await withCertificate(t);
    station.answers('SignCertificate', () => ({ status: 'Rejected' }));
    await asksForCertificate(t, station, 1);
    await station.silence(4, t.settings.silenceS, 'SignCertificate', {}, 'A02.FR.03');
    t.that(4, 'the station stays connected', station.connected, 'it left', ['A02.FR.03']);
  }),
  stationCase(
    'TC_A_23_CS',
    'A request that brings no certificate is repeated, each time after twice the wait',
    async (t) => {
      const { station, secure } = await withCertificate(t, {
        'SecurityCtrlr.CertSigningWaitMinimum': String(WAIT_S),
        'SecurityCtrlr.CertSigningRepeatTimes': '2',
      });
      let before = await asksForCertificate(t, station, 1);
      for (const [n, step] of [6, 9].entries()) {
        const dueMs = WAIT_S * 2 ** n * 1000;
        const again = await requested(t, station, step, dueMs + t.settings.stepMs);
        const waited = again.at - before.at;
        t.that(
          step,
          `it is repeated after ${dueMs / 1000} s, not before`,
          waited >= dueMs - 100 && waited <= dueMs + t.settings.deviationMs,
          `${Math.round(waited)} ms`,
          [n === 0 ? 'A02.FR.17' : 'A02.FR.18'],
          { entry: again.entry },
        );
        before = again;
      }
      const certificateChain = await signed(t, secure.authority, before.payload.csr);
      await station.call(
        11,
        'CertificateSigned',
        { certificateChain, certificateType: 'ChargingStationCertificate' },
        { status: 'Accepted' },
        'A02.FR.06',
      );
    },
    { note: 'CertSigningRepeatTimes is 2: the two repetitions that the steps wait for (the official text sets 1)' },
  ),
  stationCase('TC_M_23_CS', 'The certificate that the station lives by is not deleted', async (t) => {
    const { station, secure } = await withCertificate(t);
    const pem = await certificateRenewed(t, station, secure.authority);
    await comesWith(t, station, 0, pem);
    await installedCertificates(station, 1, undefined, {});
    const [hash] = await hashesOf(t, pem, secure.authority.root);
    if (hash === undefined) return t.inconclusive('no hash');
    await station.call(2, 'DeleteCertificate', { certificateHashData: { ...hash } }, { status: oneOf('NotFound', 'Failed') }, 'M04.FR.06');
    station.disconnect();
    await comesWith(t, station, 3, pem);
  }),
];
