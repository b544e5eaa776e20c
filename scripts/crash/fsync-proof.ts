// SIGKILL cannot see a missing fsync, because the page cache survives it. So the system calls are watched: between an event
// and its answer (CSMS) or its sending (station) the file must have been synced. With synchronous=OFF the same proof must fail.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PostgresStore } from '@busbar/csms/postgres';
import { loadRules, Peer, printResult } from '@busbar/protocol';
import { nodeNetwork, wsListen } from '@busbar/protocol/node';
import { formatInstant, makeIds, Scope, Secret, silentLog } from '@busbar/runtime';
import { systemClock, systemRandom } from '@busbar/runtime/node';
import { makeCluster } from '../../packages/csms/src/store/testing/postgres-cluster.ts';

export interface Proof {
  readonly of: 'csms' | 'station' | 'postgres';
  readonly synchronous: 'FULL' | 'OFF';
  readonly events: number;
  readonly synced: number;
}

const EVENTS = 20;
export const straceThere = (): boolean => spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;

const traced = (file: string, args: readonly string[], output: string, stdin: 'ignore' | 'pipe' = 'ignore'): ChildProcess =>
  spawn(
    'strace',
    ['-f', '-s', '120', '-e', 'trace=write,writev,sendto,sendmsg,fsync,fdatasync', '-o', output, process.execPath, file, ...args],
    { stdio: [stdin, 'pipe', 'inherit'] },
  );

const line = (child: ChildProcess, test: (text: string) => boolean): Promise<string> =>
  new Promise((resolve, reject) => {
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const found = out.split('\n').find(test);
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${out}`)));
  });

/** The CSMS under strace, one event after the other: before each answer there is a sync since the last one. */
export async function proveCsms(folder: string, synchronous: 'FULL' | 'OFF'): Promise<Proof> {
  mkdirSync(folder, { recursive: true });
  const output = join(folder, `csms-${synchronous}.strace`);
  const data = join(folder, `csms-${synchronous}`);
  const child = traced(join(import.meta.dirname, 'serve-process.ts'), [data, synchronous], output);
  const ready: { ocppPort: number; password: string } = JSON.parse(await line(child, (text) => text.startsWith('{')));
  const network = nodeNetwork();
  const socket = await network.dial({
    url: `ws://127.0.0.1:${ready.ocppPort}/ocpp/PROOF`,
    subprotocols: ['ocpp2.0.1'],
    basic: { user: 'PROOF', password: new Secret(ready.password) },
    deflate: false,
    timeoutMs: 10_000,
  });
  const answers: string[] = [];
  const scope = new Scope(systemClock, silentLog, 'proof');
  const peer = new Peer({
    socket,
    rules: await loadRules('ocpp2.0.1'),
    side: 'station',
    scope,
    ids: makeIds(systemRandom, systemClock),
    log: silentLog,
    serves: new Set(),
    call: () => undefined,
    frame: (direction, text) => (direction === 'in' && text.startsWith('[3') ? answers.push(text) : undefined),
  });
  await peer.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Proof', model: 'Proof' } });
  answers.length = 0;
  for (let seqNo = 0; seqNo < EVENTS; seqNo += 1) {
    await peer.call('TransactionEvent', {
      eventType: seqNo === 0 ? 'Started' : 'Updated',
      timestamp: formatInstant(systemClock.now()),
      triggerReason: 'MeterValuePeriodic',
      seqNo,
      transactionInfo: { transactionId: 'proof' },
    });
  }
  scope.close();
  socket.terminate();
  await ended(child);
  const ids = answers.map((text) => String((JSON.parse(text) as unknown[])[1]));
  const trace = readFileSync(output, 'utf8').split('\n');
  // The answer's frame is not masked, so its id can be read in the call that writes it (strace escapes the quotes).
  return {
    of: 'csms',
    synchronous,
    events: ids.length,
    synced: count(
      trace,
      ids.map((id) => (text: string) => /write|send/.test(text) && text.includes(id)),
    ),
  };
}

