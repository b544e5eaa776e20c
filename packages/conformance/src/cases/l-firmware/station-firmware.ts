import type { RequestOf } from '@busbar/protocol';
import { stationCase } from '../../case.ts';
import { oneOf } from '../../field.ts';
import { preparedUpdate, type UpdateWish } from '../../states/firmware.ts';
import {
  authorizedLocally,
  booted,
  charging,
  connectorTells,
  energyTransferStarted,
  evConnectedPreSession,
  stoppedAndGone,
  transactionOf,
} from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** Secure firmware update (L01). */

type Status = RequestOf<'FirmwareStatusNotification'>['status'];

const tells = (station: SutStation, step: number, requestId: number, status: Status, within?: number) =>
  station.take(
    step,
    'FirmwareStatusNotification',
    { requestId },
    { where: { status }, requirements: ['L01.FR.10', 'L01.FR.20'], ...(within === undefined ? {} : { within }) },
  );

async function tellsAll(station: SutStation, step: number, requestId: number, ...statuses: readonly Status[]): Promise<void> {
  for (const [n, status] of statuses.entries()) await tells(station, step + 2 * n, requestId, status);
}

const DOWNLOADED = ['Downloading', 'Downloaded', 'SignatureVerified'] as const;

/** Asks for the update of this wish; returns the number of the request and lets a stalled download go when told. */
async function asks(
  t: StationTest,
  station: SutStation,
  wish: UpdateWish = {},
  step = 1,
  status: 'Accepted' | 'AcceptedCanceled' | 'Rejected' = 'Accepted',
) {
  const update = await preparedUpdate(t, station, wish);
  await station.call(step, 'UpdateFirmware', update.request, { status }, 'L01.FR.01');
  return { requestId: update.request.requestId, place: update.place };
}

/** From the installation to the report of the new image. The station may reboot before, in the midst, or only reconnect. */
async function installs(t: StationTest, station: SutStation, requestId: number, step: number): Promise<void> {
  await tells(station, step, requestId, 'Installing', 60_000);
  const rebooting = await station.maybe('FirmwareStatusNotification', { status: 'InstallRebooting', requestId }, t.settings.stepMs);
  if (rebooting) t.reading('InstallRebooting is told before the activation (L01.FR.32)');
  await tells(station, step + 6, requestId, 'Installed', 60_000);
  t.that(step + 3, 'the station has connected anew', station.knocks.length > 1, `${station.knocks.length} connections`, ['L01.FR.23']);
  const boot = station.all('BootNotification').at(-1);
  if (station.all('BootNotification').length > 1 && boot) t.check(step + 2, boot, { reason: 'FirmwareUpdate' }, 'B01.FR.03');
  await station.take(step + 8, 'SecurityEventNotification', {}, { where: { type: 'FirmwareUpdated' }, requirements: ['L01.FR.31'] });
}

const goesThrough = (id: string, title: string, wish: UpdateWish, scheduled: { readonly download?: true; readonly install?: true }) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t);
    const { requestId } = await asks(t, station, wish);
    if (scheduled.download) await tells(station, 3, requestId, 'DownloadScheduled');
    const due = scheduled.download ? (wish.retrieveInS ?? 0) * 1000 : 0;
    await tells(station, 3, requestId, 'Downloading', due + t.settings.stepMs);
    await tellsAll(station, 5, requestId, 'Downloaded', 'SignatureVerified');
    if (scheduled.install) await tells(station, 9, requestId, 'InstallScheduled');
    await installs(t, station, requestId, 12);
  });

/** An update while a driver charges: it waits, and the other EVSE is open or closed meanwhile. */
const waitsForDriver = (id: string, title: string, options: { readonly downloads: boolean; readonly newSessions: boolean }) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, {
      layout: { evses: 2 },
      variables: { 'ChargingStation.AllowNewSessionsPendingFirmwareUpdate': String(options.newSessions) },
    });
    const tx = await charging(t, station, 1);
    const { requestId } = await asks(t, station);
    if (options.downloads) {
      await tellsAll(station, 3, requestId, ...DOWNLOADED);
      await station.take(
        9,
        'FirmwareStatusNotification',
        { requestId },
        { where: { status: oneOf('InstallScheduled', 'Installing') }, requirements: ['L01.FR.06'] },
      );
    } else {
      const scheduled = await station.maybe('FirmwareStatusNotification', { status: 'DownloadScheduled' }, t.settings.silenceS * 1000);
      if (scheduled) t.reading('the download is told to be scheduled');
      t.that(
        3,
        'nothing is downloaded while a driver charges',
        station.all('FirmwareStatusNotification', { status: 'Downloading' }).length === 0,
        'Downloading',
        ['L01.FR.06'],
      );
    }
    if (options.newSessions) {
      const second = await transactionOf(t, station, 2);
      await evConnectedPreSession(t, station, second, 11);
      await authorizedLocally(t, station, second, 11, 'valid2');
      await energyTransferStarted(t, station, second, 11);
      await stoppedAndGone(t, station, tx, 12);
      await stoppedAndGone(t, station, second, 13);
    } else {
      await connectorTells(t, station, 11, 'Unavailable', { evseId: 2, connectorId: 1, requirements: ['L01.FR.07'] });
      await stopsAndGoes(t, station, tx);
    }
    if (!options.downloads) await tellsAll(station, 8, requestId, ...DOWNLOADED);
    await installs(t, station, requestId, 17);
  });

