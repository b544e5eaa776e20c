import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ListenOptions, wsListen } from '@busbar/protocol/node';
import { makeTestCertificate } from '@busbar/protocol/node/testing';
import { type Handshake, type HandshakeVerdict, Secret, type Socket } from '@busbar/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import type { DoctorReport } from './doctor/report.ts';
import { type DoctorRequest, doctorCommand, readPassword, renderDoctor, runDoctor } from './doctor.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const PASSWORD = 'a-good-password-1';
interface Csms extends Partial<ListenOptions> {
  readonly stations?: Readonly<Record<string, string>>;
  readonly versions?: readonly string[];
  readonly mismatch?: 'close' | 'refuse';
  readonly unknownIs?: 404 | 401;
  readonly path?: string;
  readonly answer?: (socket: Socket, id: string) => void;
}

const accept = (status: string) => (socket: Socket, id: string) =>
  socket.send(JSON.stringify([3, id, { status, interval: 300, currentTime: new Date().toISOString() }]));

/** The little of a CSMS that a doctor meets. */
async function csms({
  stations = { CS001: PASSWORD },
  versions = ['ocpp2.0.1', 'ocpp2.1'],
  path = '/ocpp/',
  answer = accept('Accepted'),
  ...rest
}: Csms = {}) {
  const handshakes: Handshake[] = [];
  const judge = (handshake: Handshake): HandshakeVerdict => {
    handshakes.push(handshake);
    const id = decodeURIComponent(handshake.path.slice(handshake.path.lastIndexOf('/') + 1));
    const password = stations[id];
    if (handshake.path.slice(0, handshake.path.lastIndexOf('/') + 1) !== path || password === undefined) {
      return { kind: 'refuse', status: rest.unknownIs ?? 404, reason: 'unknown station' };
    }
    if (handshake.authorization !== `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`) {
      return { kind: 'refuse', status: 401, reason: 'wrong credentials' };
    }
    const subprotocol = handshake.subprotocols.find((name) => versions.includes(name));
    if (subprotocol === undefined) {
      return rest.mismatch === 'refuse'
        ? { kind: 'refuse', status: 400, reason: 'no subprotocol in common' }
        : { kind: 'acceptAndClose', code: 1002, reason: 'no subprotocol in common' };
    }
    return { kind: 'accept', subprotocol, opened: (socket) => serve(socket, answer) };
  };
  const listener = await wsListen({ host: '127.0.0.1', port: 0, acceptor: async (handshake) => judge(handshake), ...rest });
  closers.push(() => listener.close());
  return { port: listener.port, handshakes, url: `${rest.tls ? 'wss' : 'ws'}://127.0.0.1:${listener.port}/ocpp` };
}

function serve(socket: Socket, answer: (socket: Socket, id: string) => void): void {
  socket.handle({
    text(data) {
      const [type, id, action] = JSON.parse(data) as [number, string, string];
      if (type === 2 && action === 'BootNotification') answer(socket, id);
    },
    binary() {},
    alive() {},
    closed() {},
  });
}

const option = (password: string) => ({ value: new Secret(password), source: 'option' as const });
const examine = (url: string, request: Partial<DoctorRequest> = {}): Promise<DoctorReport> =>
  runDoctor({ url, id: 'CS001', password: option(PASSWORD), timeoutMs: 10_000, boot: { model: 'M', vendorName: 'V' }, ...request });
const states = ({ steps }: DoctorReport): string => steps.map(({ state }) => state).join(' ');
const failing = (report: DoctorReport) => report.steps.find(({ state }) => state === 'wrong');
const adviceOf = (report: DoctorReport): string =>
  [report.advice?.verdict, ...(report.advice?.lines.map(([label, text]) => `${label}: ${text}`) ?? [])].join('\n');

