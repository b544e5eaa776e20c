import { expect, test } from 'vitest';
import { type FileServer, type FileTransfer, TransferError, transferAddress } from './file-transfer.ts';
import { silentLog } from './log.ts';
import { httpFiles, listenFiles } from './node/index.ts';
import { VirtualClock, VirtualFiles } from './virtual/index.ts';

const IMAGE = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7) % 251);

/** A server of one file, with or without ranges; what is put there is kept. */
function server(options: { ranges?: boolean; breakAt?: number } = {}) {
  const state = {
    breakAt: options.breakAt,
    stored: Buffer.alloc(0),
    asked: [] as string[],
    headers: {} as Readonly<Record<string, string | undefined>>,
  };
  const serve: FileServer = async ({ method, path, headers, body }) => {
    state.asked.push(`${method} ${path} ${headers['range'] ?? ''}`.trim());
    state.headers = headers;
    if (path === '/missing') return { status: 404 };
    if (path === '/login' && headers['authorization'] !== `Basic ${Buffer.from('me:p@ss').toString('base64')}`) return { status: 401 };
    if (method === 'HEAD') return { status: 200, headers: { 'upload-offset': `${state.stored.length}` } };
    if (method === 'PUT' || method === 'POST') {
      if (path === '/full') return { status: 413 };
      const parts: Uint8Array[] = [];
      for await (const part of body) parts.push(part);
      state.stored = Buffer.concat(parts);
      return { status: 201 };
    }
    const [, from = '0'] = /^bytes=(\d+)-/.exec(options.ranges === false ? '' : (headers['range'] ?? '')) ?? [];
    const rest = IMAGE.subarray(Number(from));
    const { breakAt } = state;
    state.breakAt = undefined;
    const whole = async function* (): AsyncIterable<Uint8Array> {
      if (breakAt === undefined) return yield rest;
      yield rest.subarray(0, breakAt);
      throw new Error('the server died');
    };
    const range = { 'content-range': `bytes ${from}-${IMAGE.length - 1}/${IMAGE.length}` };
    return {
      status: from === '0' ? 200 : 206,
      headers: { 'content-length': `${rest.length}`, ...(from === '0' ? {} : range) },
      body: whole(),
    };
  };
  return { state, serve };
}

interface Setting {
  readonly files: FileTransfer;
  readonly origin: string;
  readonly run: <T>(work: Promise<T>) => Promise<T>;
}

async function real(serve: FileServer, use: (setting: Setting) => Promise<void>): Promise<void> {
  const listener = await listenFiles({ server: serve, host: '127.0.0.1', port: 0, log: silentLog });
  try {
    await use({ files: httpFiles(), origin: `http://127.0.0.1:${listener.port}`, run: (work) => work });
  } finally {
    await listener.close();
  }
}

async function virtual(serve: FileServer, use: (setting: Setting) => Promise<void>): Promise<void> {
  const clock = new VirtualClock();
  const files = new VirtualFiles(clock);
  files.listen('http://files', serve);
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let over = false;
    const end = (): void => {
      over = true;
    };
    work.then(end, end);
    await clock.until('the transfer ends', () => over);
    return work;
  };
  await use({ files, origin: 'http://files', run });
}

async function fetched({ files, origin, run }: Setting, path: string, from = 0, limitBytes = 1 << 20): Promise<Buffer> {
  let image = Buffer.from(IMAGE.subarray(0, from));
  const begin = ({ at }: { at: number }): void => {
    image = image.subarray(0, at);
  };
  const chunk = (bytes: Uint8Array): void => {
    image = Buffer.concat([image, bytes]);
  };
  await run(files.download({ url: `${origin}${path}`, from, limitBytes, stallMs: 2_000, begin, chunk }));
  return image;
}

const failure = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof TransferError
    ? `${error.failure}${error.status === undefined ? '' : ` ${error.status}`}`
    : `no failure: ${String(error)}`;
};

