import { createHash } from 'node:crypto';
import { type FileRequest, type FileResponse, limits } from '@busbar/runtime';
import { expect, test } from 'vitest';
import type { FileToken } from '../store/file-intents.ts';
import type { Reader } from '../store/store.ts';
import { TestCsms } from '../testing/test-csms.ts';
import { UseCases } from '../use-cases.ts';
import type { MemoryFileStore } from './memory-file-store.ts';
import { rangeOf, uploadRangeOf } from './ranges.ts';

interface Lab {
  readonly t: TestCsms;
  readonly store: MemoryFileStore;
  readonly path: string;
  readonly ask: (
    request: Partial<FileRequest> & { readonly bytes?: readonly (string | Uint8Array)[] },
  ) => Promise<{ status: number; headers: FileResponse['headers']; text: string }>;
  readonly log: (requestId?: number) => ReturnType<Reader['log']>;
}

async function* from(parts: readonly (string | Uint8Array)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

/** A CSMS that has given one address to a station. */
async function lab(file: Partial<FileToken> = {}): Promise<Lab> {
  const t = await TestCsms.start({ publicFilesUrl: 'https://files.example/' });
  await t.station('CS-1');
  const { files, stations, clock, read } = t.csms.kernel;
  const station = stations.get('CS-1');
  if (!station) throw new Error('no station');
  const token = { kind: 'log', file: 'log-1', requestId: 7, maxBytes: 1_000, ...file } as const;
  const url = await t.settle(files.address(station, token, clock.now() + 60_000));
  expect(url).toMatch(/^https:\/\/files\.example\/files\/[\w-]{43}$/);
  const path = url.slice('https://files.example'.length);
  return {
    t,
    path,
    store: files.store as MemoryFileStore,
    log: (requestId = 7) => read.log(station.record.row, requestId),
    ask: async ({ bytes = [], ...request }) => {
      const full = { method: 'PUT', path, headers: {}, body: from(bytes), ...request } as const;
      const { status, headers = {}, body } = await t.settle(files.serve(full));
      let text = '';
      for await (const part of body ?? from([])) text += Buffer.from(part).toString('latin1');
      return { status, headers, text };
    },
  };
}

test('N01.FR.18 a log is taken by PUT and by POST, and belongs to its request', async () => {
  for (const method of ['PUT', 'POST'] as const) {
    const { ask, log, store } = await lab();
    expect((await ask({ method, bytes: ['hello ', 'world'] })).status).toBe(201);
    expect(await log()).toMatchObject({ file: 'log-1', bytes: 11, reason: null });
    expect(Buffer.from(store.files.get('log-1') ?? []).toString()).toBe('hello world');
    expect([...store.files.keys()]).toEqual(['log-1']);
  }
});

test('an address that was never given, has expired or names a place on our disk leads nowhere', async () => {
  const { ask, path, t } = await lab();
  for (const wrong of [
    '/files/',
    `${path}x`,
    '/files/../busbar.db',
    `/files/${'a'.repeat(43)}`,
    '/',
    `/api/v1${path}`,
    '/files/%2e%2e%2fbusbar.db',
  ])
    expect((await ask({ path: wrong, bytes: ['x'] })).status).toBe(404);
  expect((await ask({ path: `${path}?x=1`, bytes: ['x'] })).status).toBe(201);
  await t.clock.advance(61_000);
  expect((await ask({ bytes: ['x'] })).status).toBe(404);
});

test('what is for bringing is not for fetching, and the other way round', async () => {
  const up = await lab();
  expect(await up.ask({ method: 'GET' })).toMatchObject({ status: 405, headers: { allow: 'HEAD, PUT, POST' } });
  const down = await lab({ kind: 'firmware', file: 'image' });
  down.store.files.set('image', Buffer.from('0123456789'));
  expect(await down.ask({ method: 'PUT', bytes: ['x'] })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  expect(Buffer.from(down.store.files.get('image') ?? []).toString()).toBe('0123456789');
});

test('what is too large is refused with the reason, before it comes or when it has become so; nothing of it stays and others are not disturbed', async () => {
  const { ask, log, store, t } = await lab();
  store.files.set('log-other', Buffer.from('other'));
  expect((await ask({ headers: { 'content-length': '1001' }, bytes: ['x'] })).status).toBe(413);
  expect(await ask({ bytes: ['x'.repeat(600), 'y'.repeat(600)] })).toMatchObject({
    status: 413,
    text: expect.stringContaining('larger than 1000 bytes'),
  });
  expect((await ask({ headers: { 'content-range': 'bytes 0-9/5000', 'content-length': '10' }, bytes: ['0123456789'] })).status).toBe(413);
  expect(await log()).toMatchObject({ file: null, bytes: null, reason: expect.stringContaining('larger than 1000 bytes') });
  expect([...store.files.keys()]).toEqual(['log-other']);
  expect(t.csms.kernel.queue.healthy).toBe(true);
  const events = await t.csms.kernel.read.securityEvents({ limit: 10 });
  expect(events.map(({ type, techInfo }) => [type, techInfo])).toEqual(
    Array.from({ length: 3 }, () => ['UploadRefused', expect.stringContaining('larger than 1000 bytes')]),
  );
  // A smaller one may still come.
  expect((await ask({ bytes: ['x'] })).status).toBe(201);
  expect((await log())?.reason).toBeNull();
});

const form = (content: string, { boundary = 'b0undary', tail = '--\r\n', headers = 'Content-Disposition: form-data; name="file"' } = {}) =>
  `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n--${boundary}${tail}`;
const FORM = { 'content-type': 'multipart/form-data; boundary=b0undary' };

test('N01.FR.19 a form of one part is unpacked, however its bytes are cut', async () => {
  const content = 'first line\r\n--b0und is no boundary\r\n-- b0undary\r\n\r\nlast';
  for (const step of [1, 2, 3, 7, 1_000]) {
    const { ask, log, store } = await lab();
    const text = form(content, { tail: '--\r\nan epilogue' });
    const bytes = Array.from({ length: Math.ceil(text.length / step) }, (_, n) => text.slice(n * step, (n + 1) * step));
    const headers = { ...FORM, 'content-length': `${text.length}` };
    expect((await ask({ method: 'POST', headers, bytes })).status).toBe(201);
    expect(Buffer.from(store.files.get('log-1') ?? []).toString()).toBe(content);
    expect((await log())?.bytes).toBe(content.length);
  }
});

test.each([
  ['no boundary', { 'content-type': 'multipart/form-data' }, form('x'), 400, 'names no boundary'],
  ['a boundary of another form', { 'content-type': 'multipart/form-data; boundary="other"' }, form('x'), 400, 'does not begin with'],
  ['a second part', FORM, form('x', { tail: `\r\n\r\n\r\ny\r\n--b0undary--` }), 400, 'one part is expected'],
  ['no end', FORM, form('x').slice(0, -4), 400, 'one part is expected'],
  ['an end in the middle of the content', FORM, form('x'.repeat(100)).slice(0, 120), 400, 'ended early'],
  ['headers without end', FORM, `--b0undary\r\n${'x'.repeat(10_000)}`, 400, 'too long or missing'],
  ['too much', FORM, form('x'.repeat(1_001)), 413, 'larger than 1000 bytes'],
  ['a part of itself', { ...FORM, 'content-range': 'bytes 0-9/100' }, form('x'), 400, 'comes whole'],
  ['more than announced could fit', { ...FORM, 'content-length': '9999' }, form('x'), 413, 'larger than 1000 bytes'],
])('a form with %s is refused with the reason and is no log', async (_what, headers, text, status, reason) => {
  const { ask, log } = await lab();
  expect(await ask({ method: 'POST', headers, bytes: [text] })).toMatchObject({ status, text: expect.stringContaining(reason) });
  expect((await log())?.file ?? null).toBeNull();
});

test('an upload goes on where it was interrupted; HEAD says where that is', async () => {
  const { ask, log, store } = await lab();
  expect((await ask({ method: 'HEAD' })).headers).toMatchObject({ 'upload-offset': '0', 'upload-complete': '?0' });
  expect((await ask({ headers: { 'content-length': '10' }, bytes: ['0123'] })).status).toBe(400);
  expect((await ask({ method: 'HEAD' })).headers).toMatchObject({ 'upload-offset': '4', 'upload-complete': '?0' });
  expect(await ask({ headers: { 'content-range': 'bytes 6-9/10' }, bytes: ['6789'] })).toMatchObject({
    status: 409,
    headers: { 'upload-offset': '4' },
  });
  expect(await ask({ headers: { 'content-range': 'bytes 4-6/10' }, bytes: ['456'] })).toMatchObject({
    status: 202,
    headers: { 'upload-offset': '7' },
  });
  expect((await log())?.file ?? null).toBeNull();
  expect((await ask({ headers: { 'content-range': 'bytes 7-9/10' }, bytes: ['789'] })).status).toBe(201);
  expect(Buffer.from(store.files.get('log-1') ?? []).toString()).toBe('0123456789');
  expect((await ask({ method: 'HEAD' })).headers).toMatchObject({ 'upload-offset': '10', 'upload-complete': '?1' });
  for (const bad of ['bytes 4-2/10', 'bytes 0-10/10', 'words', 'bytes */10'])
    expect((await ask({ headers: { 'content-range': bad }, bytes: ['x'] })).status).toBe(400);
});

test('a newer attempt takes the place of one that hangs', async () => {
  const { t, ask, path, store } = await lab();
  const hanging = Promise.withResolvers<void>();
  const body = async function* (): AsyncIterable<Uint8Array> {
    yield Buffer.from('old');
    await hanging.promise;
    yield Buffer.from('old');
  };
  const first = t.csms.kernel.files.serve({ method: 'PUT', path, headers: {}, body: body() });
  expect((await ask({ bytes: ['new'] })).status).toBe(201);
  hanging.resolve();
  expect((await t.settle(first)).status).toBe(409);
  expect(Buffer.from(store.files.get('log-1') ?? []).toString()).toBe('new');
});

test('firmware is served whole, in ranges and as headers only', async () => {
  const { ask, store } = await lab({ kind: 'firmware', file: 'image' });
  store.files.set('image', Buffer.from('0123456789'));
  expect(await ask({ method: 'GET' })).toMatchObject({
    status: 200,
    text: '0123456789',
    headers: { 'content-length': '10', 'accept-ranges': 'bytes' },
  });
  expect(await ask({ method: 'GET', headers: { range: 'bytes=4-' } })).toMatchObject({
    status: 206,
    text: '456789',
    headers: { 'content-range': 'bytes 4-9/10' },
  });
  expect(await ask({ method: 'GET', headers: { range: 'bytes=2-3' } })).toMatchObject({ status: 206, text: '23' });
  expect(await ask({ method: 'GET', headers: { range: 'bytes=10-' } })).toMatchObject({
    status: 416,
    headers: { 'content-range': 'bytes */10' },
  });
  expect(await ask({ method: 'GET', headers: { range: 'bytes=4-', 'if-range': '"another"' } })).toMatchObject({
    status: 200,
    text: '0123456789',
  });
  expect(await ask({ method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers: { 'content-length': '10' } });
  store.files.delete('image');
  expect((await ask({ method: 'GET' })).status).toBe(404);
});

test('ranges as RFC 9110 has them', () => {
  expect(rangeOf('bytes=0-0', 10)).toEqual({ from: 0, to: 0 });
  expect(rangeOf('bytes=-3', 10)).toEqual({ from: 7, to: 9 });
  expect(rangeOf('bytes=-30', 10)).toEqual({ from: 0, to: 9 });
  expect(rangeOf('bytes=5-99', 10)).toEqual({ from: 5, to: 9 });
  for (const whole of [undefined, '', 'bytes=', 'bytes=-', 'bytes=3-2', 'bytes=0-1,3-4', 'items=0-1'])
    expect(rangeOf(whole, 10)).toBeUndefined();
  expect(rangeOf('bytes=-0', 10)).toBe('unsatisfiable');
  expect(rangeOf('bytes=0-', 0)).toBe('unsatisfiable');
  expect(uploadRangeOf('bytes 0-3/*')).toEqual({ from: 0, total: undefined });
});

test('only the newest logs of a station keep their bytes', async () => {
  const { t, store, log } = await lab();
  const { files, stations, clock } = t.csms.kernel;
  const station = stations.get('CS-1');
  if (!station) throw new Error('no station');
  for (let n = 1; n <= limits.logsPerStation + 1; n += 1) {
    const url = await t.settle(
      files.address(station, { kind: 'log', file: `log-${n}`, requestId: 100 + n, maxBytes: 10 }, clock.now() + 60_000),
    );
    await t.settle(files.serve({ method: 'PUT', path: new URL(url).pathname, headers: {}, body: from(['x']) }));
    await t.clock.advance(1_000);
  }
  expect(store.files.size).toBe(limits.logsPerStation);
  expect(await log(101)).toMatchObject({ file: null, reason: expect.stringContaining('newest') });
});

test('what was begun and never finished goes with its address; the logs of a station go with the station', async () => {
  const { t, ask, store } = await lab();
  await ask({ headers: { 'content-length': '10' }, bytes: ['0123'] });
  expect([...store.files.keys()]).toEqual(['log-1.part']);
  await t.clock.advance(120_000);
  const { files, stations, clock } = t.csms.kernel;
  const station = stations.get('CS-1');
  if (!station) throw new Error('no station');
  const wish = { kind: 'log', file: 'log-2', requestId: 8, maxBytes: 100 } as const;
  const url = await t.settle(files.address(station, wish, clock.now() + 60_000));
  expect([...store.files.keys()]).toEqual([]);
  expect((await ask({ path: new URL(url).pathname, bytes: ['x'] })).status).toBe(201);
  await t.settle(new UseCases(t.csms).deleteStation('CS-1', 'test'));
  expect([...store.files.keys()]).toEqual([]);
  expect(t.database.prepare('SELECT * FROM file_token').all()).toEqual([]);
});

test('all transfers share the line: none is refused, all become slower', async () => {
  const { t, path, store } = await lab({ kind: 'firmware', file: 'image' });
  const quarter = limits.fileBytesPerSecond / 4;
  store.files.set('image', new Uint8Array(quarter));
  const begun = t.clock.monotonic();
  const fetched = async (): Promise<number> => {
    let bytes = 0;
    const { status, body } = await t.csms.kernel.files.serve({ method: 'GET', path, headers: {}, body: from([]) });
    expect(status).toBe(200);
    for await (const part of body ?? from([])) bytes += part.length;
    return bytes;
  };
  const all = await t.settle(Promise.all(Array.from({ length: 8 }, fetched)));
  expect(all).toEqual(Array.from({ length: 8 }, () => quarter));
  expect(t.clock.monotonic() - begun).toBeGreaterThan(1_500);
});

test('only the hash of a token is stored, and a station on another machine gets no address that leads to ours', async () => {
  const { t, path } = await lab();
  const token = path.slice('/files/'.length);
  const stored = JSON.stringify(t.database.prepare('SELECT * FROM file_token').all());
  expect(stored).not.toContain(token);
  expect(stored).toContain(createHash('sha256').update(token).digest('hex'));
  const local = await TestCsms.start();
  await local.station('CS-1');
  const { files, stations, clock } = local.csms.kernel;
  const station = stations.get('CS-1');
  if (!station) throw new Error('no station');
  const wish = { kind: 'log', file: 'x', requestId: 1, maxBytes: 1 } as const;
  await expect(files.address(station, wish, clock.now())).rejects.toThrow('--public-files-url');
  files.localUrl = 'http://127.0.0.1:8081';
  expect(await local.settle(files.address(station, wish, clock.now() + 1))).toMatch(/^http:\/\/127\.0\.0\.1:8081\/files\//);
});
