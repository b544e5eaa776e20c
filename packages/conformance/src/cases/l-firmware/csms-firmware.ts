import type { RequestOf, ResponseOf } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { after, atLeast, type Fields, rule } from '../../field.ts';
import {
  acceptedBoot,
  allConnectorsAre,
  booted,
  charging,
  connectorIs,
  evConnectedPostSession,
  sendBoot,
  stopAuthorized,
} from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** Secure firmware update as the CSMS sees it (L01). */

type Status = RequestOf<'FirmwareStatusNotification'>['status'];
const SIGNATURE = 'MEUCIQDx1kC6n0lJr1bq0n8m2H3w0gq3mXk8p5N1yqv6bQIgUoXkz0Vb';

interface Update {
  readonly step?: number;
  readonly answer?: ResponseOf<'UpdateFirmware'>['status'];
  /** Seconds from now. */
  readonly installInS?: number;
  readonly retrieveInS?: number;
}

/** The operator asks for an update; returns its requestId. */
async function updates(
  t: CsmsTest,
  station: ToolStation,
  { step = 1, answer = 'Accepted', installInS, retrieveInS }: Update = {},
): Promise<number> {
  const authority = await t.authority();
  const signingCertificate = authority.issue({ subject: { commonName: 'Firmware' } }).pem;
  const at = (inS: number): string => formatInstant(t.now + inS * 1000);
  const begun = t.now;
  const expect: Fields = {
    requestId: atLeast(0),
    'firmware.location': rule('a URL', (value) => typeof value === 'string' && URL.canParse(value)),
    'firmware.signingCertificate': rule(
      'the signing certificate',
      (value) => typeof value === 'string' && value.replaceAll(/\s/g, '') === signingCertificate.replaceAll(/\s/g, ''),
    ),
    'firmware.signature': SIGNATURE,
    ...(installInS === undefined ? {} : { 'firmware.installDateTime': after(begun) }),
    ...(retrieveInS === undefined ? {} : { 'firmware.retrieveDateTime': after(begun) }),
  };
  const call = await t.command(station, step, {
    action: 'UpdateFirmware',
    payload: {
      firmware: {
        location: 'https://127.0.0.1/firmware.bin',
        retrieveDateTime: at(retrieveInS ?? -1),
        ...(installInS === undefined ? {} : { installDateTime: at(installInS) }),
        signingCertificate,
        signature: SIGNATURE,
      },
    },
    expect,
    requirements: ['L01.FR.01', 'L01.FR.11'],
    answer: { status: answer },
  });
  return call.payload.requestId;
}

async function tells(station: ToolStation, requestId: number, step: number, ...statuses: readonly Status[]): Promise<void> {
  for (const [n, status] of statuses.entries()) await station.send(step + 2 * n, 'FirmwareStatusNotification', { status, requestId });
}

/** The new image boots and says how it went. */
async function bootsWith(t: CsmsTest, station: ToolStation, requestId: number, step: number, last: Status = 'Installed'): Promise<void> {
  station.disconnect();
  await station.connect(step);
  acceptedBoot(t, step + 1, await sendBoot(t, station, step, 'FirmwareUpdate'));
  await allConnectorsAre(t, station, step + 2, 'Available');
  await tells(station, requestId, step + 4, last);
}

const DOWNLOADED = ['Downloading', 'Downloaded'] as const;
const VERIFIED = [...DOWNLOADED, 'SignatureVerified'] as const;
const REBOOTS = [...VERIFIED, 'Installing', 'InstallRebooting'] as const;

const failsAt = (id: string, title: string, statuses: readonly Status[], then?: (t: CsmsTest, station: ToolStation) => Promise<void>) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    await tells(station, await updates(t, station), 3, ...statuses);
    await then?.(t, station);
  });