describe('a link that works', () => {
  test('goes through all eight steps and says so', async () => {
    const { url, handshakes } = await csms();
    const report = await examine(url);
    expect(states(report)).toBe('ok ok ok skipped ok ok ok ok');
    expect(report).toMatchObject({ exitCode: 0, id: 'CS001' });
    expect(handshakes).toHaveLength(1);
    const text = renderDoctor(report)
      .replaceAll(/\d+ ms/g, 'N ms')
      .replaceAll(/port \d+/g, 'port P');
    expect(text).toBe(`Can CS001 reach its CSMS?                                                         8 of 8 steps

  1  Address      ok      ws, port P, path /ocpp, id is added: /ocpp/CS001
  2  DNS          ok      127.0.0.1 is an address, no look-up is needed
  3  TCP          ok      open in N ms
  4  TLS          skipped ws has none
  5  Clock        ok      less than 1 s from the server
  6  Sign in      ok      user CS001, the password travels in clear text (security profile 1)
  7  Subprotocol  ok      ocpp2.1 of ocpp2.1, ocpp2.0.1
  8  Boot         ok      Accepted, interval 300 s, N ms

CS001 reaches its CSMS.
`);
  });

  test('also by name and by TLS', async () => {
    const root = makeTestCertificate({ commonName: 'Nordkante OCPP CA 1' });
    const { certificate, key } = makeTestCertificate({ commonName: 'csms', names: ['localhost'], issuer: root });
    const { url } = await csms({ tls: { key, cert: certificate } });
    const report = await examine(url.replace('127.0.0.1', 'localhost'), { tls: { roots: [root.certificate] } });
    expect(states(report)).toBe('ok ok ok ok ok ok ok ok');
    expect(report.steps[1]?.text).toMatch(/^localhost is .*127\.0\.0\.1 \(A\).* in \d+ ms$/);
    expect(report.steps[3]?.text).toMatch(/^1\.3, name fits, issued by "Nordkante OCPP CA 1", 36\d\d days left$/);
  });

  test('stops before booting unless asked, and says how to ask', async () => {
    const { url } = await csms({ answer: () => expect.unreachable() });
    const report = await runDoctor({ url, id: 'CS001', password: option(PASSWORD) });
    expect(states(report)).toBe('ok ok ok skipped ok ok ok skipped');
    expect(report.exitCode).toBe(0);
    expect(renderDoctor(report)).toContain('Boot         skipped the CSMS would store the model and vendor it names; --boot includes it');
  });
});

describe('the address', () => {
  test.each([
    ['ws://HOST/ocpp/', 'the slash at the end is left out'],
    ['ws://HOST/ocpp/CS001', 'the id is in the URL already: /ocpp/CS001'],
    ['ws://u:p@HOST/ocpp', 'user and password in the URL are not used'],
  ])('%s works with a hint', async (pattern, hint) => {
    const { port } = await csms();
    const report = await examine(pattern.replace('HOST', `127.0.0.1:${port}`));
    expect(report.exitCode).toBe(0);
    expect(report.steps[0]?.text).toContain(hint);
  });

  test.each([
    ['http://csms/ocpp', {}, 'use ws://csms/ocpp'],
    ['https://csms/ocpp', {}, 'use wss://csms/ocpp'],
    ['csms:9000/ocpp', {}, 'use wss://csms.example:9443/ocpp'],
    ['csms.example/ocpp', {}, 'write it like ws://csms.example/ocpp'],
    ['ws://csms/ocpp?station=1', {}, 'use ws://csms/ocpp'],
    ['ws://csms/ocpp', { id: 'CS:1' }, 'A00.FR.204'],
    ['ws://csms/ocpp', { id: 'ö' }, 'use letters'],
    ['ws://csms/ocpp', { id: 'x'.repeat(49) }, '49 characters'],
  ])('%s is refused with advice', async (url, request, advice) => {
    const report = await examine(url, request);
    expect(failing(report)?.name).toBe('Address');
    expect(adviceOf(report)).toContain(advice);
  });
});

describe('the way to the server', () => {
  test('an unknown name', async () => {
    const report = await examine('ws://no-such-host.invalid/ocpp');
    expect(failing(report)?.name).toBe('DNS');
    expect(states(report)).toContain('ok wrong notReached');
    expect(report.exitCode).toBe(3);
  });

  test('a port where nobody listens', async () => {
    const report = await examine('ws://127.0.0.1:1/ocpp');
    expect(failing(report)).toMatchObject({ name: 'TCP', text: 'refused: nothing listens on port 1' });
    expect(adviceOf(report)).toContain('9000 (ws) and 9443 (wss)');
  });

  test('wss to a plain port', async () => {
    const { url } = await csms();
    const report = await examine(url.replace('ws:', 'wss:'));
    expect(failing(report)?.name).toBe('TLS');
    expect(adviceOf(report)).toContain(`use ${url}`);
  });

  test('ws to a TLS port', async () => {
    const { certificate, key } = makeTestCertificate({ commonName: 'csms', names: ['127.0.0.1'] });
    const { url } = await csms({ tls: { key, cert: certificate } });
    const report = await examine(url.replace('wss:', 'ws:'));
    expect(failing(report)?.name).toBe('Sign in');
    expect(adviceOf(report)).toContain('use wss: instead of ws:');
  });

  test.each([
    ['an unknown issuer', { names: ['127.0.0.1'] }, 'not trusted', '--tls-ca'],
    ['another name', { names: ['other.example'] }, 'the name does not fit: other.example', 'use a name it holds: other.example'],
    ['an expired one', { names: ['127.0.0.1'], notAfter: '2020-01-01T00:00:00Z', notBefore: '2019-01-01T00:00:00Z' }, 'expired', 'renew'],
    [
      'one of the future',
      { names: ['127.0.0.1'], notBefore: '2080-01-01T00:00:00Z', notAfter: '2081-01-01T00:00:00Z' },
      'valid from',
      'set the clock',
    ],
  ])('a certificate with %s', async (_, wish, seen, advice) => {
    const { certificate, key } = makeTestCertificate({ commonName: 'csms', ...wish });
    const { url } = await csms({ tls: { key, cert: certificate } });
    const report = await examine(url);
    expect(failing(report)).toMatchObject({ name: 'TLS' });
    expect(failing(report)?.text).toContain(seen);
    expect(adviceOf(report)).toContain(advice);
  });

  test('a clock that is wrong is told, and the rest goes on', async () => {
    const server = createServer((_, response) =>
      response.writeHead(200, { Date: new Date(Date.now() + 3_600_000).toUTCString() }).end('web page'),
    );
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      }),
    );
    closers.push(() => void server.close());
    const report = await examine(`ws://127.0.0.1:${port}/ocpp`);
    expect(report.steps[4]).toMatchObject({ name: 'Clock', state: 'careful' });
    expect(report.steps[4]?.text).toMatch(/^3(599|600)\.\d s behind the server/);
    expect(failing(report)?.name).toBe('Sign in');
    expect(adviceOf(report)).toContain('A web server answers here');
  });
});

