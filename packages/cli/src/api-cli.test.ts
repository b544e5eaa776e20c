import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusbarError, silentLog } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addApiCommands } from './api-cli.ts';
import { readServeConfig } from './config-examine.ts';
import { exitCodeOf } from './exit-code.ts';
import { replayCommand } from './replay-command.ts';
import { type RunningCsms, startCsms } from './serve.ts';
import { StationHost } from './station-host.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const closers: (() => Promise<void> | void)[] = [];
let csms: RunningCsms;
let folder: string;

/** Runs a command line; what it writes, or the error it ends with. */
async function run(...words: string[]): Promise<string> {
  return runIn({ BUSBAR_API_KEY: csms.apiKey }, ...words);
}

async function runIn(environment: Record<string, string>, ...words: string[]): Promise<string> {
  let said = '';
  const program = new Command('busbar').exitOverride().configureOutput({ writeErr: () => undefined });
  program.enablePositionalOptions();
  addApiCommands(program, {
    environment: { BUSBAR_URL: `http://127.0.0.1:${csms.ports.http}`, BUSBAR_DATA: join(folder, 'nowhere'), ...environment },
    write: (text) => (said += text),
    input: () => Promise.resolve('{}'),
  });
  await program.parseAsync(words, { from: 'user' });
  return said;
}

