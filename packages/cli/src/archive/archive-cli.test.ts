import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusbarError, Secret } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import { Command } from 'commander';
import { afterAll, expect, test, vi } from 'vitest';
import { addArchiveCommands } from '../archive-cli.ts';
import { readServeConfig } from '../config-examine.ts';
import { type RunningCsms, startCsms } from '../serve.ts';
import { StationHost } from '../station-host.ts';
import { seal, unseal } from './sealed.ts';

vi.setConfig({ testTimeout: 120_000 });

const root = mkdtempSync(join(tmpdir(), 'busbar-archive-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Postgres is left to the store's own tests: here a command that names one is not run. */
const DOC = readFileSync(join(import.meta.dirname, '../../../../docs/backup.md'), 'utf8');
const COMMANDS = [...DOC.matchAll(/^npx busbar (.+)$/gm)].map(([, words = '']) => words.split(' '));
const FILE = /^(\.\/.+|[\w-]+\.(busbar|secrets|txt))$/;

async function run(...words: readonly string[]): Promise<string> {
  let said = '';
  const program = new Command('busbar')
    .version('test')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const around = { input: process.stdin, output: process.stderr, write: (text: string) => (said += text), progress: () => undefined };
  addArchiveCommands(program, async () => around, {});
  await program.parseAsync([...words], { from: 'user' });
  return said;
}

const inFolder = (words: readonly string[]): readonly string[] => words.map((word) => (FILE.test(word) ? join(root, word) : word));
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof BusbarError ? error.code : String(error)),
  );

const serve = (data: string, ocppPort = 0): Promise<RunningCsms> =>
  startCsms(
    readServeConfig({ data, ocppPort: `${ocppPort}`, httpPort: '0', ocppTlsPort: '0', logLevel: 'silent', onboardingInventory: false }, {}),
  );

async function api(csms: RunningCsms, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${csms.ports.http}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${csms.apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not happen`);
}

test('docs/backup.md: its commands, in their order, with a station that goes on charging over all of it', async () => {
  writeFileSync(join(root, 'passphrase.txt'), 'a passphrase of some length\n');
  let csms = await serve(join(root, 'data'));
  const { apiKey } = csms;
  const port = csms.ports.ocpp;
  await api(csms, 'PUT', '/tokens/ISO14443/CARD', { status: 'Accepted' });
  const made = await api(csms, 'POST', '/stations', { id: 'CS-1' });
  const password = typeof made === 'object' && made !== null && 'password' in made ? String(made.password) : '';
  const host = new StationHost(root, csms.log);
  const url = `ws://127.0.0.1:${port}/ocpp`;
  const { station, hardware } = host.add({
    id: 'CS-1',
    url,
    password,
    versions: ['ocpp2.0.1'],
    deflate: false,
    topology: demoTopologies.acSinglePhase,
  });
  station.start();
  await until('boot', () => station.facts().registration === 'accepted');
  hardware.plug(1, 1, { readyAfterS: 0 });
  hardware.presentToken({ evse: 1, type: 'ISO14443', idToken: 'CARD' });
  await until('energy', () => station.facts().evses[0]?.flow === 'flowing' && station.facts().queuedEvents === 0);

  const said: string[] = [];
  for (const words of COMMANDS.filter((command) => !command.some((word) => word.startsWith('postgres://')))) {
    const own = inFolder(words);
    if (words[0] === 'serve') {
      await csms.close();
      csms = await serve(own[own.indexOf('--data') + 1] ?? '', port);
      await until('the station is back', () => station.facts().link === 'open' && station.facts().queuedEvents === 0);
    } else said.push(await run(...own));
  }
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(
    /monday\.busbar: \d+ kB, 1 station, 1 transaction, 0 files\.\n.*encrypted.*\nThe message log .* is not in it\.\n$/,
  );
  expect(said[1]).toMatch(/1 station, 1 transaction, 0 files; every table compared, 1 transaction made anew/);
  expect(said[1]).not.toMatch(/password|certificate/);
  expect(csms.apiKey).toBe(apiKey);
  expect(existsSync(join(root, 'monday.busbar.copy'))).toBe(false);
  expect(statSync(join(root, 'monday.secrets')).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(root, 'data-2')).toSorted()).toEqual(expect.arrayContaining(['api-key', 'busbar.db', 'ca', 'pepper']));

  hardware.presentToken({ evse: 1, type: 'ISO14443', idToken: 'CARD' });
  await until('the end', async () => JSON.stringify(await api(csms, 'GET', '/transactions')).includes('"bill":"final"'));
  expect(await api(csms, 'GET', '/transactions')).toMatchObject([{ stationId: 'CS-1', state: 'ended' }]);
  await host.close();
  await csms.close();
});