/** The driver goes; the connector he leaves may be out of service at once. */
async function stopsAndGoes(t: StationTest, station: SutStation, tx: Awaited<ReturnType<typeof charging>>): Promise<void> {
  await station.does('presentToken', { evse: tx.evseId, ...t.token('valid') });
  await station.take(
    13,
    'TransactionEvent',
    {},
    { where: { eventType: 'Ended', 'transactionInfo.transactionId': tx.id }, requirements: ['E06.FR.03'] },
  );
  await station.does('unplug', { evse: tx.evseId, connector: tx.connectorId });
}

export const stationFirmware = [
  goesThrough('TC_L_01_CS', 'An update that goes through', { installInS: -7200 }, {}),
  goesThrough('TC_L_02_CS', 'An update that is to be installed later', { installInS: 3 }, { install: true }),
  goesThrough('TC_L_03_CS', 'An update that is to be fetched later', { retrieveInS: 3, installInS: -7200 }, { download: true }),
  stationCase('TC_L_05_CS', 'A signing certificate of a stranger is refused', async (t) => {
    const station = await booted(t);
    const { request } = await preparedUpdate(t, station, { flaw: 'wrongCertificate' });
    await station.call(
      1,
      'UpdateFirmware',
      request,
      { status: oneOf('InvalidCertificate', 'RevokedCertificate') },
      'L01.FR.02',
      'L01.FR.22',
    );
    await station.take(
      3,
      'SecurityEventNotification',
      {},
      { where: { type: 'InvalidFirmwareSigningCertificate' }, requirements: ['L01.FR.02'] },
    );
  }),
  stationCase('TC_L_06_CS', 'An image with one bit changed is refused', async (t) => {
    const station = await booted(t);
    const { requestId } = await asks(t, station, { flaw: 'wrongSignature' });
    await tellsAll(station, 3, requestId, 'Downloading', 'Downloaded', 'InvalidSignature');
    await station.take(9, 'SecurityEventNotification', {}, { where: { type: 'InvalidFirmwareSignature' }, requirements: ['L01.FR.03'] });
  }),
  stationCase('TC_L_07_CS', 'An image that is not there', async (t) => {
    const station = await booted(t);
    const { requestId } = await asks(t, station, { flaw: 'notThere', retries: 0 });
    await tells(station, 5, requestId, 'DownloadFailed', 60_000);
  }),
  stationCase('TC_L_08_CS', 'An image that does not verify when it is installed', async (t) => {
    const station = await booted(t);
    await station.does('firmware', { next: 'verifyFails' });
    const { requestId } = await asks(t, station);
    await tellsAll(station, 3, requestId, ...DOWNLOADED, 'Installing');
    await station.take(
      16,
      'FirmwareStatusNotification',
      { requestId },
      { where: { status: oneOf('InstallVerificationFailed', 'InstallationFailed') }, requirements: ['L01.FR.10'] },
    );
  }),
  stationCase('TC_L_10_CS', 'A second update takes the place of the first', async (t) => {
    const station = await booted(t);
    const first = await asks(t, station, { stall: true });
    await tells(station, 3, first.requestId, 'Downloading');
    const second = await asks(t, station, {}, 5, 'AcceptedCanceled');
    await tellsAll(station, 7, second.requestId, ...DOWNLOADED);
    first.place.release();
    await installs(t, station, second.requestId, 16);
    const late = { requestId: first.requestId, status: oneOf('Downloaded', 'Installing', 'Installed') };
    station.came(6, 0, 'FirmwareStatusNotification', late, 'nothing of the first update is installed', 'L01.FR.24');
  }),
  stationCase('TC_L_11_CS', 'A second update is refused, the first goes on', async (t) => {
    const station = await booted(t);
    const first = await asks(t, station, { stall: true });
    await tells(station, 3, first.requestId, 'Downloading');
    await asks(t, station, {}, 5, 'Rejected');
    first.place.release();
    await tellsAll(station, 7, first.requestId, 'Downloaded', 'SignatureVerified');
    await installs(t, station, first.requestId, 14);
  }),
  waitsForDriver('TC_L_12_CS', 'Nothing is fetched while drivers charge; new ones may begin', { downloads: false, newSessions: true }),
  waitsForDriver('TC_L_13_CS', 'Nothing is fetched while a driver charges; no new one may begin', { downloads: false, newSessions: false }),
  waitsForDriver('TC_L_14_CS', 'Nothing is installed while drivers charge; new ones may begin', { downloads: true, newSessions: true }),
  waitsForDriver('TC_L_15_CS', 'Nothing is installed while a driver charges; no new one may begin', {
    downloads: true,
    newSessions: false,
  }),
  stationCase('TC_L_16_CS', 'An update while a driver charges', async (t) => {
    const station = await booted(t);
    await charging(t, station);
    const { requestId } = await asks(t, station);
    await tellsAll(station, 3, requestId, ...DOWNLOADED);
    await installs(t, station, requestId, 9);
  }),
  stationCase('TC_L_18_CS', 'An update without certificate and signature is refused', async (t) => {
    const station = await booted(t);
    const { request } = await preparedUpdate(t, station);
    const { signature: _signature, signingCertificate: _certificate, ...firmware } = request.firmware;
    await station.call(1, 'UpdateFirmware', { ...request, firmware }, { status: oneOf('Rejected', 'InvalidCertificate') }, 'L01.FR.21');
  }),
];