const failure = async (work: Promise<unknown>): Promise<{ code: string; exit: number; message: string }> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BusbarError)) throw new Error(`no BusbarError: ${String(error)}`);
  return { code: error.code, exit: exitCodeOf(error), message: error.message };
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-api-cli-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  csms = await startCsms(
    readServeConfig(
      { data: join(folder, 'data'), ocppPort: '0', httpPort: '0', logLevel: 'silent', onboardingInventory: false, webhookPrivate: true },
      {},
    ),
  );
  closers.push(() => csms.close());
});
afterAll(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

test('stations and tokens are added, listed, changed and forgotten', async () => {
  expect(await run('stations')).toBe('No station is registered yet: busbar stations add ID\n');
  expect(await run('stations', 'add', 'SHELL-1')).toMatch(/^SHELL-1 is registered\. Its password, shown only now:\n\S{16,}\n$/);
  expect(await run('stations')).toMatch(/^station +link +state +version +connectors +model\nSHELL-1 +offline +never booted/);
  expect(JSON.parse(await run('stations', '--json'))).toMatchObject([{ id: 'SHELL-1', connected: false }]);
  expect(JSON.parse(await run('stations', 'add', 'SHELL-2', '--json'))).toMatchObject({ id: 'SHELL-2', password: expect.any(String) });
  expect(await run('tokens')).toContain('No tokens yet');
  expect(await run('tokens', 'put', 'ISO14443', 'AA BB/1')).toBe('AA BB/1 of type ISO14443 is Accepted now.\n');
  expect(await run('tokens', 'put', 'Central', 'C1', '--status', 'Blocked')).toContain('C1 of type Central is Blocked now.');
  expect(await run('tokens')).toMatch(/AA BB\/1 +ISO14443 +Accepted/);
  expect(await run('tokens', 'delete', 'Central', 'C1')).toBe('C1 of type Central is forgotten.\n');
  expect(JSON.parse(await run('tokens', '--json'))).toMatchObject([{ idToken: 'AA BB/1', status: 'Accepted' }]);
  expect(await run('transactions')).toBe('No transactions.\n');
});

test('stations are filtered, shown, judged and removed', async () => {
  await run('stations', 'add', 'MANAGED-1', '--serial-number', '4711', '--site', '1');
  await run('stations', 'add', 'MANAGED-2');
  expect(await run('stations', '--q', 'MANAGED', '--limit', '1')).toMatch(/^station .*\nMANAGED-1 .*\n$/);
  expect(await run('stations', 'list', '--state', 'connected')).toBe('No station is like that: busbar stations shows all.\n');
  await expect(run('stations', '--state', 'asleep')).rejects.toThrow('Allowed choices are connected, offline, unapproved, retired');
  expect(await run('stations', 'show', 'MANAGED-1')).toMatch(/^station +MANAGED-1\nlink +offline\n[^]*serial number +4711\n/);
  expect(await run('stations', 'password', 'MANAGED-1')).toMatch(
    /^MANAGED-1 is expected with another password, shown only now:\n\S{16,}\n$/,
  );
  expect(await failure(run('stations', 'password', 'MANAGED-1', '--send'))).toMatchObject({ code: 'not-connected', exit: 9 });
  expect(await run('stations', 'reject', 'MANAGED-2')).toBe('MANAGED-2 is refused: its boots are answered Rejected.\n');
  expect(await run('stations', 'show', 'MANAGED-2')).toMatch(/approval +rejected/);
  expect(await run('stations', 'accept', 'MANAGED-2')).toBe('MANAGED-2 is approved and asked to boot.\n');
  expect(await run('stations', 'remove', 'MANAGED-1')).toBe('MANAGED-1 is removed.\n');
  expect(JSON.parse(await run('stations', 'remove', 'MANAGED-2', '--json'))).toEqual({ removed: 'MANAGED-2' });
  expect(await failure(run('stations', 'show', 'MANAGED-1'))).toMatchObject({ code: 'station-unknown', exit: 8 });
});

test('tokens come from a file, are filtered, shown and erased; lists go over their pages', async () => {
  const file = join(folder, 'tokens.csv');
  const many = Array.from({ length: 1003 }, (_, at) => `ISO14443,PAGE${at},Blocked`);
  writeFileSync(file, ['type,idToken,status', ...many, 'ISO14443,,Accepted'].join('\r\n'));
  expect(await failure(run('tokens', 'import', file, '--dry-run'))).toMatchObject({ code: 'invalid-request', exit: 2 });
  expect(await run('tokens', '--status', 'Blocked', '--q', 'PAGE')).toBe('No token is like that.\n');
  expect(await failure(run('tokens', 'import', file))).toMatchObject({
    message: `1 of 1004 lines of ${file} are wrong and were left out.`,
  });
  expect(JSON.parse(await run('tokens', '--q', 'page', '--json'))).toHaveLength(1003);
  expect(JSON.parse(await run('tokens', 'list', '--q', 'page', '--limit', '7', '--json'))).toHaveLength(7);
  writeFileSync(file, JSON.stringify([{ type: 'Central', idToken: 'FILE-1', status: 'Accepted' }]));
  expect(await run('tokens', 'import', file)).toBe('1 new, 0 changed, 0 as before, 0 wrong.\n');
  expect(await run('tokens', 'show', 'Central', 'FILE-1')).toMatch(/status +Accepted/);
  expect(await run('tokens', 'put', 'Central', 'FILE-1', '--group', 'depot', '--valid-until', '2099-01-01T00:00:00Z')).toContain(
    'Accepted',
  );
  expect(await run('tokens', '--q', 'file-1')).toMatch(/FILE-1 +Central +Accepted +2099-01-01 00:00:00Z +depot/);
  expect(await run('tokens', 'erase', 'Central', 'FILE-1', '--reason', 'asked for')).toMatch(
    /^The driver is forgotten: the token is gone, 0 /,
  );
  expect(await failure(run('tokens', 'show', 'Central', 'FILE-1'))).toMatchObject({ code: 'token-unknown', exit: 8 });
});

test('incidents, commands, jobs, audit and webhooks', async () => {
  await run('stations', 'add', 'AWAY-1');
  await run('stations', 'add', 'AWAY-2');
  expect(await failure(run('call', 'AWAY-1', 'ClearCache'))).toMatchObject({ code: 'not-connected', exit: 9 });
  const queued = await run('call', 'AWAY-1', 'ClearCache', '--offline', 'queue', '--expires', '3600', '--wait', '0');
  const [, id = ''] = /^ClearCache to AWAY-1 is queued until it connects: busbar commands show (\S+)\n$/.exec(queued) ?? [];
  expect(await run('commands', 'show', id)).toMatch(/state +queued/);
  expect(await run('commands', '--station', 'AWAY-1', '--state', 'queued')).toMatch(new RegExp(`^command .*\n${id} .* AWAY-1 .*\n$`));
  expect(await run('commands', 'cancel', id)).toBe(`${id} is taken back.\n`);
  expect(await failure(run('call', 'AWAY-1,AWAY-2', 'ClearCache'))).toMatchObject({
    exit: 9,
    message: /^Not every station did it: 0 of 2 done, 2 /,
  });
  const started = await run('call', 'AWAY-1,AWAY-2', 'ClearCache', '-', '--offline', 'queue', '--wait', '0');
  const [, job = ''] = /^The job (\S+) runs/.exec(started) ?? [];
  expect(await run('bulk', 'stop', job)).toMatch(/ is stopped: 0 of 2 done/);
  expect(await run('bulk', 'show', job)).toMatch(/\nstation +result .*\nAWAY-/);
  expect(await run('bulk')).toMatch(/^job .*\n/);
  expect(await run('incidents')).toMatch(/^(Nothing is wrong\.|who acts .*)\n/);
  expect(await run('audit', '--action', 'stopBulk')).toMatch(/^at .*\n.* key:first +stopBulk .* done/);
  expect(await run('webhooks')).toContain('No webhooks');
  const added = await run('webhooks', 'add', 'http://127.0.0.1:9/hook', '--types', 'transactionEnded,securityEvent', '--note', 'ours');
  const [, hook = ''] = /^The webhook (\S+) is told from now on\./.exec(added) ?? [];
  expect(await run('webhooks', 'pause', hook)).toBe(`${hook} is told nothing until it is resumed.\n`);
  expect(await run('webhooks', 'list')).toMatch(/ no +all .* http:\/\/127\.0\.0\.1:9\/hook +ours/);
  expect(await run('webhooks', 'log', hook)).toBe('Nothing was sent yet.\n');
  expect(await run('webhooks', 'remove', hook)).toBe(`${hook} is forgotten, with its log.\n`);
  expect(await failure(run('webhooks', 'add', 'http://127.0.0.1:9/', '--types', 'nothing'))).toMatchObject({
    code: 'invalid-request',
    exit: 2,
  });
});

test('who may not hears which role is needed; nobody there is said with what to do', async () => {
  const key = (await run('keys', 'add', 'looker', '--role', 'viewer')).split('\n')[1] ?? '';
  expect(await failure(runIn({ BUSBAR_API_KEY: key }, 'tokens'))).toMatchObject({ exit: 7, message: /needs the role operator/ });
  expect(await failure(run('incidents', '--url', 'http://127.0.0.1:9'))).toMatchObject({
    exit: 3,
    message: /does not answer .*--url names another/,
  });
});

test('tariffs are put, given and listed; charge detail records go to a file or out', async () => {
  expect(await run('tariffs')).toContain('No tariffs yet');
  const file = join(folder, 'tariff.json');
  const terms = { name: 'Night', currency: 'EUR', periods: [{ days: [6, 7], from: '22:00', perKWh: '0.2' }, { perKWh: '0.39' }] };
  writeFileSync(file, JSON.stringify(terms));
  expect(await run('tariffs', 'put', 'night', file)).toMatch(/^night has version 1, valid from 20/);
  expect(await run('tariffs', 'assign', 'site', '1', 'night')).toBe('site 1 has night now.\n');
  expect(await run('tariffs')).toMatch(/night +1 .* Night +EUR +0 +6,7 22:00-24:00 0\.2\/kWh \| 0\.39\/kWh\n\nscope/);
  expect(await run('tariffs', 'assign', 'site', '1', '-')).toBe('site 1 has no tariff of its own now.\n');
  expect(await failure(run('tariffs', 'assign', 'site', '1', 'other'))).toMatchObject({ code: 'not-found', exit: 8 });
  writeFileSync(file, '{');
  expect(await failure(run('tariffs', 'put', 'night', file))).toMatchObject({ code: 'bad-usage', exit: 2 });
  expect(await run('export', 'cdr')).toMatch(/^stationId,transactionId,.*,total,cursor\r\n$/);
  expect(await run('export', 'cdr', '--json')).toBe('[]\n');
  const out = join(folder, 'cdr.csv');
  expect(await run('export', 'cdr', '--since', '2026-01-01', '--out', out)).toBe('');
  expect(readFileSync(out, 'utf8')).toMatch(/^stationId,/);
  const none = join(folder, 'none.csv');
  expect(await failure(run('export', 'cdr', '--station', 'NOBODY', '--out', none))).toMatchObject({ code: 'station-unknown' });
  expect(existsSync(none)).toBe(false);
});

test('people are added, listed, given another role and password, and shut out; keys are added and revoked', async () => {
  expect(csms.signIn).toMatchObject({ user: 'admin', password: expect.stringMatching(/^([0-9a-z]{4}-){4}[0-9a-z]{4}$/) });
  expect(await run('users', 'add', 'ada', '--role', 'installer', '--sites', '1', '--shown-name', 'Ada L.')).toMatch(
    /^ada may sign in as installer\. The password, shown only now:\n([0-9a-z]{4}-){4}[0-9a-z]{4}\n$/,
  );
  expect(await run('users')).toMatch(/^name +role +sites .*\nada +installer +1 +password +never +Ada L\.\nadmin +admin +all/);
  expect(await run('users', 'role', 'ADA', 'operator', '--sites', 'all')).toBe('ADA is operator now.\n');
  expect(JSON.parse(await run('users', 'list', '--json'))[0]).toMatchObject({ name: 'ada', role: 'operator', sites: null });
  expect(await run('users', 'password', 'ada')).toMatch(/new password .*\n([0-9a-z]{4}-){4}[0-9a-z]{4}\n$/);
  expect(await run('users', 'disable', 'ada', '--reason', 'left us')).toBe('ada is shut out and signed out everywhere.\n');
  expect(await run('users', 'list')).toMatch(/ada +operator +all +disabled/);
  expect(await run('users', 'disable', 'ada', '--undo')).toBe('ada may sign in again.\n');
  expect(await failure(run('users', 'disable', 'admin'))).toMatchObject({ code: 'conflict', exit: 8 });
  expect(await failure(run('users', 'password', 'nobody'))).toMatchObject({ code: 'not-found', exit: 8 });
  expect(await failure(run('users', 'add', 'eve', '--sites', 'one'))).toMatchObject({ code: 'bad-usage', exit: 2 });
  const key = (await run('keys', 'add', 'grafana', '--role', 'viewer')).split('\n')[1] ?? '';
  expect(key).toMatch(/^bb_[0-9a-f]{12}_[\w-]{43}$/);
  expect(await runIn({ BUSBAR_API_KEY: key }, 'stations')).toContain('station');
  expect(await failure(runIn({ BUSBAR_API_KEY: key }, 'users'))).toMatchObject({ code: 'forbidden', exit: 7 });
  expect(await run('keys')).toMatch(/first +first +admin[^]*grafana +viewer +all +never +20/);
  expect(await run('keys', 'revoke', 'grafana')).toMatch(/^The key grafana \([0-9a-f]{12}\) opens nothing any more\.\n$/);
  expect(await failure(runIn({ BUSBAR_API_KEY: key }, 'stations'))).toMatchObject({ code: 'unauthorized' });
  expect(await failure(run('keys', 'revoke', 'grafana'))).toMatchObject({ code: 'not-found' });
});

test('the key is found in the folder of the CSMS', async () => {
  expect(await runIn({ BUSBAR_DATA: join(folder, 'data') }, 'tokens')).toContain('token');
  expect(await runIn({}, 'tokens', '--data', join(folder, 'data'))).toContain('token');
});

describe('exit codes are those of the catalogue', () => {
  test.each([
    ['no key', {}, ['stations'], 'unauthorized', 7],
    ['a wrong key', { BUSBAR_API_KEY: 'wrong' }, ['stations'], 'unauthorized', 7],
    ['nobody there', { BUSBAR_API_KEY: 'x', BUSBAR_URL: 'http://127.0.0.1:9' }, ['stations'], 'no-api', 3],
  ] as const)('%s', async (_, environment, words, code, exit) => {
    expect(await failure(runIn(environment, ...words))).toMatchObject({ code, exit });
  });
  test('an unknown station, no JSON, a body that does not fit, a station that is not there', async () => {
    await run('stations', 'add', 'SHELL-3');
    expect(await failure(run('transactions', '--station', 'NOBODY'))).toMatchObject({ code: 'station-unknown', exit: 8 });
    expect(await failure(run('stations', 'add', 'SHELL-3'))).toMatchObject({ code: 'station-exists', exit: 8 });
    expect(await failure(run('call', 'SHELL-3', 'Reset', '{type'))).toMatchObject({ code: 'bad-usage', exit: 2 });
    expect(await failure(run('call', 'SHELL-3', 'Reset', '{"type":"Sometimes"}'))).toMatchObject({ exit: 2, code: 'invalid-request' });
    expect(await failure(run('call', 'SHELL-3', 'Reset', '{"type":"OnIdle"}'))).toMatchObject({ exit: 9, code: 'not-connected' });
    expect(await failure(run('tail', '--station', 'X', '--url', 'http://127.0.0.1:9'))).toMatchObject({ code: 'no-api', exit: 3 });
  });
});

test('a station is called, its transaction listed, and all of it seen by tail', async () => {
  const { password = '' } = await csms.http.useCases.createStation({ id: 'SHELL-9' }, 'test');
  await run('tokens', 'put', 'ISO14443', 'SHELLCARD');
  const host = new StationHost(join(folder, 'stations'), silentLog, { synchronous: 'OFF' });
  closers.push(() => host.close());
  const { station, hardware } = host.add({
    id: 'SHELL-9',
    url: `ws://127.0.0.1:${csms.ports.ocpp}/ocpp`,
    password,
    versions: ['ocpp2.0.1'],
    deflate: false,
    topology: demoTopologies.acSinglePhase,
  });
  const tail = run('tail', '--station', 'SHELL-9', '--count', '6');
  const tailJson = run('tail', '--json', '--count', '2');
  const started = run('tail', '-f', '--topic', 'transaction,connector', '--json', '--count', '1');
  const cleared = run('tail', '--action', 'ClearCache', '--count', '1');
  await vi.waitUntil(() => csms.http.followers === 4, 20_000); // what came before is not theirs
  station.start();
  await vi.waitUntil(() => station.facts().registration === 'accepted', 20_000);
  expect(JSON.parse(await run('call', 'SHELL-9', 'GetVariables', '{"getVariableData":[]}').catch(() => '{}'))).toEqual({});
  const answer = await run(
    'call',
    'SHELL-9',
    'GetVariables',
    '{"getVariableData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}',
  );
  expect(JSON.parse(answer)).toMatchObject({ getVariableResult: [{ attributeStatus: 'Accepted', attributeValue: '300' }] });
  expect(JSON.parse(await run('call', 'SHELL-9', 'ClearCache', '--json'))).toMatchObject({
    state: 'answered',
    commandId: expect.any(String),
  });
  expect(
    await failure(
      run('call', 'SHELL-9', 'ReserveNow', '{"id":1,"expiryDateTime":"2030-01-01T00:00:00Z","idToken":{"idToken":"A","type":"ISO14443"}}'),
    ),
  ).toMatchObject({ code: 'call-refused', exit: 9 });
  const interval = 'OCPPCommCtrlr.HeartbeatInterval';
  expect(await run('variables', 'get', 'SHELL-9', interval)).toMatch(/OCPPCommCtrlr\.HeartbeatInterval +Accepted +300\n$/);
  expect(await run('variables', 'set', 'SHELL-9', `${interval}=600`)).toMatch(/Accepted/);
  expect(await failure(run('variables', 'set', 'SHELL-9', 'Nothing.Here=1'))).toMatchObject({ code: 'call-refused', exit: 9 });
  expect(await failure(run('variables', 'get', 'SHELL-9', 'Nothing'))).toMatchObject({ code: 'bad-usage', exit: 2 });
  expect(await run('variables', 'list', 'SHELL-9', '--q', 'nowhere')).toContain('Nothing is known of that');
  expect(await run('call', 'SHELL-9,AWAY-1', 'ClearCache', '--json').catch(String)).toContain('1 of 2 done');
  hardware.plug(1, 1, { readyAfterS: 0 });
  hardware.presentToken({ evse: 1, type: 'ISO14443', idToken: 'SHELLCARD' });
  await vi.waitUntil(() => station.facts().evses[0]?.flow === 'flowing', 20_000);
  await vi.waitUntil(async () => (await run('transactions', '--station', 'SHELL-9', '--state', 'active')).includes('Charging'), 20_000);
  expect(await run('transactions', '--limit', '1')).toMatch(
    /SHELL-9 +1 +[0-9a-f-]{36} +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +Charging .* provisional, incomplete: not ended yet/,
  );
  const [active] = JSON.parse(await run('transactions', 'list', '--station', 'SHELL-9', '--json'));
  expect(await run('transactions', 'show', 'SHELL-9', active.transactionId)).toMatch(/state +Charging\nwhy +running/);
  expect(await run('transactions', 'events', 'SHELL-9', active.transactionId)).toMatch(/^seq .*\n0 .* Started /);
  expect(await failure(run('transactions', 'close', 'SHELL-9', 'none', '--reason', 'x'))).toMatchObject({ exit: 8 });
  expect(JSON.parse(await started)).toMatchObject({ type: expect.stringMatching(/^(transaction|connector)$/) });
  expect(await cleared).toMatch(/command +.*action=ClearCache/);
  const lines = (await tail).trimEnd().split('\n');
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}SHELL-9 +station +what=connected/);
  expect(
    (await tailJson)
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text)),
  ).toMatchObject([{ stationId: 'SHELL-9' }, { stationId: 'SHELL-9' }]);
  expect(await run('stations')).toMatch(/SHELL-9 +connected +Accepted +2\.0\.1 +1\.1 Occupied +Busbar/);
});

