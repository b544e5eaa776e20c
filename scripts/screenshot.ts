// `npm run screenshot`: a small network of simulated stations with a few troubles, and the pictures of the documents from it.
// `-- overview fleet` takes only those; `-- --to FOLDER` puts them elsewhere.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { nodeNetwork } from '@busbar/protocol/node';
import { Secret, silentLog } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import type { Page } from 'playwright-core';
import { readServeConfig } from '../packages/cli/src/config-examine.ts';
import { type RunningCsms, startCsms } from '../packages/cli/src/serve.ts';
import { type HostedStation, StationHost } from '../packages/cli/src/station-host.ts';
import { openBrowser } from './browser.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { to: { type: 'string' } } });
const root = join(import.meta.dirname, '..');
const pictures = values.to ?? join(root, 'docs/images');
const MOST_BYTES = 360_000;
const PASSWORD = 'a-password-for-pictures';
const folder = mkdtempSync(join(tmpdir(), 'busbar-pictures-'));

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly before?: (page: Page) => Promise<void>;
}

const SITES = [
  { name: 'Hamburg Hafencity', zone: 'Europe/Berlin', currency: 'EUR', latitude: 53.54, longitude: 9.99 },
  { name: 'Bremen Überseestadt', zone: 'Europe/Berlin', currency: 'EUR', latitude: 53.09, longitude: 8.77 },
  { name: 'Kiel Hauptbahnhof', zone: 'Europe/Berlin', currency: 'EUR', latitude: 54.31, longitude: 10.13 },
] as const;

/** Station, site, kind, and whether somebody charges there. */
const STATIONS = [
  ['HH-HAF-007', 1, 'dc150', true],
  ['HH-HAF-012', 1, 'dc150', true],
  ['HH-HAF-015', 1, 'acThreePhase', true],
  ['HB-UEB-001', 2, 'acThreePhase', true],
  ['HB-UEB-002', 2, 'dc150', false],
  ['KI-HBF-003', 3, 'acThreePhase', false],
  ['KI-HBF-004', 3, 'acSinglePhase', true],
] as const;

async function network({ http, ports }: RunningCsms, host: StationHost): Promise<ReadonlyMap<string, HostedStation>> {
  const { useCases } = http;
  const { queue } = useCases.kernel;
  const [first, ...others] = SITES;
  await queue.commit([{ k: 'sitePatch', id: 1, patch: first }, ...others.map((site) => ({ k: 'sitePut', site }) as const)]);
  await useCases.putToken({ type: 'ISO14443', idToken: '04A27C02', status: 'Accepted' }, 'pictures');
  const made = new Map<string, HostedStation>();
  for (const [id, site, kind, charges] of STATIONS) {
    const { password = '' } = await useCases.createStation({ id, site }, 'pictures');
    const variables = {
      'SampledDataCtrlr.TxUpdatedInterval': '2',
      'SampledDataCtrlr.TxUpdatedMeasurands': `Energy.Active.Import.Register,Power.Active.Import,Voltage,Current.Import${kind === 'dc150' ? ',SoC' : ''}`,
    };
    const hosted = host.add({
      id,
      url: `ws://127.0.0.1:${ports.ocpp}/ocpp`,
      password,
      versions: ['ocpp2.0.1'],
      deflate: true,
      topology: demoTopologies[kind],
      variables,
    });
    hosted.station.start();
    made.set(id, hosted);
    while (hosted.station.facts().registration !== 'accepted') await sleep(50);
    if (!charges) continue;
    hosted.hardware.plug(1, 1, { readyAfterS: 0, socPercent: 31, batteryWh: 77_000 });
    hosted.hardware.presentToken({ evse: 1, type: 'ISO14443', idToken: '04A27C02' });
  }
  return made;
}

