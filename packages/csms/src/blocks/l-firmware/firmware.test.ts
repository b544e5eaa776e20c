import { expect, test } from 'vitest';
import { TestCsms } from '../../testing/test-csms.ts';
import { UseCases } from '../../use-cases.ts';

const FIRMWARE = { location: 'http://elsewhere/image', retrieveDateTime: '2026-01-01T00:00:00Z', signingCertificate: 'x', signature: 'x' };

test.each(['RevokedCertificate', 'InvalidCertificate', 'Rejected', 'AcceptedCanceled'] as const)(
  'TC_L_04_CSMS TC_L_05_CSMS TC_L_11_CSMS L01.FR.22 the answer %s of any station is kept with the update, also when a person sent the message himself',
  async (status) => {
    const t = await TestCsms.start();
    const station = await t.station('CS-1');
    station.script = { UpdateFirmware: () => ({ status }) };
    const payload = { requestId: 41, firmware: FIRMWARE };
    await t.settle(new UseCases(t.csms).call('CS-1', 'UpdateFirmware', payload, { actor: 'test' }));
    expect(await t.csms.kernel.read.firmwareUpdate(t.row('CS-1'), 41)).toMatchObject({ answer: status, statuses: [], firmware: null });
  },
);

test('TC_L_08_CSMS TC_L_09_CSMS L01.FR.20 steps are kept once and in order, those of no request only as notices', async () => {
  const t = await TestCsms.start();
  const station = await t.station('CS-1');
  for (const status of ['Downloading', 'Downloading', 'Downloaded', 'Installing', 'InstallationFailed'] as const) {
    await station.call('FirmwareStatusNotification', { status, requestId: 5 });
  }
  await station.call('FirmwareStatusNotification', { status: 'Idle' });
  const row = t.row('CS-1');
  const update = await t.csms.kernel.read.firmwareUpdate(row, 5);
  expect(update?.statuses.map(({ status }) => status)).toEqual(['Downloading', 'Downloaded', 'Installing', 'InstallationFailed']);
  expect(await t.csms.kernel.read.firmwareUpdates(row, 10)).toHaveLength(1);
  expect((await t.csms.kernel.read.notices(row, 20)).filter(({ action }) => action === 'FirmwareStatusNotification')).toHaveLength(6);
});

test('a station that tells of ever new requests fills no disk', async () => {
  const t = await TestCsms.start();
  const station = await t.station('CS-1');
  for (let requestId = 1; requestId <= 510; requestId += 1) await station.call('LogStatusNotification', { status: 'Uploading', requestId });
  const kept = await t.csms.kernel.read.logs(t.row('CS-1'), 1_000);
  expect(kept).toHaveLength(500);
  expect(kept[0]?.requestId).toBe(510);
  for (let n = 0; n < 150; n += 1)
    await station.call('LogStatusNotification', { status: n % 2 === 0 ? 'Uploading' : 'UploadFailure', requestId: 510 });
  expect((await t.csms.kernel.read.log(t.row('CS-1'), 510))?.statuses).toHaveLength(100);
});