test('a recorded session is played over TCP; what differs is said, with exit code 11', async () => {
  const file = join(import.meta.dirname, '../../../examples/sessions/ocpp2.0.1.jsonl');
  const { password = '' } = await csms.http.useCases.createStation({ id: 'DEMO-ONCE' }, 'test');
  await run('tokens', 'put', 'ISO14443', 'DEMOONCE01', '--status', 'Blocked');
  let said = '';
  const flags = { url: `ws://127.0.0.1:${csms.ports.ocpp}/ocpp`, password, pace: 'fast', json: false, patience: 1 } as const;
  const around = { environment: {}, write: (text: string) => (said += text) };
  // This CSMS fetches no inventory and does not know the card.
  expect(await failure(replayCommand(file, flags, around))).toMatchObject({ code: 'recording-differs', exit: 11 });
  expect(said).toContain('line 3: /status is Accepted, in the recording Pending');
  expect(said).toContain('/idTokenInfo/status is Blocked, in the recording Accepted');
  expect(await run('transactions', '--station', 'DEMO-ONCE')).toContain('0.198 kWh');
  expect(await failure(replayCommand(file, { ...flags, password: 'wrong-password-12345' }, around))).toMatchObject({
    code: 'cannot-reach-csms',
  });
  expect(await failure(replayCommand('/nowhere.jsonl', flags, around))).toMatchObject({ code: 'bad-usage' });
});