/** A fault, a station that was switched off, one with a wrong password, one that nobody knows. */
async function troubles({ http, ports }: RunningCsms, stations: ReadonlyMap<string, HostedStation>): Promise<void> {
  await sleep(25_000); // for a curve that is worth a look
  stations.get('HH-HAF-007')?.hardware.injectFault({ evse: 1 }, 'ground-fault');
  stations.get('KI-HBF-003')?.hardware.injectFault({ evse: 1 }, 'connector-lock-failure');
  await stations.get('HB-UEB-002')?.station.stop();
  await http.useCases.createStation({ id: 'LG-MKT-004', site: 1 }, 'pictures');
  for (const id of ['LG-MKT-004', 'LG-MKT-004', 'LG-MKT-4'])
    await nodeNetwork()
      .dial({
        url: `ws://127.0.0.1:${ports.ocpp}/ocpp/${id}`,
        subprotocols: ['ocpp2.0.1'],
        basic: { user: id, password: new Secret('what-the-maker-typed-in') },
        deflate: false,
        timeoutMs: 5_000,
      })
      .catch(() => undefined); // that it is refused is the picture
  await sleep(2_000);
}

async function addVirtual(page: Page): Promise<void> {
  await page.getByLabel('How many').fill('4');
  await page.getByLabel('People come and go by themselves').check();
  await page.getByRole('button', { name: 'Add them' }).click();
  await sleep(6_000); // until the first cars are there
}

async function shots(csms: RunningCsms): Promise<readonly Shot[]> {
  const found = await csms.csms.kernel.read.transactions({ limit: 50 });
  const failed = found.find(({ identity }) => identity === 'HH-HAF-007')?.txid ?? '';
  return [
    { name: 'overview', path: '/' },
    { name: 'overview-dark', path: '/', dark: true },
    { name: 'overview-phone', path: '/', width: 390, height: 844 },
    { name: 'fleet', path: '/fleet' },
    { name: 'station', path: '/stations/HH-HAF-012' },
    { name: 'session', path: `/sessions/HH-HAF-007/${failed}` },
    { name: 'session-phone', path: `/sessions/HH-HAF-007/${failed}`, width: 390, height: 844 },
    { name: 'add-station', path: '/fleet/add/LG-MKT-004' },
    { name: 'map', path: '/map' },
    { name: 'messages', path: '/stations/HH-HAF-012/messages' },
    { name: 'send', path: '/send?stationId=HH-HAF-012&action=SetChargingProfile' },
    { name: 'configuration', path: '/stations/HH-HAF-012/configuration' },
    // Last: its stations would be in every picture after it.
    { name: 'virtual', path: '/virtual', before: addVirtual },
  ];
}

async function take(csms: RunningCsms): Promise<void> {
  const { context, close } = await openBrowser({ width: 1440, height: 900, colorScheme: 'light' });
  try {
    const page = await context.newPage();
    const url = `http://127.0.0.1:${csms.ports.http}`;
    await page.goto(url);
    await page.getByLabel('Name').fill('admin');
    await page.getByLabel('Password').first().fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    for (const { name, path, width = 1440, height = 900, dark, before } of await shots(csms)) {
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: dark === true ? 'dark' : 'light' });
      await page.goto(url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await before?.(page);
      await sleep(1_500); // charts and the first live values
      const file = join(pictures, `${name}.png`);
      await page.screenshot({ path: file });
      const { size } = statSync(file);
      process.stdout.write(`${file} ${Math.ceil(size / 1000)} kB\n`);
      if (size > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES / 1000} kB`);
    }
  } finally {
    await close();
  }
}

mkdirSync(pictures, { recursive: true });
mkdirSync(join(folder, 'stations'));
const csms = await startCsms(
  readServeConfig({ data: join(folder, 'data'), ocppPort: '0', httpPort: '0', logLevel: 'silent', adminPassword: PASSWORD }, {}),
);
const host = new StationHost(join(folder, 'stations'), silentLog);
try {
  process.stderr.write('seven stations connect and charge for half a minute …\n');
  await troubles(csms, await network(csms, host));
  await take(csms);
} finally {
  await host.close();
  await csms.close();
  rmSync(folder, { recursive: true, force: true });
}