for (const [name, setting] of [
  ['over TCP', real],
  ['on virtual time', virtual],
] as const) {
  test(`${name}: a download, whole and from the middle; a server without ranges begins anew`, async () => {
    const { serve, state } = server();
    await setting(serve, async (s) => {
      expect((await fetched(s, '/image')).equals(IMAGE)).toBe(true);
      expect((await fetched(s, '/image', 150_000)).equals(IMAGE)).toBe(true);
      expect(state.asked).toEqual(['GET /image', 'GET /image bytes=150000-']);
    });
    await setting(server({ ranges: false }).serve, async (s) => {
      expect((await fetched(s, '/image', 150_000)).equals(IMAGE)).toBe(true);
    });
  });

  test(`${name}: a broken line, a missing file and one that is too large are told apart`, async () => {
    await setting(server({ breakAt: 90_000 }).serve, async (s) => {
      expect(await failure(fetched(s, '/image'))).toMatch(/^broken|no failure: Error: the server died/);
      expect((await fetched(s, '/image', 90_000)).equals(IMAGE)).toBe(true);
      expect(await failure(fetched(s, '/missing'))).toBe('http 404');
      expect(await failure(fetched(s, '/image', 0, 1_000))).toBe('tooLarge');
    });
  });

  test(`${name}: a login in the URL, an upload by PUT and by POST, and what the server has of it`, async () => {
    const { serve, state } = server();
    await setting(serve, async (s) => {
      const { files, run, origin } = s;
      const body = [IMAGE.subarray(0, 70_000), IMAGE.subarray(70_000)];
      const upload = (method: 'PUT' | 'POST', path: string): Promise<void> =>
        run(
          files.upload({
            url: `${origin}${path}`,
            method,
            headers: { 'content-type': 'text/plain' },
            body,
            length: IMAGE.length,
            stallMs: 2_000,
          }),
        );
      await upload('PUT', '/log');
      expect(state.stored.equals(IMAGE)).toBe(true);
      expect(state.headers).toMatchObject({ 'content-length': `${IMAGE.length}`, 'content-type': 'text/plain' });
      await upload('POST', '/log');
      expect(await failure(upload('PUT', '/full'))).toBe('http 413');
      expect(await run(files.uploaded({ url: `${origin}/log`, stallMs: 2_000 }))).toBe(IMAGE.length);
      const login = { ...s, origin: origin.replace('http://', 'http://me:p%40ss@') };
      expect((await fetched(login, '/login')).length).toBe(IMAGE.length);
      expect(await failure(fetched(s, '/login'))).toBe('http 401');
    });
  });

  test(`${name}: a transfer can be given up in the middle`, async () => {
    await setting(server().serve, async ({ files, origin, run }) => {
      const abort = new AbortController();
      const chunk = (): void => abort.abort();
      const work = files.download({
        url: `${origin}/image`,
        from: 0,
        limitBytes: 1 << 20,
        stallMs: 2_000,
        signal: abort.signal,
        begin: () => undefined,
        chunk,
      });
      expect(await failure(run(work))).toBe('aborted');
    });
  });
}

test('nobody listens: unreachable, on both', async () => {
  await virtual(server().serve, async (s) => {
    expect(await failure(fetched({ ...s, origin: 'http://elsewhere' }, '/image'))).toBe('unreachable');
  });
  expect(await failure(fetched({ files: httpFiles(), origin: 'http://127.0.0.1:1', run: (work) => work }, '/image'))).toBe('unreachable');
});

test('what is no URL of HTTP says so before anything is opened', () => {
  const reason = (url: string): string => {
    try {
      transferAddress(url);
      return 'fine';
    } catch (error) {
      return error instanceof TransferError ? error.failure : String(error);
    }
  };
  expect(['ftp://host/x', 'sftp://host/x', 'nonsense', '', 'http://', 'https://host/x', 'http://host'].map(reason)).toEqual([
    'protocol',
    'protocol',
    'address',
    'address',
    'address',
    'fine',
    'fine',
  ]);
});
