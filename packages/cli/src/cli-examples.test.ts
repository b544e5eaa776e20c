import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusbarError, silentLog } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addApiCommands } from './api-cli.ts';
import { ApiClient } from './api-client.ts';
import { documented } from './command-page.ts';
import { readServeConfig } from './config-examine.ts';
import { busbarProgram } from './program.ts';
import { type RunningCsms, startCsms } from './serve.ts';
import { StationHost } from './station-host.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const PLACEHOLDER = '81defded-cfe3-4462-9627-f3643e520a86';
const all = documented(busbarProgram());
/** Those that speak REST; the others start servers, stations and benches, and have tests of their own. */
const REST = all.filter(
  ({ path, options }) => path !== 'tail' && options.some(({ flags }) => flags === '--url <url>') && isClient(options),
);

function isClient(options: readonly { readonly flags: string; readonly description: string }[]): boolean {
  return options.some(({ flags, description }) => flags === '--data <folder>' && description.includes('api-key'));
}

/** What others need comes first, what takes things away last; in between as the help has them. */
const FIRST = [/^stations add/, /^tokens put/, /^users add/, /^keys add/, /^tariffs put/];
const LAST = [
  /^stations reject/,
  /^(?:tokens (?:delete|erase)|users disable|keys revoke|transactions close|webhooks remove|commands cancel|bulk stop)/,
  /^stations remove/,
];
function rank(example: string): number {
  const line = example.replace(/^busbar /, '');
  const first = FIRST.findIndex((pattern) => pattern.test(line));
  return first >= 0 ? first - FIRST.length : 1 + LAST.findIndex((pattern) => pattern.test(line));
}

const closers: (() => Promise<void> | void)[] = [];
let csms: RunningCsms;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-examples-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  csms = await startCsms(
    readServeConfig({ data: join(folder, 'data'), ocppPort: '0', httpPort: '0', logLevel: 'silent', webhookPrivate: 'yes' }, {}),
    { synchronous: 'OFF' },
  );
  closers.push(() => csms.close());
  writeFileSync(join(folder, 'tariff.json'), JSON.stringify({ name: 'Public', currency: 'EUR', periods: [{ perKWh: '0.39' }] }));
  writeFileSync(join(folder, 'tokens.csv'), 'type,idToken,status\r\nISO14443,FROMFILE,Accepted\r\n');
});
afterAll(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const VARIABLES = {
  setVariableData: [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' }, attributeValue: '600' }],
};

/** As a shell splits it; files lie in the folder of this test. */
const wordsOf = (example: string): readonly string[] =>
  [...example.replace(/ < \S+$/, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)]
    .map(([, single, double, bare]) => single ?? double ?? bare ?? '')
    .map((word) => (word === 'https://example.com/hook' ? 'http://127.0.0.1:9/hook' : word)) // no name is looked up here
    .map((word) => (/^[\w-]+\.(?:json|csv)$/.test(word) ? join(folder, word) : word));

async function run(...words: readonly string[]): Promise<string> {
  let said = '';
  const program = new Command('busbar').exitOverride().configureOutput({ writeErr: () => undefined });
  program.enablePositionalOptions();
  addApiCommands(program, {
    environment: { BUSBAR_URL: `http://127.0.0.1:${csms.ports.http}`, BUSBAR_API_KEY: csms.apiKey },
    write: (text) => (said += text),
    input: () => Promise.resolve(JSON.stringify(VARIABLES)),
    columns: 100,
  });
  await program.parseAsync([...words], { from: 'user' });
  return said;
}

/** The station that the examples speak of, charging. */
async function connect(id: string, password: string): Promise<void> {
  const host = new StationHost(join(folder, id), silentLog, { synchronous: 'OFF' });
  closers.push(() => host.close());
  const { station, hardware } = host.add({
    id,
    url: `ws://127.0.0.1:${csms.ports.ocpp}/ocpp`,
    password,
    versions: ['ocpp2.0.1'],
    deflate: false,
    topology: demoTopologies.acSinglePhase,
    variables: { 'SecurityCtrlr.BasicAuthPassword': password },
  });
  station.start();
  await vi.waitUntil(() => station.facts().registration === 'accepted', 30_000);
  if (id !== 'CS-1') return;
  hardware.plug(1, 1, { readyAfterS: 0 });
  hardware.presentToken({ evse: 1, type: 'ISO14443', idToken: 'AABBCCDD' });
  await vi.waitUntil(() => station.facts().evses[0]?.flow === 'flowing', 20_000);
}

/** Something real in place of the id in the example. */
async function real(example: string): Promise<string> {
  const [, kind] = example.split(' ');
  if (kind === 'transactions' || kind === 'export') {
    const [one] = JSON.parse(await run('transactions', '--json'));
    return example.replace(PLACEHOLDER, one.transactionId);
  }
  if (kind === 'commands') {
    if (example.includes('cancel')) await run('call', 'CS-3', 'ClearCache', '--offline', 'queue', '--wait', '0');
    const [one] = JSON.parse(await run('commands', '--json'));
    return example.replace(PLACEHOLDER, one.commandId);
  }
  if (kind === 'bulk') {
    if (example.includes('stop')) await run('call', 'CS-3,CS-4', 'ClearCache', '--offline', 'queue', '--wait', '0');
    const [one] = JSON.parse(await run('bulk', '--json'));
    return example.replace(PLACEHOLDER, one.bulkId);
  }
  if (kind === 'webhooks') {
    const [one] = JSON.parse(await run('webhooks', '--json'));
    return example.replace(PLACEHOLDER, one.webhookId);
  }
  return example;
}

test('every example of a command that speaks REST works, and its table fits 100 columns', async () => {
  const examples = [...new Set(REST.flatMap((one) => one.examples))].toSorted((a, b) => rank(a) - rank(b));
  expect(examples.length).toBeGreaterThan(60);
  await run('stations', 'add', 'CS-3');
  await run('stations', 'add', 'CS-4');
  await run('call', 'CS-3,CS-4', 'ClearCache').catch(() => ''); // a job to look at
  await new ApiClient({ url: `http://127.0.0.1:${csms.ports.http}` }, { BUSBAR_API_KEY: csms.apiKey }).request('POST', '/sites', {
    body: { name: 'Second', zone: 'Europe/Berlin', currency: 'EUR' },
  });
  const failed: Record<string, string> = {};
  const wide: string[] = [];
  let connected = false;
  for (const example of examples) {
    if (!connected && rank(example) >= 0) {
      connected = true;
      for (const id of ['CS-1', 'CS-2']) await connect(id, JSON.parse(await run('stations', 'password', id, '--json')).password);
      await run('webhooks', 'add', 'http://127.0.0.1:9/hook', '--types', 'securityEvent');
    }
    try {
      const said = await run(...wordsOf(example.includes(PLACEHOLDER) ? await real(example) : example).slice(1));
      if (!example.includes('--json') && !/^busbar (?:export|call|stations show|transactions show|commands show|bulk show)/.test(example))
        wide.push(...said.split('\n').filter((line) => /\S {2,}\S/.test(line) && line.length > 100));
    } catch (error) {
      failed[example] = error instanceof BusbarError ? `${error.code}: ${error.message}` : String(error);
    }
  }
  expect(failed).toEqual({});
  expect(wide).toEqual([]);
});

test('every command has an example in its help', () => {
  expect(all.filter(({ examples }) => examples.length === 0).map(({ path }) => path)).toEqual([]);
});
