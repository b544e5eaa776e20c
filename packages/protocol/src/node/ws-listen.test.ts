import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket as TcpSocket } from 'node:net';
import { type ConnectionOptions, createServer as createTlsServer, connect as tlsConnect } from 'node:tls';
import zlibModule, { deflateRawSync, constants as zlib } from 'node:zlib';
import {
  type Acceptor,
  DialError,
  type DialRequest,
  type Handshake,
  type HandshakeVerdict,
  Secret,
  type ServerCertificate,
  type Socket,
} from '@busbar/runtime';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { nodeNetwork } from './node-network.ts';
import { makeTestCertificate } from './testing.ts';
import { type Listener, type ListenOptions, wsListen } from './ws-listen.ts';

const listeners: Listener[] = [];
const dialled: Socket[] = [];
afterEach(async () => {
  for (const socket of dialled.splice(0)) socket.terminate();
  for (const listener of listeners.splice(0)) await listener.close();
});

/** A server that accepts everybody, and what it saw. */
async function serve(options: Partial<ListenOptions> & { verdict?: (handshake: Handshake) => HandshakeVerdict } = {}) {
  const seen: Handshake[] = [];
  const opened: Socket[] = [];
  const waiting: ((socket: Socket) => void)[] = [];
  const accepted = (handshake: Handshake): HandshakeVerdict => ({
    kind: 'accept',
    subprotocol: handshake.subprotocols[0] ?? '',
    opened: (socket) => {
      const next = waiting.shift();
      if (next) next(socket);
      else opened.push(socket);
    },
  });
  const acceptor: Acceptor = async (handshake) => {
    seen.push(handshake);
    return (options.verdict ?? accepted)(handshake);
  };
  const { verdict: _, ...rest } = options;
  const listener = await wsListen({ host: '127.0.0.1', port: 0, acceptor, ...rest });
  listeners.push(listener);
  const next = (): Promise<Socket> => {
    const first = opened.shift();
    return first ? Promise.resolve(first) : new Promise((resolve) => waiting.push(resolve));
  };
  return { listener, seen, next, origin: `${options.tls ? 'wss' : 'ws'}://127.0.0.1:${listener.port}` };
}

const dial = async (url: string, request: Partial<DialRequest> = {}): Promise<Socket> => {
  const socket = await nodeNetwork().dial({ url, subprotocols: ['ocpp2.0.1'], deflate: false, timeoutMs: 5_000, ...request });
  dialled.push(socket);
  return socket;
};
const failure = async (dialling: Promise<Socket>): Promise<DialError> => {
  try {
    await dialling;
  } catch (error) {
    if (error instanceof DialError) return error;
    throw error;
  }
  throw new Error('the connection opened');
};

/** What comes out of a socket, to be awaited. */
function listen(socket: Socket) {
  const waiting: ((what: string) => void)[] = [];
  const came: string[] = [];
  const come = (what: string): void => {
    const next = waiting.shift();
    if (next) next(what);
    else came.push(what);
  };
  socket.handle({
    text: (data) => come(data),
    binary: () => come('(binary)'),
    alive: () => come('(alive)'),
    oversize: (bytes) => come(`(oversize ${bytes})`),
    closed: (code, reason) => come(`(closed ${code} ${reason})`),
  });
  return {
    came,
    next: (): Promise<string> => {
      const first = came.shift();
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
    },
  };
}

/** Both ends of one connection. */
async function pair(options: Parameters<typeof serve>[0] = {}, request: Partial<DialRequest> = {}) {
  const server = await serve(options);
  const near = await dial(`${server.origin}/ocpp/CS001`, request);
  const far = await server.next();
  return { ...server, near, far };
}

