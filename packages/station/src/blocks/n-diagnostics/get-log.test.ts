import type { RequestOf } from '@busbar/protocol';
import { limits } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { type Bench, bench } from '../../testing/bench.ts';
import { FileHost } from '../../testing/file-host.ts';

type GetLog = RequestOf<'GetLog'>;

const host = (b: Bench): FileHost => {
  const files = new FileHost();
  b.files.listen('http://files', files.serve);
  return files;
};
const request = (more: Partial<GetLog> = {}, remoteLocation = 'http://files/up'): GetLog => ({
  logType: 'DiagnosticsLog',
  requestId: 7,
  log: { remoteLocation },
  ...more,
});
const statuses = (b: Bench): string[] => b.csms.of('LogStatusNotification').map(({ status, requestId }) => `${status} ${requestId}`);

test('TC_N_25_CS N01.FR.01 N01.FR.02 N01.FR.04 N01.FR.07 N01.FR.08 N01.FR.09 the diagnostics of the station arrive as a file', async () => {
  const b = await bench().booted();
  const files = host(b);
  await b.charging();
  const answer = await b.ask('GetLog', request());
  expect(answer).toMatchObject({ status: 'Accepted', filename: expect.stringMatching(/^CS-1-DiagnosticsLog-\d{8}T\d{6}Z\.log$/) });
  await b.wait(5);
  expect(statuses(b)).toEqual(['Uploading 7', 'Uploaded 7']);
  const text = files.stored.get('/up')?.toString() ?? '';
  expect(text).toContain('DiagnosticsLog of CS-1, Busbar Wall 7, firmware 1.0.0');
  expect(text).toContain('token ...CCDD presented');
  expect(text).toMatch(/transaction [\w-]+ Started/);
  expect(text).toContain('in GetLog');
  expect(text).not.toContain('AABBCCDD');
  expect(b.csms.faults).toEqual([]);
});

test('N01.FR.03 TC_N_35_CS the security log is another file', async () => {
  const b = await bench().booted();
  const files = host(b);
  expect((await b.ask('GetLog', request({ logType: 'SecurityLog' }))).status).toBe('Accepted');
  await b.wait(5);
  expect(statuses(b)).toEqual(['Uploading 7', 'Uploaded 7']);
  expect(files.stored.get('/up')?.toString()).toMatch(/^SecurityLog of CS-1/);
});

test('TC_N_34_CS N01.FR.05 a log that cannot be had, of a kind nobody keeps or of a time without any, is Rejected without a name', async () => {
  const b = await bench({ version: 'ocpp2.1' }).booted();
  host(b);
  b.hardware.logs(false);
  expect(await b.ask('GetLog', request())).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode: 'NotFound' } });
  b.hardware.logs(true);
  expect(await b.ask('GetLog', request({ logType: 'DataCollectorLog' }))).not.toHaveProperty('filename');
  const past = { remoteLocation: 'http://files/up', oldestTimestamp: '2001-01-01T00:00:00Z', latestTimestamp: '2001-01-02T00:00:00Z' };
  expect((await b.ask('GetLog', request({ log: past }))).status).toBe('Rejected');
  expect(statuses(b)).toEqual([]);
});

test('N01.FR.01 oldestTimestamp and latestTimestamp cut the log', async () => {
  const b = await bench().booted();
  const files = host(b);
  await b.wait(600);
  const from = b.clock.now();
  await b.card();
  const log = {
    remoteLocation: 'http://files/up',
    oldestTimestamp: new Date(from).toISOString(),
    latestTimestamp: new Date(from + 1_000).toISOString(),
  };
  await b.ask('GetLog', request({ log }));
  await b.wait(5);
  const lines = (files.stored.get('/up')?.toString() ?? '').trimEnd().split('\n').slice(1);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const at = Date.parse(line.split(' ')[0] ?? '');
    expect(at).toBeGreaterThanOrEqual(from);
    expect(at).toBeLessThanOrEqual(from + 1_000);
  }
});