const refuses = (
  id: string,
  title: string,
  answer: ResponseOf<'UpdateFirmware'>['status'],
  then?: (t: CsmsTest, station: ToolStation) => Promise<void>,
) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    await updates(t, station, { answer });
    await then?.(t, station);
    await station.send(5, 'Heartbeat', {});
  });

const securityEvent =
  (step: number, type: string) =>
  async (t: CsmsTest, station: ToolStation): Promise<void> => {
    await station.send(step, 'SecurityEventNotification', { type, timestamp: t.timestamp() });
  };

export const csmsFirmware = [
  csmsCase('TC_L_01_CSMS', 'An update that goes through', async (t) => {
    const station = await booted(t);
    const id = await updates(t, station);
    await tells(station, id, 3, ...REBOOTS);
    await bootsWith(t, station, id, 13);
  }),
  csmsCase('TC_L_02_CSMS', 'An update that is to be installed later', async (t) => {
    const station = await booted(t);
    const id = await updates(t, station, { installInS: 60 });
    await tells(station, id, 3, ...VERIFIED, 'InstallScheduled', 'Installing', 'InstallRebooting');
    await bootsWith(t, station, id, 15);
  }),
  csmsCase('TC_L_03_CSMS', 'An update that is to be fetched later', async (t) => {
    const station = await booted(t);
    const id = await updates(t, station, { retrieveInS: 60 });
    await tells(station, id, 3, 'DownloadScheduled', ...REBOOTS);
    await bootsWith(t, station, id, 15);
  }),
  refuses('TC_L_04_CSMS', 'The signing certificate is revoked', 'RevokedCertificate'),
  refuses(
    'TC_L_05_CSMS',
    'The signing certificate is not valid',
    'InvalidCertificate',
    securityEvent(3, 'InvalidFirmwareSigningCertificate'),
  ),
  failsAt('TC_L_06_CSMS', 'The signature is wrong', [...DOWNLOADED, 'InvalidSignature'], securityEvent(9, 'InvalidFirmwareSignature')),
  failsAt('TC_L_07_CSMS', 'The download fails', ['Downloading', 'DownloadFailed']),
  failsAt('TC_L_08_CSMS', 'The image cannot be verified', [...VERIFIED, 'Installing', 'InstallVerificationFailed']),
  csmsCase('TC_L_09_CSMS', 'The installation fails after the reboot', async (t) => {
    const station = await booted(t);
    const id = await updates(t, station);
    await tells(station, id, 3, ...REBOOTS);
    await bootsWith(t, station, id, 13, 'InstallationFailed');
  }),
  csmsCase('TC_L_10_CSMS', 'A second update takes the place of the first', async (t) => {
    const station = await booted(t);
    await tells(station, await updates(t, station), 3, 'Downloading');
    const second = await updates(t, station, { step: 5, answer: 'AcceptedCanceled' });
    await tells(station, second, 7, ...REBOOTS);
    await bootsWith(t, station, second, 17);
  }),
  csmsCase('TC_L_11_CSMS', 'A second update is refused, the first goes on', async (t) => {
    const station = await booted(t);
    const first = await updates(t, station);
    await tells(station, first, 3, 'Downloading');
    await updates(t, station, { step: 5, answer: 'Rejected' });
    await tells(station, first, 7, 'Downloaded', 'SignatureVerified', 'Installing', 'InstallRebooting');
    await bootsWith(t, station, first, 15);
  }),
  csmsCase('TC_L_13_CSMS', 'An update waits for the end of the transaction', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    const id = await updates(t, station);
    await tells(station, id, 3, 'DownloadScheduled');
    await connectorIs(t, station, 5, 'Unavailable', 2, 1);
    await stopAuthorized(tx, 7);
    await evConnectedPostSession(tx, 8);
    await tx.event(9, { triggerReason: 'EVCommunicationLost', chargingState: 'Idle', stoppedReason: 'EVDisconnected', eventType: 'Ended' });
    await tells(station, id, 10, ...REBOOTS);
    await bootsWith(t, station, id, 20);
  }),
];
