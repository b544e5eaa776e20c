import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { BusbarError } from '@busbar/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readServeConfig } from './config-examine.ts';
import { initCommand } from './init-command.ts';

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-init-'));
  out = join(folder, 'busbar.yaml');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function init(flags: Record<string, string | boolean>, ...answers: readonly string[]): Promise<string> {
  const output = new PassThrough();
  await initCommand({ out, ...flags }, { input: Readable.from([answers.map((answer) => `${answer}\n`).join('')]), output });
  return String(output.read());
}
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof BusbarError ? `${error.code}: ${error.message}` : String(error);
};

test('answers become a file that serve reads; a wrong one is asked again', async () => {
  const said = await init(
    {},
    'Example Power',
    'somebody',
    'everybody',
    '/var/lib/busbar',
    '0',
    '9100',
    '8081',
    'wss://csms.example:9443/ocpp',
    '',
    'own',
    'postgres://busbar@db/busbar',
    'short',
    'a-long-first-password',
  );
  expect(said).toContain('Who may connect: local (this machine) or everybody [local]: ');
  expect(said).toContain('  one of local, everybody is wanted.\n');
  expect(said).toContain('  a port is a number from 1 to 65535.\n');
  expect(said).toMatch(/is written\. Start with: busbar serve --config /);
  expect(readServeConfig({ config: out }, {})).toMatchObject({
    organization: 'Example Power',
    host: '0.0.0.0',
    data: '/var/lib/busbar',
    ocppPort: 9100,
    httpPort: 8081,
    publicOcppUrl: 'wss://csms.example:9443/ocpp',
    ocppTlsPort: 9443,
    database: 'postgres://busbar@db/busbar',
    adminPassword: 'a-long-first-password',
  });
  expect(statSync(out).mode & 0o777).toBe(0o600);
});

test('nothing but Enter is this machine, SQLite and no TLS', async () => {
  await init({}, ...Array.from({ length: 9 }, () => ''));
  const { host, data, database, ocppTlsPort, publicOcppUrl } = readServeConfig({ config: out }, {});
  expect({ host, data, database, ocppTlsPort, publicOcppUrl }).toEqual({ host: '127.0.0.1', data: './data' });
  expect(readFileSync(out, 'utf8')).not.toContain('adminPassword');
});

test('--yes asks nothing and checks what the options say', async () => {
  const [cert, key] = [join(folder, 'a.pem'), join(folder, 'a.key')];
  writeFileSync(cert, '');
  writeFileSync(key, '');
  await init({ yes: true, tls: 'files', tlsCert: cert, tlsKey: key, organization: 'yes: "no" #1' });
  expect(readServeConfig({ config: out }, {})).toMatchObject({ organization: 'yes: "no" #1', tlsCert: [cert], tlsKey: [key] });
  expect(await codeOf(init({ yes: true, force: true, ocppPort: '8081' }))).toMatch(
    /--http-port: it and the one behind it .* others than 8081/,
  );
  expect(await codeOf(init({ yes: true, force: true, ocppPort: 'x' }))).toBe('bad-usage: --ocpp-port: a port is a number from 1 to 65535.');
});

test('a file that is there is replaced only by who says so; answers that end early write nothing', async () => {
  expect(await codeOf(init({}, 'Example'))).toContain('bad-usage: The answers ended before the questions did');
  writeFileSync(out, 'mine');
  expect(await codeOf(init({ yes: true }))).toContain('not-empty');
  expect(await codeOf(init({}, 'no'))).toContain('stays as it is');
  expect(readFileSync(out, 'utf8')).toBe('mine');
  await init({}, 'yes', ...Array.from({ length: 9 }, () => ''));
  expect(readFileSync(out, 'utf8')).toContain('host: 127.0.0.1');
});
