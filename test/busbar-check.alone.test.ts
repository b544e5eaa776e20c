import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type SpawnedCsms, spawnServe } from '../packages/cli/src/spawn.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const root = join(import.meta.dirname, '..');
/** All that the kit may need of this repository. */
const OURS = ['runtime', 'protocol', 'api', 'conformance'];

let folder = '';
let csms: SpawnedCsms;

/** The kit in a place where our products are not installed. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-check-alone-'));
  mkdirSync(join(folder, 'node_modules/@busbar'), { recursive: true });
  symlinkSync(join(root, 'node_modules/@peculiar'), join(folder, 'node_modules/@peculiar'));
  for (const name of OURS) {
    cpSync(join(root, 'packages', name), join(folder, 'packages', name), { recursive: true });
    symlinkSync(join(folder, 'packages', name), join(folder, 'node_modules/@busbar', name));
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'packages', name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    for (const other of Object.keys(dependencies).filter((one) => !one.startsWith('@busbar/')))
      if (!existsSync(join(folder, 'node_modules', other)))
        symlinkSync(join(root, 'node_modules', other), join(folder, 'node_modules', other));
  }
  csms = await spawnServe(join(folder, 'data'), ['--test-mode', '--log-level', 'error']);
});
afterAll(async () => {
  await csms?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const busbarCheck = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const { bin } = JSON.parse(readFileSync(join(folder, 'packages/conformance/package.json'), 'utf8')) as { bin: Record<string, string> };
    const main = join(folder, 'packages/conformance', bin['busbar-check'] ?? '');
    const env = { ...process.env, BUSBAR_DRIVER_TOKEN: csms.apiKey };
    execFile(process.execPath, [main, ...args], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
const flags = () => [
  '--url',
  `ws://127.0.0.1:${csms.ocppPort}/ocpp`,
  '--driver',
  'busbar',
  '--driver-url',
  `http://127.0.0.1:${csms.httpPort}`,
];

describe('busbar-check without the rest of Busbar', () => {
  test('--help names its three commands and nothing of our products', async () => {
    const { code, out } = await busbarCheck('--help');
    expect(code).toBe(0);
    for (const command of ['csms', 'station', 'features']) expect(out).toContain(command);
    expect((await busbarCheck('csms', '--help')).out).not.toContain('--self');
  });
  test('tests a CSMS that runs, and writes its reports', async () => {
    const report = join(folder, 'report');
    const { code, out, err } = await busbarCheck('csms', ...flags(), '--case', 'TC_A_01_CSMS', 'TC_E_03_CSMS', '--report', report);
    expect(err).toContain('2 cases chosen, 0 not applicable');
    expect(out).toContain('The CSMS passes all 2 cases that apply to it.');
    expect(out).toContain(`Report  ${join(report, 'csms.html')}, ${join(report, 'csms.xml')}, ${join(report, 'csms.json')}`);
    expect(readFileSync(join(report, 'csms.html'), 'utf8')).toContain('TC_E_03_CSMS');
    expect(code).toBe(0);
  });
  test('--json says where the reports are', async () => {
    const report = join(folder, 'report-json');
    const { out } = await busbarCheck('csms', ...flags(), '--case', 'TC_A_01_CSMS', '--json', '--report', report);
    expect(JSON.parse(out)).toMatchObject({ passed: 1, reports: ['html', 'xml', 'json'].map((ending) => join(report, `csms.${ending}`)) });
  });
  test('a run in which nothing applies is not green', async () => {
    const features = join(folder, 'none.yaml');
    await busbarCheck('features', 'csms', '--defaults', '--output', features);
    const none = readFileSync(features, 'utf8').replaceAll(': true', ': false');
    writeFileSync(features, none);
    const { code, out } = await busbarCheck('csms', ...flags(), '--features', features, '--case', 'TC_B_02_CSMS');
    expect(out).toContain('No case applies, so nothing was tested.');
    expect(code).toBe(12);
  });
  test.each([
    [['csms'], 'name the CSMS'],
    [['csms', '--url', 'ws://x', '--driver', 'telepathy'], '--driver knows busbar, http and manual'],
    [['csms', '--url', 'ws://x', '--case', 'TC_A_01_CS'], '"TC_A_01_CS" is no case for a csms'],
    [['csms', '--url', 'ws://x', '--profile', 'gold'], '--profile knows core, advanced-security'],
    [['station', '--case', 'TC_A_01_CSMS'], '"TC_A_01_CSMS" is no case for a station'],
    [['csms', '--url', 'ws://x', '--features', 'no-such.yaml'], 'no-such.yaml cannot be read'],
    [['csms', '--tls-url', 'wss://x', '--root', 'no-such.pem'], 'no-such.pem cannot be read'],
    [['station', '--port', 'x'], '--port is a whole number'],
    [['features', 'charger'], 'not of "charger"'],
    [['csms', '--slef'], "unknown option '--slef'"],
  ])('a mistake at the keyboard ends with 2: %j', async (args, says) => {
    const { code, err } = await busbarCheck(...args);
    expect(err).toContain(says);
    expect(code).toBe(2);
  });
});