describe('signing in', () => {
  test('a password file with a line break is found out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'pw');
    writeFileSync(file, 'sixteen-letters!\n');
    const { url, handshakes } = await csms({ stations: { CS001: 'sixteen-letters!' } });
    const password = readPassword({}, { BUSBAR_PASSWORD_FILE: file });
    const report = await examine(url, { password });
    expect(report.advice?.code).toBe('password-line-break');
    expect(report.exitCode).toBe(3);
    expect(handshakes).toHaveLength(3);
    expect(
      renderDoctor(report).split('\n').slice(7).join('\n').replaceAll(folder, '.'),
    ).toBe(`  6  Sign in      wrong   HTTP 401 with user CS001
  7  Subprotocol  not reached
  8  Boot         not reached

The password is wrong. The id is right: an unknown id would get 404 from this server.
  seen     The file holds 17 characters, the last one is a line break (0x0A).
           Without it the sign-in works: tried once, then closed before booting.
  do       truncate -s -1 ./pw          cuts the last character, the line break
  clause   A00.FR.204 (user name), A00.FR.205 (password)
error password-line-break, exit code 3, as JSON with --json
`);
  });

  test.each([
    ['a space in the environment', readPassword({}, { BUSBAR_PASSWORD: `${PASSWORD} ` }), 'the last one is a space (0x20)'],
    [
      'Windows line ends',
      { ...option(`${PASSWORD}\r\n`), source: 'file' as const, file: 'pw' },
      'the last 2 are a carriage return (0x0D) and a line break (0x0A)',
    ],
    ['a byte order mark', { ...option(`\uFEFF${PASSWORD}`), source: 'file' as const, file: 'pw' }, 'the first one is a byte order mark'],
  ])('%s as well', async (_, password, seen) => {
    const { url } = await csms();
    expect(adviceOf(await examine(url, { password }))).toContain(seen);
  });

  test('a wrong password is told from a wrong id, where the server does', async () => {
    const honest = await csms();
    const report = await examine(honest.url, { password: option('short') });
    expect(adviceOf(report)).toContain('The id is right');
    expect(adviceOf(report)).toContain('5 characters, the standard wants at least 16');
    const silent = await csms({ unknownIs: 401 });
    expect(adviceOf(await examine(silent.url, { password: option('wrong-password-123') }))).toContain('or the id');
  });

  test('the port of the API instead', async () => {
    const { url } = await csms({
      acceptor: async () => ({ kind: 'refuse', status: 401, reason: '{"title":"The API key is missing or wrong."}' }),
    });
    expect(adviceOf(await examine(url, { password: undefined }))).toContain('A web server answers here');
  });

  test('no password at all', async () => {
    const { url } = await csms();
    expect(adviceOf(await examine(url, { password: undefined }))).toContain('none was given');
  });

  test('an id in other letters, another path, an unknown id', async () => {
    const { url, port } = await csms();
    expect(adviceOf(await examine(url, { id: 'cs001' }))).toContain('This server knows CS001, but not cs001');
    expect(adviceOf(await examine(`ws://127.0.0.1:${port}/OCPP/v2`))).toContain(`use ws://127.0.0.1:${port}/ocpp`);
    expect(adviceOf(await examine(url, { id: 'CS999' }))).toContain('does not know CS999');
    const atRoot = await csms({ path: '/' });
    expect(adviceOf(await examine(atRoot.url))).toContain(`use ws://127.0.0.1:${atRoot.port}`);
  });

  test.each([
    [429, 'wait a minute'],
    [503, 'wait a little'],
    [400, 'answers 400'],
  ] as const)('an answer %i', async (status, advice) => {
    const { url } = await csms({ acceptor: async () => ({ kind: 'refuse', status, reason: 'because' }) });
    expect(adviceOf(await examine(url))).toContain(advice);
  });

  test('a server that says nothing', async () => {
    const { url } = await csms({ acceptor: () => new Promise(() => undefined) });
    expect(adviceOf(await examine(url, { timeoutMs: 500 }))).toContain('said nothing');
  });
});