test('what is there is never overwritten or filled; what is missing is named', async () => {
  const data = join(root, 'plain');
  const csms = await serve(data);
  await api(csms, 'POST', '/stations', { id: 'CS-1' });
  const out = join(root, 'plain.busbar');
  const said = await run('backup', '--data', data, '--out', out);
  expect(said).toMatch(/Not in it: .*pepper; without it no station logs in/);
  expect(said).toMatch(/Not in it: .*ca; without it no certificate/);
  const files = [...readdirSync(root)];
  expect(await codeOf(run('backup', '--data', data, '--out', out))).toBe('not-empty');
  expect(await codeOf(run('backup', '--data', join(root, 'nowhere'), '--out', `${out}2`))).toBe('bad-usage');
  expect(await codeOf(run('restore', out, '--data', data))).toBe('not-empty');
  expect(await codeOf(run('move', '--from', data, '--to', 'postgres://127.0.0.1:1/none'))).toBe('folder-locked');
  const words = ['--secrets', join(root, 's'), '--passphrase-file'];
  writeFileSync(join(root, 'short.txt'), 'short');
  expect(await codeOf(run('backup', '--data', data, '--out', `${out}2`, ...words, join(root, 'short.txt')))).toBe('bad-usage');
  await csms.close();
  expect(readdirSync(root).filter((name) => !files.includes(name))).toEqual(['short.txt']);
  const restored: unknown = JSON.parse(await run('restore', out, '--data', join(root, 'plain-2'), '--json'));
  expect(restored).toMatchObject({
    engine: 'sqlite',
    tables: { station: 1 },
    lockedOut: { passwords: ['CS-1'], certificates: [], people: ['admin'] },
  });
});

test('a damaged backup, or one that is cut off, leaves no database behind', async () => {
  const bytes = readFileSync(join(root, 'plain.busbar'));
  bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
  const path = join(root, 'damaged.busbar');
  writeFileSync(path, bytes);
  expect(await codeOf(run('restore', path, '--data', join(root, 'empty')))).toBe('backup-damaged');
  expect(readdirSync(join(root, 'empty')).filter((name) => name !== 'lock')).toEqual([]);
});

test('secrets open with their passphrase only, and a changed byte closes them', () => {
  const files = { pepper: 'p', 'ca/root.key': 'k' };
  const sealed = seal(files, new Secret('a good passphrase'));
  expect(sealed.includes('root.key')).toBe(false);
  expect(unseal(sealed, new Secret('a good passphrase'))).toEqual(files);
  const refused = (bytes: Buffer, passphrase = 'a good passphrase'): string => {
    try {
      unseal(bytes, new Secret(passphrase));
      return 'opened';
    } catch (error) {
      return error instanceof BusbarError ? error.code : String(error);
    }
  };
  expect(refused(sealed, 'another passphrase')).toBe('wrong-passphrase');
  for (const at of [sealed.length - 1, sealed.length - 20, sealed.indexOf('"iv":"') + 8]) {
    const other = Buffer.from(sealed);
    other[at] = (other[at] ?? 0) ^ 1;
    expect(refused(other)).not.toBe('opened');
  }
  expect(refused(Buffer.from('nothing'))).toBe('backup-damaged');
});