test('TC_N_26_CS N01.FR.10 retries 3 are four attempts, an interval apart, and one failure at the end', async () => {
  const b = await bench().booted();
  const files = host(b);
  files.refusing = { status: 500, times: 99 };
  await b.ask('GetLog', request({ retries: 3, retryInterval: 20 }));
  await b.wait(70);
  expect(files.asked).toHaveLength(4);
  expect(statuses(b)).toEqual(['Uploading 7', 'UploadFailure 7']);
  const at = b.csms.calls.filter(({ action }) => action === 'LogStatusNotification').map((call) => call.at);
  expect(Math.round(((at[1] ?? 0) - (at[0] ?? 0)) / 1_000)).toBe(60);
  await b.wait(120);
  expect(files.asked).toHaveLength(4);
});

test.each([
  [403, 'PermissionDenied'],
  [401, 'PermissionDenied'],
  [400, 'BadMessage'],
  [501, 'NotSupportedOperation'],
  [507, 'UploadFailure'],
])('N01.FR.10 what the server says becomes the status: %i is %s', async (status, wanted) => {
  const b = await bench().booted();
  host(b).refusing = { status, times: 99 };
  await b.ask('GetLog', request({ retries: 0 }));
  await b.wait(5);
  expect(statuses(b)).toEqual(['Uploading 7', `${wanted} 7`]);
});

test('N01.FR.18 N01.FR.19 a server that takes no PUT gets a POST with type and file name', async () => {
  const b = await bench().booted();
  const files = host(b);
  files.only = 'POST';
  const { filename } = await b.ask('GetLog', request());
  await b.wait(5);
  expect(files.asked).toEqual(['PUT /up', 'POST /up']);
  expect(files.headers.at(-1)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': `form-data; name="uploadfile"; filename="${filename}"`,
  });
  expect(statuses(b).at(-1)).toBe('Uploaded 7');
});

test('N01.FR.02 a broken upload goes on where the server says it stopped', async () => {
  const b = await bench().booted();
  const files = host(b);
  files.resumable = true;
  b.files.chunkBytes = 200;
  for (let n = 0; n < 20; n += 1) await b.card();
  b.files.breakAfter = 900;
  await b.ask('GetLog', request({ retries: 1, retryInterval: 10 }));
  await b.wait(30);
  expect(files.asked).toEqual(['PUT /up', 'HEAD /up', 'PUT /up']);
  expect(files.headers.at(-1)?.['content-range']).toMatch(/^bytes 900-\d+\/\d+$/);
  expect(files.stored.get('/up')?.toString()).toMatch(/^DiagnosticsLog of CS-1.*\n(.*\n){20,}$/);
  expect(statuses(b)).toEqual(['Uploading 7', 'Uploaded 7']);
});

test('TC_N_36_CS N01.FR.12 N01.FR.20 a second request cancels the first, also between two attempts', async () => {
  const b = await bench().booted();
  const files = host(b);
  files.refusing = { status: 500, times: 1 };
  await b.ask('GetLog', request({ requestId: 1, retryInterval: 600 }));
  await b.wait(10);
  expect((await b.ask('GetLog', request({ requestId: 2 }, 'http://files/second'))).status).toBe('AcceptedCanceled');
  await b.wait(10);
  expect(statuses(b)).toEqual(['Uploading 1', 'AcceptedCanceled 1', 'Uploading 2', 'Uploaded 2']);
  await b.wait(1_200);
  expect(files.asked).toEqual(['PUT /up', 'PUT /second']);
});

test('N01.FR.14 only HTTP and HTTPS are spoken; other addresses are refused with the reason and cancel nothing', async () => {
  const b = await bench().booted();
  expect(await b.get('OCPPCommCtrlr', 'FileTransferProtocols')).toBe('HTTP,HTTPS');
  for (const [url, reasonCode] of [
    ['ftp://files/up', 'UnsupportedParam'],
    ['sftp://files/up', 'UnsupportedParam'],
    ['nonsense', 'InvalidURL'],
    ['', 'InvalidURL'],
  ] as const) {
    expect(await b.ask('GetLog', request({}, url))).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode } });
  }
  expect(statuses(b)).toEqual([]);
});

