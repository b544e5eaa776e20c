import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCheck } from '@busbar/conformance/node';
import { wsListen } from '@busbar/protocol/node';
import type { Socket } from '@busbar/runtime';
import { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startAdapter } from '../examples/conformance-csms-adapter/adapter.ts';
import { busbarProgram } from '../packages/cli/src/program.ts';
import { spawnServe } from '../packages/cli/src/spawn.ts';

vi.setConfig({ testTimeout: 90_000 });

const root = join(import.meta.dirname, '..');
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

type Call = readonly [action: string, payload: { readonly eventType?: string; readonly seqNo?: number }];

/** The little of a CSMS that a session needs. */
async function csms(): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = [];
  const accepted = { idTokenInfo: { status: 'Accepted' } };
  const answers: Record<string, () => object> = {
    BootNotification: () => ({ status: 'Accepted', interval: 300, currentTime: new Date().toISOString() }),
    Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    Authorize: () => accepted,
    TransactionEvent: () => accepted,
  };
  const serve = (socket: Socket): void =>
    socket.handle({
      text: (data) => {
        const [type, id, action, payload] = JSON.parse(data) as [number, string, string, Call[1]];
        if (type !== 2) return;
        calls.push([action, payload]);
        socket.send(JSON.stringify([3, id, answers[action]?.() ?? {}]));
      },
      binary: () => undefined,
      alive: () => undefined,
      closed: () => undefined,
    });
  const listener = await wsListen({
    host: '127.0.0.1',
    port: 0,
    acceptor: async ({ subprotocols }) => ({ kind: 'accept', subprotocol: subprotocols[0] ?? '', opened: serve }),
  });
  closers.push(() => listener.close());
  return { url: `ws://127.0.0.1:${listener.port}/ocpp`, calls };
}

const exitOf = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('exit', (code) => resolve(code)));

test('examples/embed-station runs one session in a process of its own', async () => {
  const { url, calls } = await csms();
  const folder = mkdtempSync(join(tmpdir(), 'busbar-example-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [join(root, 'examples/embed-station/main.ts'), url, 'PAPER-1'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await exitOf(child);
  expect(code === 0 ? 0 : said).toBe(0);
  const events = calls.flatMap(([action, { eventType, seqNo }]) => (action === 'TransactionEvent' ? [{ eventType, seqNo }] : []));
  expect(calls[0]?.[0]).toBe('BootNotification');
  expect(events.map(({ seqNo }) => seqNo)).toEqual(events.map((_, index) => index));
  expect([events.at(0)?.eventType, events.at(-1)?.eventType]).toEqual(['Started', 'Ended']);
  expect(said).toContain('registration accepted');
});

/** Runs an example and the kit; `said` is all of it. */
async function kit(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { code: await exitOf(child), said };
}

test('examples/conformance-csms-adapter: the kit drives a CSMS through the adapter', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-adapter-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const served = await spawnServe(folder, ['--test-mode', '--log-level', 'error']);
  closers.push(() => served.stop());
  const base = `http://127.0.0.1:${served.httpPort}/api/v1`;
  const adapter = await startAdapter({ base, key: served.apiKey, token: 'example', port: 0 });
  closers.push(() => adapter.close());
  const url = `http://127.0.0.1:${adapter.port}`;
  const flags = ['--url', `ws://127.0.0.1:${served.ocppPort}/ocpp`, '--driver', 'http', '--driver-url', url, '--json'];
  const cases = ['TC_A_01_CSMS', 'TC_B_02_CSMS', 'TC_C_02_CSMS', 'TC_E_03_CSMS', 'TC_F_11_CSMS'];
  const run = (token: string) =>
    kit('packages/conformance/src/node/main.ts', ['csms', ...flags, '--case', ...cases], { BUSBAR_DRIVER_TOKEN: token });
  const { code, said } = await run('example');
  expect(code === 0 ? 0 : said).toBe(0);
  expect(JSON.parse(said)).toMatchObject({ passed: 5, failed: 0, inconclusive: 0 });
  const refused = await run('wrong');
  expect(refused.code).toBe(12);
  expect(JSON.parse(refused.said)).toMatchObject({ passed: 0, failed: 0, inconclusive: 5 });
});

test('examples/conformance-station-manual: a person written down does what the kit asks', async () => {
  const { code, said } = await kit('examples/conformance-station-manual/person.ts', [
    'TC_B_01_CS',
    'TC_E_09_CS',
    'TC_G_01_CS',
    'TC_F_20_CS',
  ]);
  expect(code === 0 ? 0 : said).toBe(0);
  expect(said).toContain('2 EVSEs at least, a socket.');
  expect(said).toMatch(/3 passed, 0 failed, 0 inconclusive, 1 not applicable/);
  expect(said).toContain('a person says it cannot be done: Provision the station');
});

/** Blocks of shell commands in the documents, line by line, without comments. */
const lines = globSync(['README.md', 'CONTRIBUTING.md', 'docs/*.md', 'examples/**/*.md'], { cwd: root }).flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => ({ file, line })),
  ),
);

