import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addConfigCommands } from './config-cli.ts';
import { readServeConfig } from './config-examine.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
});

function written(text: string): string {
  const file = join(folder, 'busbar.yaml');
  writeFileSync(file, text);
  return file;
}

/** Runs the command; what it says, its exit code, and the same as JSON. */
async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  let said = '';
  const program = new Command('busbar').exitOverride();
  addConfigCommands(program, { environment, write: (text) => (said += text) });
  await program.parseAsync(['node', 'busbar', 'config', ...args]);
  return { said, code: process.exitCode ?? 0 };
}

const check = (text: string, environment: Readonly<Record<string, string>> = {}) => run(['check', '--config', written(text)], environment);

describe('busbar config check', () => {
  test('says every mistake of a file with its line', async () => {
    const { said, code } = await check('ocppPort: 9000\nhttpPrt: 8080\nunknownStations: maybe\ntestMode: perhaps\nkeepMessages: 0\n');
    expect(code).toBe(2);
    expect(said).toContain('busbar.yaml line 2: httpPrt is no option. Did you mean httpPort?');
    expect(said).toContain('busbar.yaml line 3: unknownStations: "maybe" must be one of refuse, pending, accept.');
    expect(said).toContain('busbar.yaml line 4: testMode: "perhaps" must be boolean (yes or no).');
    expect(said).toContain('busbar.yaml line 5: keepMessages: 0 must be >= 0.01.');
    expect(said).toContain('4 mistakes; nothing was started.');
  });
  test('says where the YAML is broken', async () => {
    expect(await check('host: 0.0.0.0\nhost: 127.0.0.1\n')).toMatchObject({
      code: 2,
      said: expect.stringContaining('busbar.yaml line 2: is no YAML'),
    });
    expect(await check('- one\n')).toMatchObject({ code: 2, said: expect.stringContaining('does not hold names and values') });
    expect((await run(['check', '--config', join(folder, 'absent.yaml')])).said).toContain('cannot be read');
  });
  test('an empty file is valid', async () => {
    expect(await check('# nothing\n')).toMatchObject({ code: 0, said: expect.stringContaining('The configuration is valid: 0 from') });
  });
  test.each([
    ['ocppPort: 8080', '--http-port and --ocpp-port are both 8080'],
    ['ocppPort: 8081', '--files-port and --ocpp-port are both 8081'],
    ['tlsCert: [a.pem]', '--tls-cert and --tls-key come in pairs'],
    ['oidcIssuer: https://id.example', '--oidc-issuer and --oidc-client-id come together'],
    ['oidcClientSecret: s', 'is of no use without --oidc-issuer'],
    ['publicHttpUrl: csms.example', 'is no URL that begins with http:// or https://'],
    ['publicOcppUrl: https://csms.example', 'is no URL that begins with ws:// or wss://'],
    ['filesTls: yes', '--files-tls uses the certificates of the TLS port'],
    ['filesTls: yes\nocppTlsPort: 9443\npublicFilesUrl: http://f.example', '--public-files-url begins with http:'],
    ['minSecurityProfile: 2', 'needs TLS'],
    ['minSecurityProfile: 2\nocppTlsPort: 9443\npublicOcppUrl: ws://c.example/ocpp', 'Begin it with wss:'],
    ['unknownStations: accept', 'possible with --test-mode only'],
    ['tlsCert: [absent.pem]\ntlsKey: [absent.key]', '--tls-key cannot be read'],
  ])('%j conflicts', async (text, expected) => {
    const { said, code } = await check(text);
    expect(code).toBe(2);
    expect(said).toContain(expected);
  });
  test('ports of 0 are free ones and conflict with nothing', async () => {
    expect(await check('ocppPort: 0\nhttpPort: 0\nfilesPort: 0\nocppTlsPort: 0\n')).toMatchObject({ code: 0 });
  });
  test('a secret stands in no message', async () => {
    const { said } = await check('database: mysql://busbar:hunter22@db/busbar\nadminPassword: pw7\n');
    expect(said).toContain('database: the value must match pattern');
    const short = await check('adminPassword: pw7\n');
    expect(short.said).toContain('--admin-password has at least');
    expect(said + short.said).not.toMatch(/hunter22|pw7/);
  });
  test('names in the environment: unknown ones, and files of secrets that are not there', async () => {
    const { said, code } = await check('', { BUSBAR_OCPP_PROT: '1', BUSBAR_API_KEY_FILE: '/nowhere/key', BUSBAR_INSTALL_MS: '0' });
    expect(code).toBe(2);
    expect(said).toContain('environment BUSBAR_OCPP_PROT: this name is no option. Did you mean BUSBAR_OCPP_PORT?');
    expect(said).toContain('environment BUSBAR_API_KEY_FILE: the file /nowhere/key cannot be read');
    expect(said).not.toContain('INSTALL_MS');
  });
  test('--json tells the same', async () => {
    const { said, code } = await run(['check', '--json', '--config', written('\nhttpPort: x\n')]);
    expect(code).toBe(2);
    expect(JSON.parse(said)).toEqual({
      ok: false,
      file: join(folder, 'busbar.yaml'),
      faults: [{ name: 'httpPort', from: 'file', at: join(folder, 'busbar.yaml'), line: 2, message: 'httpPort: "x" must be integer.' }],
    });
  });
});

describe('busbar config show', () => {
  test('says where what is not the default comes from: flag before environment before file; secrets are masked', async () => {
    writeFileSync(join(folder, 'key'), 'bb_very-secret\n');
    const file = written('host: 0.0.0.0\nocppPort: 9001\nhttpPort: 8001\ndatabase: postgres://busbar:hunter22@db:5432/busbar\n');
    const environment = {
      BUSBAR_CONFIG: file,
      BUSBAR_OCPP_PORT: '9002',
      BUSBAR_HTTP_PORT: '8002',
      BUSBAR_API_KEY_FILE: join(folder, 'key'),
    };
    const { said, code } = await run(['show', '--json', '--http-port', '8003'], environment);
    expect(code).toBe(0);
    expect(JSON.parse(said).values).toEqual([
      { name: 'host', value: '0.0.0.0', from: `${file} line 1` },
      { name: 'ocppPort', value: 9002, from: 'environment BUSBAR_OCPP_PORT' },
      { name: 'httpPort', value: 8003, from: 'flag --http-port' },
      { name: 'database', value: 'postgres://busbar:***@db:5432/busbar', from: `${file} line 4` },
      { name: 'apiKey', value: '***', from: 'environment BUSBAR_API_KEY_FILE' },
    ]);
    const text = (await run(['show', '--config', file, '--all'])).said;
    expect(text).toMatch(/callTimeout +30 +default/);
    expect(text).not.toContain('hunter22');
  });
  test('says the mistakes instead when there are some', async () => {
    expect(await run(['show', '--config', written('nonsense: 1\n')])).toMatchObject({
      code: 2,
      said: expect.stringContaining('line 1: nonsense is no option'),
    });
  });
});

test('a start ends with the first mistake and says how many more there are', () => {
  const config = written('httpPrt: 1\nocppPort: x\n');
  expect(() => readServeConfig({ config }, {})).toThrow(
    `${config} line 1: httpPrt is no option. Did you mean httpPort?\n1 more: npx busbar config check`,
  );
});