test('N01.FR.13 F06.FR.14 F06.FR.15 a triggered status is Uploading with its id, or Idle without any', async () => {
  const b = await bench().booted();
  host(b).refusing = { status: 500, times: 99 };
  await b.ask('GetLog', request({ retries: 1, retryInterval: 100 }));
  await b.ask('TriggerMessage', { requestedMessage: 'LogStatusNotification' });
  expect(b.csms.last('LogStatusNotification')).toEqual({ status: 'Uploading', requestId: 7 });
  await b.wait(200);
  await b.ask('TriggerMessage', { requestedMessage: 'LogStatusNotification' });
  expect(b.csms.last('LogStatusNotification')).toEqual({ status: 'Idle' });
});

test('N01.FR.09 what happened while the link was away is told afterwards, in order', async () => {
  const b = await bench().booted();
  host(b).refusing = { status: 500, times: 1 };
  await b.ask('GetLog', request({ retries: 1, retryInterval: 20 }));
  await b.offline();
  await b.wait(60);
  await b.online();
  expect(statuses(b)).toEqual(['Uploading 7', 'Uploaded 7']);
});

test('N01.FR.02 a power cut in the middle: the upload begins anew and its end is told under the same id', async () => {
  const b = await bench().booted();
  const files = host(b);
  files.refusing = { status: 500, times: 1 };
  await b.ask('GetLog', request({ retries: 1, retryInterval: 600 }));
  await b.wait(10);
  b.cut();
  b.restore();
  await b.wait(30);
  expect(statuses(b)).toEqual(['Uploading 7', 'Uploading 7', 'Uploaded 7']);
});

test('N01.FR.12 a newer request that comes while the older one ends: the newer one survives a power cut', async () => {
  for (let afterMs = 0; afterMs <= 40; afterMs += 1) {
    const b = await bench({ commitMs: 3 }).booted();
    const files = host(b);
    b.csms.call('GetLog', request({ requestId: 1 })).catch(() => undefined);
    await b.clock.advance(afterMs);
    files.refusing = { status: 500, times: 1 };
    b.csms.call('GetLog', request({ requestId: 2, retryInterval: 900 })).catch(() => undefined);
    await b.wait(30);
    const uploaded = statuses(b).includes('Uploaded 2');
    b.cut();
    b.restore();
    await b.wait(60);
    if (!uploaded) expect([afterMs, statuses(b).at(-1)]).toEqual([afterMs, 'Uploaded 2']);
    expect(b.csms.faults).toEqual([]);
  }
});

test('N01.FR.04 a quiet station keeps weeks of diagnostics, a busy one its last thousands of lines', async () => {
  const b = await bench({ variables: { 'AlignedDataCtrlr.Enabled': 'false' } }).booted();
  for (let n = 0; n < 60; n += 1) {
    await b.card();
    await b.wait(limits.stationLogWaitMs / 1_000);
  }
  const blocks = [...b.disk.durable.keys()].filter((key) => key.startsWith('diagnostics/'));
  expect(blocks.length).toBeLessThan(10);
  const files = host(b);
  await b.ask('GetLog', request());
  await b.wait(5);
  expect((files.stored.get('/up')?.toString() ?? '').match(/token \.\.\.CCDD presented/g)).toHaveLength(60);
});

test('N01.FR.04 diagnostics outlive a reboot; after a power cut only the last minutes are missing', async () => {
  const b = await bench().booted();
  const files = host(b);
  await b.card();
  await b.wait(limits.stationLogWaitMs / 1_000);
  b.cut();
  b.restore();
  await b.wait(10);
  await b.ask('GetLog', request());
  await b.wait(5);
  const text = files.stored.get('/up')?.toString() ?? '';
  expect(text).toContain('token ...CCDD presented');
  expect(text.match(/registration accepted/g)).toHaveLength(2);
});

test('B12.FR.01 a reset on idle waits for the upload (errata 2.14)', async () => {
  const b = await bench().booted();
  host(b).refusing = { status: 500, times: 1 };
  await b.ask('GetLog', request({ retries: 1, retryInterval: 30 }));
  expect((await b.ask('Reset', { type: 'OnIdle' })).status).toBe('Scheduled');
  await b.wait(10);
  expect(b.csms.of('BootNotification')).toHaveLength(1);
  await b.wait(60);
  expect(b.csms.of('BootNotification').map(({ reason }) => reason)).toEqual(['PowerUp', 'ScheduledReset']);
});