/** Words of a shell line; quotes keep theirs together. */
const words = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) => single ?? double ?? plain ?? '');

describe('commands that the documents show exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

  test('there are some', () => {
    expect(lines.filter(({ file }) => file === 'README.md').length).toBeGreaterThan(8);
  });
  test.each(lines)('$file: $line', async ({ line }) => {
    const [tool = '', ...rest] = words(line.replace(/ [<>] \S+$/, '').replace(/^(?:\w+=(?:\$\([^)]*\)|\S+)\s+)+/, ''));
    expect(['npm', 'npx', 'curl', 'node']).toContain(tool);
    const script = rest[0] === 'run' ? rest[1] : rest[0];
    const complaint = tool === 'npm' ? (scripts[script ?? ''] ? '' : `no script ${script}`) : tool === 'npx' ? await complaintOf(rest) : '';
    expect(complaint).toBe('');
  });
});

/** What the command line says against these words; nothing is run. */
async function complaintOf([busbar, ...given]: readonly string[]): Promise<string> {
  if (busbar === 'busbar-check') return complaintOfKit(given);
  if (busbar === 'busbar' && given[0] === 'check') return complaintOfKit(given.slice(1), true);
  if (busbar !== 'busbar') return `npx ${busbar ?? ''} would ask the registry`;
  return complaintOfProgram(busbarProgram(), given);
}

/** The same for the kit, whose flags `busbar check` only hands on. */
async function complaintOfKit(given: readonly string[], self = false): Promise<string> {
  const program = new Command('busbar-check');
  addCheck(program, {
    name: 'busbar-check',
    screen: { in: process.stdin, out: process.stdout, err: process.stderr },
    environment: {},
    exit: () => undefined,
    ...(self ? { own: () => Promise.reject(new Error('nothing is run')) } : {}),
  });
  return complaintOfProgram(program, given);
}

async function complaintOfProgram(program: Command, given: readonly string[]): Promise<string> {
  let complaint = '';
  const disarm = (command: Command): void => {
    command
      .exitOverride()
      .configureOutput({ writeErr: (text) => (complaint += text) })
      .action(() => undefined);
    command.commands.forEach(disarm);
  };
  program.commands.forEach(disarm);
  program.configureOutput({ writeErr: (text) => (complaint += text) });
  await program.parseAsync(given, { from: 'user' }).catch((error: unknown) => (complaint ||= String(error)));
  return complaint;
}

test('a mistyped command or flag would be seen', async () => {
  expect(await complaintOf(['busbar', 'serv'])).toContain('unknown command');
  expect(await complaintOf(['busbar', 'stations', '--jsno'])).toContain("unknown option '--jsno'");
  expect(await complaintOf(['busbar', 'demo'])).toContain('--once');
  expect(await complaintOf(['busbar', 'check', 'csms', '--slef'])).toContain("unknown option '--slef'");
  expect(await complaintOf(['busbar-check', 'csms', '--self'])).toContain("unknown option '--self'");
});