describe('the handshake', () => {
  test('tells the acceptor the raw path, the subprotocols in order, the credentials and the address', async () => {
    const { seen, near, far } = await pair(
      {},
      { subprotocols: ['ocpp2.1', 'ocpp2.0.1'], basic: { user: 'CS001', password: new Secret('pässwörd: with a colon') } },
    );
    expect(seen).toEqual([
      {
        path: '/ocpp/CS001',
        subprotocols: ['ocpp2.1', 'ocpp2.0.1'],
        authorization: `Basic ${Buffer.from('CS001:pässwörd: with a colon').toString('base64')}`,
        remoteAddress: '127.0.0.1',
        secure: false,
      },
    ]);
    expect([near.subprotocol, far.subprotocol, near.remoteAddress, far.remoteAddress]).toEqual([
      'ocpp2.1',
      'ocpp2.1',
      '127.0.0.1',
      '127.0.0.1',
    ]);
  });

  test('keeps percent-encoding and drops the query', async () => {
    const { origin, seen } = await serve();
    await dial(`${origin}/ocpp/RDAM%7C123?x=1`);
    expect(seen[0]?.path).toBe('/ocpp/RDAM%7C123');
  });

  test('agrees on the subprotocol the acceptor chose, not on the first', async () => {
    const { origin, next } = await serve({
      verdict: () => ({ kind: 'accept', subprotocol: 'ocpp2.0.1', opened: () => undefined }),
    });
    expect((await dial(`${origin}/ocpp/CS001`, { subprotocols: ['ocpp2.1', 'ocpp2.0.1'] })).subprotocol).toBe('ocpp2.0.1');
    expect(next).toBeDefined();
  });

  test.each([
    [401, undefined],
    [404, undefined],
    [429, 30],
    [503, 5],
    [400, undefined],
  ] as const)('answers %i with the reason', async (status, retryAfterS) => {
    const { origin } = await serve({
      verdict: () => ({ kind: 'refuse', status, reason: 'because', ...(retryAfterS === undefined ? {} : { retryAfterS }) }),
    });
    const error = await failure(dial(`${origin}/ocpp/CS001`));
    expect([error.failure, error.httpStatus]).toEqual(['http', status]);
    expect(error.message).toContain('because');
    const raw = await rawAnswer(new URL(origin).port, UPGRADE);
    expect(raw).toContain(`HTTP/1.1 ${status} `);
    expect(/Retry-After: (\d+)/.exec(raw)?.[1]).toBe(retryAfterS?.toString());
    expect(raw.includes('WWW-Authenticate: Basic')).toBe(status === 401);
  });

  test('without a common subprotocol is 101 without the header, then a close (Part 4, 3.2)', async () => {
    const { origin, listener } = await serve({
      verdict: () => ({ kind: 'acceptAndClose', code: 1002, reason: 'no subprotocol in common' }),
    });
    expect((await failure(dial(`${origin}/ocpp/CS001`))).failure).toBe('subprotocol');
    const raw = await rawAnswer(String(listener.port), UPGRADE);
    expect(raw).toContain('HTTP/1.1 101 ');
    expect(raw).not.toContain('Sec-WebSocket-Protocol');
    expect(raw).toContain('no subprotocol in common');
  });

  test('refuses what is no WebSocket handshake, and tells a browser what this is', async () => {
    const { listener, seen } = await serve();
    const port = String(listener.port);
    expect(await rawAnswer(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1\.1 426 .*OCPP over WebSocket/s);
    expect(await rawAnswer(port, UPGRADE.replace('Version: 13', 'Version: 99'))).toMatch(/^HTTP\/1\.1 400 .*version 13/s);
    expect(await rawAnswer(port, UPGRADE.replace(/Key: .*\r\n/, 'Key: short\r\n'))).toMatch(/^HTTP\/1\.1 400 .*Key/s);
    expect(await rawAnswer(port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(seen).toEqual([]);
  });

  test('takes no more at once than it may, the others are told when to come back', async () => {
    const first = Promise.withResolvers<HandshakeVerdict>();
    const asked = Promise.withResolvers<void>();
    const listener = await wsListen({
      host: '127.0.0.1',
      port: 0,
      maxHandshakes: 1,
      acceptor: () => {
        asked.resolve();
        return first.promise;
      },
    });
    listeners.push(listener);
    const slow = failure(dial(`ws://127.0.0.1:${listener.port}/a`));
    await asked.promise;
    expect(await rawAnswer(String(listener.port), UPGRADE)).toMatch(/^HTTP\/1\.1 503 .*Retry-After: 5/s);
    first.resolve({ kind: 'refuse', status: 404, reason: 'unknown' });
    expect((await slow).httpStatus).toBe(404);
  });

  test('a failing acceptor is a 503, not a crash', async () => {
    const listener = await wsListen({ host: '127.0.0.1', port: 0, acceptor: () => Promise.reject(new Error('store down')) });
    listeners.push(listener);
    expect((await failure(dial(`ws://127.0.0.1:${listener.port}/a`))).httpStatus).toBe(503);
  });

  test.each([
    ['nothing', ''],
    ['half a header', 'GET / HTTP/1.1\r\nHost: '],
  ])('who sends %s is closed after the time for handshakes', async (_, sent) => {
    const { listener } = await serve({ handshakeTimeoutMs: 60 });
    const from = performance.now();
    await rawAnswer(String(listener.port), sent);
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  test('a taken port is said so', async () => {
    const { listener } = await serve();
    await expect(
      wsListen({ host: '127.0.0.1', port: listener.port, acceptor: () => Promise.reject(new Error('never')) }),
    ).rejects.toMatchObject({
      code: 'port-taken',
    });
  });
});

describe('frames', () => {
  test('pass both ways in order, also those sent before anybody listens', async () => {
    const { near, far } = await pair();
    far.send('1 ä 🔌');
    far.send('2');
    const nearEnd = listen(near);
    expect([await nearEnd.next(), await nearEnd.next()]).toEqual(['1 ä 🔌', '2']);
    near.send('3');
    expect(await listen(far).next()).toBe('3');
  });

  test('of binary data are told, not delivered as text', async () => {
    const { origin, next } = await serve();
    const client = new WebSocket(`${origin}/a`, 'ocpp2.0.1');
    const far = listen(await next());
    await new Promise((resolve) => client.once('open', resolve));
    client.send(Buffer.from([1, 2, 3]));
    expect(await far.next()).toBe('(binary)');
    client.terminate();
    expect(await far.next()).toBe('(closed 1006 connection lost)');
  });

  test('ping is answered, and both are signs of life', async () => {
    const { near, far } = await pair();
    const [nearEnd, farEnd] = [listen(near), listen(far)];
    near.ping();
    expect([await farEnd.next(), await nearEnd.next()]).toEqual(['(alive)', '(alive)']);
  });

  test('are not read while paused, and none is lost', async () => {
    const { near, far } = await pair();
    const farEnd = listen(far);
    near.send('before');
    expect(await farEnd.next()).toBe('before');
    far.pause();
    const nearEnd = listen(near);
    for (let i = 0; i < 100; i += 1) near.send(`${i}`);
    // A round trip the other way proves that time enough has passed for them to arrive.
    far.send('still here');
    expect(await nearEnd.next()).toBe('still here');
    expect(farEnd.came).toEqual([]);
    far.resume();
    for (let i = 0; i < 100; i += 1) expect(await farEnd.next()).toBe(`${i}`);
  });

  test('above the limit close with 1009, plain and compressed', async () => {
    for (const deflate of [false, true]) {
      const { near, far } = await pair({ maxFrameBytes: 10_000 }, { deflate });
      const [nearEnd, farEnd] = [listen(near), listen(far)];
      near.send('x'.repeat(12_345));
      // What its frame announces is known; how much a compressed one holds is not, it is not unpacked to find out.
      expect(await farEnd.next()).toBe(deflate ? '(oversize 10001)' : '(oversize 12345)');
      const size = deflate ? 'a frame of more than 10000 bytes' : 'a frame of 12345 bytes; the limit is 10000';
      expect(await farEnd.next()).toBe(`(closed 1009 ${size})`);
      expect(await nearEnd.next()).toMatch(/^\(closed 1009 /);
    }
  });

  test('close carries code and reason, cut to what a frame holds', async () => {
    const { near, far } = await pair();
    const farEnd = listen(far);
    near.close(1001, `${'ä'.repeat(61)} cut`);
    expect(await farEnd.next()).toBe(`(closed 1001 ${'ä'.repeat(61)} )`);
  });

  test('the server says goodbye when it stops', async () => {
    const { near, listener } = await pair();
    const nearEnd = listen(near);
    expect(listener.connections).toBe(1);
    listeners.splice(0);
    await listener.close();
    expect(await nearEnd.next()).toBe('(closed 1001 the server stops)');
    expect((await failure(dial(`ws://127.0.0.1:${listener.port}/a`))).failure).toBe('refused');
  });
});

describe('compression', () => {
  const long = JSON.stringify([2, 'id', 'TransactionEvent', { text: 'sampled value '.repeat(500) }]);

  test('is agreed without takeover and carries both ways, also after short plain frames', async () => {
    const { near, far } = await pair({}, { deflate: true });
    const [nearEnd, farEnd] = [listen(near), listen(far)];
    for (const text of ['short', long, 'short again', `${long}ä🔌`]) {
      near.send(text);
      expect(await farEnd.next()).toBe(text);
      far.send(text);
      expect(await nearEnd.next()).toBe(text);
    }
  });

  test('answers the offer as D5 says, and saves bytes on the wire', async () => {
    const { listener, next } = await serve();
    const { socket, head } = await rawUpgrade(listener.port, 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=12\r\n');
    expect(head).toContain('server_no_context_takeover');
    expect(head).toContain('client_no_context_takeover');
    const far = await next();
    far.send(long);
    const frame = await firstBytes(socket);
    expect(frame[0]).toBe(0b1100_0001); // final, compressed, text
    expect(frame.length).toBeLessThan(long.length / 10);
    socket.destroy();
  });

  test('is declined, not refused, for an offer of 8 bits or a damaged one', async () => {
    const { listener } = await serve();
    for (const offer of [
      'permessage-deflate; server_max_window_bits=8',
      'permessage-deflate; nonsense=1',
      ';;;',
      'x-webkit-deflate-frame',
    ]) {
      const { socket, head } = await rawUpgrade(listener.port, `Sec-WebSocket-Extensions: ${offer}\r\n`);
      expect(head).toContain('HTTP/1.1 101');
      expect(head).not.toContain('Sec-WebSocket-Extensions');
      socket.destroy();
    }
  });

  test('joins fragments of a compressed message', async () => {
    const { listener, next } = await serve();
    const { socket } = await rawUpgrade(listener.port, 'Sec-WebSocket-Extensions: permessage-deflate\r\n');
    const far = listen(await next());
    const deflated = deflateRawSync(Buffer.from(long), { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, -4);
    const half = deflated.length >> 1;
    socket.write(Buffer.concat([masked(0b0100_0001, deflated.subarray(0, half)), masked(0b1000_0000, deflated.subarray(half))]));
    expect(await far.next()).toBe(long);
    socket.write(masked(0b1000_0001, Buffer.from('plain after it')));
    expect(await far.next()).toBe('plain after it');
    socket.destroy();
  });

  test('a bomb is refused with 1009 and damage with 1007', async () => {
    const { listener, next } = await serve();
    const bomb = deflateRawSync(Buffer.alloc(50 << 20), { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, -4);
    expect(bomb.length).toBeLessThan(100_000);
    for (const [payload, code, told] of [
      [bomb, 1009, /^\(oversize 1048577\)/],
      [Buffer.from([0xff, 0xff, 0xff]), 1007, /^\(closed 1007 /],
    ] as const) {
      const { socket } = await rawUpgrade(listener.port, 'Sec-WebSocket-Extensions: permessage-deflate\r\n');
      const far = listen(await next());
      const frame = firstBytes(socket);
      socket.write(masked(0b1100_0001, payload));
      expect((await frame).readUInt16BE(2)).toBe(code);
      expect(await far.next()).toMatch(told);
      socket.destroy();
    }
  });

  test('may take context over for as many connections as allowed', async () => {
    const { listener } = await serve({ deflate: { takeover: 1 } });
    const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=12\r\n';
    const first = await rawUpgrade(listener.port, offer);
    const second = await rawUpgrade(listener.port, offer);
    expect(first.head).not.toContain('no_context_takeover');
    expect(second.head).toContain('server_no_context_takeover');
    first.socket.destroy();
    second.socket.destroy();
  });

  test('with takeover carries both ways', async () => {
    const { near, far } = await pair({ deflate: { takeover: 1 } }, { deflate: true });
    const [nearEnd, farEnd] = [listen(near), listen(far)];
    for (const text of [long, 'short', long]) {
      near.send(text);
      expect(await farEnd.next()).toBe(text);
      far.send(text);
      expect(await nearEnd.next()).toBe(text);
    }
  });

  test('keeps no zlib stream, 250 kB each, unless context is taken over', async () => {
    const streams = [vi.spyOn(zlibModule, 'createInflateRaw'), vi.spyOn(zlibModule, 'createDeflateRaw')];
    const made = (): number => streams.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
    for (const [takeover, expected] of [
      [0, 0],
      [1, 4],
    ] as const) {
      const { near, far } = await pair({ deflate: { takeover } }, { deflate: true });
      const [nearEnd, farEnd] = [listen(near), listen(far)];
      near.send(long);
      expect(await farEnd.next()).toBe(long);
      far.send(long);
      expect(await nearEnd.next()).toBe(long);
      expect(made()).toBe(expected);
    }
    for (const spy of streams) spy.mockRestore();
  });
});

describe('TLS', () => {
  const root = makeTestCertificate({ commonName: 'Test root' });
  const server = makeTestCertificate({ commonName: 'csms', names: ['127.0.0.1', 'localhost'], issuer: root });
  const station = makeTestCertificate({ commonName: 'SN-1', organization: 'Operator', issuer: root });
  const tls = { key: server.key, cert: server.certificate, requestClientCertificate: true };

  test('carries frames, and the certificate of the station is shown to the acceptor', async () => {
    const { seen, near, far } = await pair(
      { tls },
      { tls: { roots: [root.certificate], certificate: station.certificate, key: new Secret(station.key) } },
    );
    expect(seen[0]?.secure).toBe(true);
    expect(seen[0]?.clientCertificate?.startsWith(station.certificate)).toBe(true);
    near.send('over TLS');
    expect(await listen(far).next()).toBe('over TLS');
  });

  test('a certificate of strangers is shown too: the acceptor judges; none at all is no certificate', async () => {
    const { origin, seen } = await serve({ tls });
    const stranger = makeTestCertificate({ commonName: 'SN-1' });
    await dial(`${origin}/a`, { tls: { roots: [root.certificate], certificate: stranger.certificate, key: new Secret(stranger.key) } });
    await dial(`${origin}/a`, { tls: { roots: [root.certificate] } });
    expect(seen.map(({ clientCertificate }) => clientCertificate)).toEqual([stranger.certificate, undefined]);
  });

  test('new certificates serve new connections', async () => {
    const { origin, listener } = await serve({ tls });
    const other = makeTestCertificate({ commonName: 'csms', names: ['127.0.0.1'] });
    expect((await failure(dial(`${origin}/a`, { tls: { roots: [other.certificate] } }))).failure).toBe('tls');
    listener.renew({ key: other.key, cert: other.certificate });
    expect((await dial(`${origin}/a`, { tls: { roots: [other.certificate] } })).subprotocol).toBe('ocpp2.0.1');
  });

  test('faults of the server certificate are failures of TLS', async () => {
    const { origin } = await serve({ tls });
    expect((await failure(dial(`${origin}/a`))).failure).toBe('tls');
    const elsewhere = makeTestCertificate({ commonName: 'csms', names: ['csms.example'], issuer: root });
    const wrongName = await serve({ tls: { key: elsewhere.key, cert: elsewhere.certificate } });
    expect((await failure(dial(`${wrongName.origin}/a`, { tls: { roots: [root.certificate] } }))).failure).toBe('tls');
    const late = makeTestCertificate({ commonName: 'csms', names: ['127.0.0.1'], notAfter: '2020-01-01T00:00:00Z', issuer: root });
    const expired = await serve({ tls: { key: late.key, cert: late.certificate } });
    expect((await failure(dial(`${expired.origin}/a`, { tls: { roots: [root.certificate] } }))).failure).toBe('tls');
  });

  test('the chain that a station shows comes whole, leaf first', async () => {
    const sub = makeTestCertificate({ commonName: 'Sub CA', issuer: root });
    const leaf = makeTestCertificate({ commonName: 'SN-2', issuer: sub });
    const { seen } = await pair(
      { tls },
      { tls: { roots: [root.certificate], certificate: leaf.certificate + sub.certificate, key: new Secret(leaf.key) } },
    );
    expect(seen[0]?.clientCertificate).toBe(leaf.certificate + sub.certificate);
  });

  const rsa = makeTestCertificate({ commonName: 'csms', names: ['127.0.0.1'], issuer: root, keyKind: 'rsa2048' });
  const both = { key: [rsa.key, server.key], cert: [rsa.certificate, server.certificate] };
  const shake = (port: string, options: ConnectionOptions): Promise<string> =>
    new Promise((resolve) => {
      const socket = tlsConnect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false, ...options });
      socket.once('secureConnect', () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
        socket.destroy();
      });
      socket.once('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message));
    });
  const portOf = (origin: string): string => new URL(origin).port;

  test.each(['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384'])(
    'A00.FR.318 A00.FR.421 the suite %s is served, by an RSA and an EC certificate on one port (D15)',
    async (ciphers) => {
      const { origin } = await serve({ tls: both });
      expect(await shake(portOf(origin), { ciphers, maxVersion: 'TLSv1.2' })).toBe(`TLSv1.2 ${ciphers}`);
    },
  );

  test('A00.FR.312 A00.FR.314 A00.FR.317 A00.FR.321 A00.FR.415 A00.FR.417 A00.FR.420 A00.FR.424 A00.FR.313 A00.FR.315 A00.FR.416 A00.FR.418 TLS 1.2 and 1.3 only; who offers less is refused and listed', async () => {
    const failed: string[] = [];
    const { origin } = await serve({ tls: both, tlsFailed: (_, reason) => failed.push(reason) });
    expect(await shake(portOf(origin), {})).toMatch(/^TLSv1.3 /);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await shake(portOf(origin), old)).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    expect(failed).toEqual(['unsupported protocol']);
  });

  test('A00.FR.320 A00.FR.322 A00.FR.423 A00.FR.425 a suite that is not safe any more is refused', async () => {
    const failed: string[] = [];
    const { origin } = await serve({ tls: both, tlsFailed: (_, reason) => failed.push(reason) });
    const old = { ciphers: 'ECDHE-RSA-AES128-SHA:AES128-SHA@SECLEVEL=0', maxVersion: 'TLSv1.2' } as const;
    expect(await shake(portOf(origin), old)).toBe('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE');
    expect(failed).toEqual(['no shared cipher']);
  });

  test.each(['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384'])(
    'A00.FR.319 A00.FR.422 a station reaches a server that only has %s',
    async (ciphers) => {
      const strict = createHttpsServer({ key: both.key, cert: both.cert, ciphers, maxVersion: 'TLSv1.2' }, (_, response) => response.end());
      await new Promise<void>((resolve) => strict.listen(0, '127.0.0.1', resolve));
      const address = strict.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const error = await failure(dial(`wss://127.0.0.1:${port}/a`, { tls: { roots: [root.certificate] } }));
      expect(error.failure).toBe('http'); // it came as far as the upgrade, which this server does not know
      strict.closeAllConnections();
      strict.close();
    },
  );

  test('A00.FR.311 A00.FR.414 the judge has the last word on the server, before a password is sent', async () => {
    const { origin, seen } = await serve({ tls });
    const asked: ServerCertificate[] = [];
    const judge = (given: ServerCertificate): string => {
      asked.push(given);
      return 'not this one';
    };
    const error = await failure(
      dial(`${origin}/a`, { tls: { roots: [root.certificate], judge }, basic: { user: 'a', password: new Secret('geheim') } }),
    );
    expect([error.failure, error.tlsFault, error.message]).toEqual(['tls', 'certificate', 'not this one']);
    expect(asked).toEqual([{ host: '127.0.0.1', chain: server.certificate + root.certificate }]);
    expect(seen).toEqual([]);
  });

  test('A00.FR.316 A00.FR.323 A00.FR.419 A00.FR.426 what broke the handshake is told apart on the side of the station', async () => {
    const oldVersion = createTlsServer({
      key: server.key,
      cert: server.certificate,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const oldSuite = createTlsServer({ key: rsa.key, cert: rsa.certificate, maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:@SECLEVEL=0' });
    const faults: (string | undefined)[] = [];
    for (const old of [oldVersion, oldSuite]) {
      await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
      const address = old.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      faults.push((await failure(dial(`wss://127.0.0.1:${port}/a`, { tls: { roots: [root.certificate] } }))).tlsFault);
      old.close();
    }
    expect(faults).toEqual(['version', 'cipher']);
    const { origin } = await serve({ tls });
    expect((await failure(dial(`${origin}/a`, { tls: { roots: [] } }))).tlsFault).toBe('certificate');
  });

  test('mixing up ws and wss is told apart', async () => {
    const plain = await serve();
    const secure = await serve({ tls });
    expect((await failure(dial(plain.origin.replace('ws:', 'wss:')))).failure).toBe('tls');
    expect((await failure(dial(secure.origin.replace('wss:', 'ws:')))).failure).toBe('closed');
  });
});

describe('dialling', () => {
  test('tells apart why it failed', async () => {
    expect((await failure(dial('ws://no-such-host.invalid/a'))).failure).toBe('dns');
    expect((await failure(dial('ws://127.0.0.1:1/a'))).failure).toBe('refused');
    expect((await failure(dial('http//nonsense'))).failure).toBe('badUrl');
    expect((await failure(dial('ftp://127.0.0.1/a'))).failure).toBe('badUrl');
  });

  test('gives up after its time', async () => {
    const listener = await wsListen({ host: '127.0.0.1', port: 0, acceptor: () => new Promise(() => undefined) });
    listeners.push(listener);
    const error = await failure(dial(`ws://127.0.0.1:${listener.port}/a`, { timeoutMs: 50 }));
    expect([error.failure, error.message]).toEqual(['timeout', 'no answer within 50 ms']);
  });
});

const UPGRADE =
  'GET /ocpp/CS001 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp2.0.1\r\n\r\n';

/** Everything the server says until it closes. */
function rawAnswer(port: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(request));
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (text.startsWith('HTTP/1.1 101')) socket.end();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', (error: Error & { code?: string }) => (error.code === 'ECONNRESET' ? resolve(text) : reject(error)));
  });
}

function rawUpgrade(port: number, headers: string): Promise<{ socket: TcpSocket; head: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(UPGRADE.replace('\r\n\r\n', `\r\n${headers}\r\n`)));
    socket.once('data', (data) => resolve({ socket, head: data.toString('latin1') }));
    socket.once('error', reject);
  });
}

const firstBytes = (socket: TcpSocket): Promise<Buffer> => new Promise((resolve) => socket.once('data', resolve));

/** One frame of a client, masked with zeros. */
function masked(head: number, payload: Buffer): Buffer {
  const { length } = payload;
  const size =
    length < 126
      ? [128 + length]
      : length < 65_536
        ? [254, length >> 8, length & 255]
        : [255, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from([head, ...size, 0, 0, 0, 0]), payload]);
}