test('lists go into files with their filters; tokens that were exported are what they were when they come back', async () => {
  await run('tokens', 'put', 'ISO14443', 'EXPORT-A', '--group', 'CREW');
  const file = join(folder, 'exported.csv');
  expect(await run('export', 'tokens', '--q', 'EXPORT-', '--out', file)).toBe('');
  expect(readFileSync(file, 'utf8')).toMatch(/^type,idToken,status,.*\r\nISO14443,EXPORT-A,Accepted,CREW,.*\r\n$/);
  expect(await run('tokens', 'import', file)).toBe('0 new, 0 changed, 1 as before, 0 wrong.\n');
  const json = join(folder, 'exported.json');
  await run('export', 'tokens', '--json', '--q', 'EXPORT-', '--out', json);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject([{ idToken: 'EXPORT-A' }]);
  expect(await run('export', 'stations')).toMatch(/^id,/);
  expect(await failure(run('export', 'transactions', '--from', 'yesterday'))).toMatchObject({ code: 'invalid-request' });
});

test('every command shows an example', () => {
  const program = new Command('busbar').exitOverride();
  addApiCommands(program, { environment: {}, write: () => undefined });
  const all = program.commands.flatMap((command) => [command, ...command.commands]);
  expect(all.length).toBeGreaterThan(7);
  for (const command of all) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    expect(help).toMatch(/Examples?:\n {2}busbar /);
  }
});