describe('subprotocol and boot', () => {
  test.each(['close', 'refuse'] as const)('none in common (%s)', async (mismatch) => {
    const { url } = await csms({ versions: ['ocpp2.0.1'], mismatch });
    const report = await examine(url, { subprotocols: ['ocpp2.1'] });
    expect(failing(report)?.name).toBe('Subprotocol');
    expect(adviceOf(report)).toContain('use --version ocpp2.0.1');
  });

  test('a server of 1.6 only', async () => {
    const { url } = await csms({ versions: ['ocpp1.6'] });
    expect(adviceOf(await examine(url))).toContain('The server speaks ocpp1.6.');
  });

  test.each([
    ['Pending', accept('Pending'), 'careful', ''],
    ['Rejected', accept('Rejected'), 'wrong', 'accept or approve'],
    ['an error', (socket: Socket, id: string) => socket.send(JSON.stringify([4, id, 'InternalError', 'no room', {}])), 'wrong', 'no room'],
    ['nonsense', (socket: Socket, id: string) => socket.send(JSON.stringify([3, id, { hello: 1 }])), 'wrong', '{"hello":1}'],
    ['silence', () => undefined, 'wrong', 'does not answer them'],
    ['hanging up', (socket: Socket) => socket.close(1008, 'not you'), 'wrong', 'not you'],
  ])('boot: %s', async (_, answer, state, advice) => {
    const { url } = await csms({ answer });
    const report = await examine(url, state === 'wrong' && advice.includes('answer') ? { timeoutMs: 500 } : {});
    expect(report.steps[7]).toMatchObject({ name: 'Boot', state });
    expect(adviceOf(report)).toContain(advice);
  });

  test('answers what the CSMS asks before its answer', async () => {
    const errors: string[] = [];
    const { url } = await csms({
      answer: (socket, id) => {
        socket.send(JSON.stringify([2, 'x', 'GetBaseReport', {}]));
        accept('Accepted')(socket, id);
        errors.push('asked');
      },
    });
    expect((await examine(url)).exitCode).toBe(0);
    expect(errors).toEqual(['asked']);
  });
});

test('colours are there only when asked for, and nobody sees the password', async () => {
  const { url } = await csms();
  const report = await examine(url, { password: option('wrong-but-secret-1') });
  expect(renderDoctor(report)).not.toContain('\u001b');
  expect(renderDoctor(report, { colour: true })).toContain('\u001b[31mwrong');
  expect(JSON.stringify(report) + renderDoctor(report)).not.toContain('wrong-but-secret-1');
});

test('the password comes from the option, then the file, then the environment', () => {
  const env = { BUSBAR_PASSWORD: 'env', BUSBAR_PASSWORD_FILE: '/nonexistent' };
  expect(readPassword({ password: 'opt' }, env)?.value.reveal()).toBe('opt');
  expect(readPassword({}, env)?.value.reveal()).toBe('env');
  expect(readPassword({}, {})).toBeUndefined();
  expect(() => readPassword({ passwordFile: '/nonexistent' }, env)).toThrow('cannot be read');
});

test('the command prints text or JSON and returns the exit code', async () => {
  const { url } = await csms();
  let printed = '';
  const output = { environment: { BUSBAR_PASSWORD: PASSWORD }, colour: false, write: (text: string) => void (printed += text) };
  expect(await doctorCommand(url, { id: 'CS001', version: 'ocpp2.0.1', json: true }, output)).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({ id: 'CS001', exitCode: 0, steps: { 6: { text: 'ocpp2.0.1' }, 7: { state: 'skipped' } } });
  expect(JSON.parse(printed).notice).toContain('a running CS001 loses its own');
  printed = '';
  expect(await doctorCommand(url, { id: 'CS001', boot: true }, output)).toBe(0);
  expect(printed).toMatch(/^Signing in as CS001: .* comes back by itself\.\n\nCan CS001/);
  expect(printed).toMatch(/8 {2}Boot {9}ok {6}Accepted/);
  printed = '';
  expect(await doctorCommand('ws://127.0.0.1:1', { id: 'CS001' }, output)).toBe(3);
  expect(printed).toContain('3 of 8 steps');
});