/** The station under strace: before an event leaves, the journal was synced since the event before. */
export async function proveStation(folder: string, synchronous: 'FULL' | 'OFF'): Promise<Proof> {
  mkdirSync(folder, { recursive: true });
  const output = join(folder, `station-${synchronous}.strace`);
  const listener = await wsListen({
    host: '127.0.0.1',
    port: 0,
    deflate: false,
    acceptor: async () => ({
      kind: 'accept',
      subprotocol: 'ocpp2.0.1',
      opened: (socket) =>
        socket.handle({
          text: (text) => socket.send(agree(text)),
          binary: () => undefined,
          alive: () => undefined,
          closed: () => undefined,
        }),
    }),
  });
  const orders = {
    id: 'PROOF',
    url: `ws://127.0.0.1:${listener.port}/ocpp`,
    password: 'x'.repeat(20),
    folder: join(folder, `station-${synchronous}`),
    token: 'PROOF',
    version: 'ocpp2.0.1',
    chargeMs: 5000,
    finishOnly: false,
    synchronous,
  };
  const child = traced(join(import.meta.dirname, 'station-process.ts'), [JSON.stringify(orders)], output);
  await line(child, (text) => text === 'done');
  await ended(child);
  await listener.close();
  const trace = readFileSync(output, 'utf8').split('\n');
  const keys = trace.flatMap((text) => /write\(1, "(sent [^\\"]+)/.exec(text)?.[1] ?? []);
  return {
    of: 'station',
    synchronous,
    events: keys.length,
    synced: count(
      trace,
      keys.map((key) => (text: string) => text.includes(`"${key}\\n"`)),
    ),
  };
}

/** PostgreSQL under strace, written by our store: before each answer to a COMMIT there is a sync since the last one. */
export async function provePostgres(_folder: string, synchronous: 'FULL' | 'OFF'): Promise<Proof | undefined> {
  const output = 'calls.strace';
  const cluster = await makeCluster({ strace: output, options: synchronous === 'OFF' ? ['-c', 'fsync=off'] : [] });
  if (cluster === undefined) return undefined;
  const store = await PostgresStore.open({ url: cluster.url, clock: systemClock, log: silentLog });
  for (let n = 0; n < EVENTS; n += 1) await store.commit([[{ k: 'setting', key: `proof ${n}`, value: 'x' }]]);
  await store.close();
  await cluster.stop('fast');
  const trace = readFileSync(join(cluster.folder, output), 'utf8').split('\n');
  await cluster.remove();
  // The writer's own backend: the one that answers most COMMITs.
  const answers = trace.filter((text) => /sendto\(.*COMMIT/.test(text));
  const pids = Map.groupBy(answers, (text) => text.split(' ')[0] ?? '');
  const [pid] = [...pids].sort(([, a], [, b]) => b.length - a.length)[0] ?? [''];
  const own = trace.filter((text) => text.startsWith(`${pid} `));
  const last = own.filter((text) => /sendto\(.*COMMIT/.test(text)).slice(-EVENTS);
  const from = own.indexOf(last[0] ?? '') - 5;
  return {
    of: 'postgres',
    synchronous,
    events: last.length,
    synced: count(
      own.slice(Math.max(0, from)),
      last.map((moment) => (text: string) => text === moment),
    ),
  };
}

/** For each moment in order: is there a finished sync between the moment before and this one? */
function count(trace: readonly string[], moments: readonly ((text: string) => boolean)[]): number {
  let [at, synced] = [0, 0];
  for (const moment of moments) {
    const found = trace.findIndex((text, index) => index >= at && moment(text));
    if (found < 0) continue;
    if (trace.slice(at, found).some((text) => /f(data)?sync(\(\d+\)|.*resumed>.*\)) += 0/.test(text))) synced += 1;
    at = found + 1;
  }
  return synced;
}

/** A CSMS that agrees with everything. */
function agree(text: string): string {
  const [, id, action] = JSON.parse(text) as [number, string, string];
  const now = formatInstant(systemClock.now());
  if (action === 'BootNotification') return printResult(id, { status: 'Accepted', interval: 300, currentTime: now });
  if (action === 'Heartbeat') return printResult(id, { currentTime: now });
  if (action === 'Authorize' || text.includes('"idToken"')) return printResult(id, { idTokenInfo: { status: 'Accepted' } });
  return printResult(id, {});
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  // strace hands no signal on: what runs below it is asked by its own process id.
  const below = spawnSync('pgrep', ['-P', String(child.pid)])
    .stdout.toString()
    .trim()
    .split('\n')
    .filter(Boolean);
  const exit = new Promise((resolve) => child.once('exit', resolve));
  for (const pid of below)
    try {
      process.kill(Number(pid), 'SIGTERM');
    } catch (error) {
      if (!String(error).includes('ESRCH')) throw error; // it has ended by itself
    }
  await exit;
}
