import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Numbered } from '@busbar/csms';
import type { ServeConfig } from './config.ts';
import { DEMO_STATIONS, startDemo } from './demo.ts';
import { onStop, type RunningCsms, startCsms } from './serve.ts';
import { liveScreen } from './terminal/live-screen.ts';
import { startScreen } from './terminal/start-screen.ts';

export interface UpOptions {
  readonly until: 'first-transaction' | undefined;
  readonly json: boolean;
}

/** `busbar up`, what `npm start` runs: CSMS, console and three stations that really charge. */
export async function upCommand(config: ServeConfig, { until, json }: UpOptions): Promise<void> {
  const from = performance.now();
  const installMs = Math.round(Number(process.env['BUSBAR_INSTALL_MS'] ?? 0));
  const newData = !existsSync(join(config.data, 'busbar.db'));
  const running = await startCsms(config);
  const listeningMs = performance.now() - from;
  if (!json) process.stdout.write(`${firstScreen(config, running, { newData, installMs, listeningMs })}\n`);
  const endLive = json ? undefined : showLive(running);
  const first = until === 'first-transaction' ? firstTransaction(running, from) : undefined;
  await startDemo(running);
  const stop = async (): Promise<void> => {
    endLive?.();
    await running.close();
  };
  if (first !== undefined) {
    const times = await first;
    if (json)
      process.stdout.write(
        `${JSON.stringify({ installMs, bootMs: Math.round(times.bootMs), transactionMs: Math.round(times.transactionMs) })}\n`,
      );
    await stop();
    process.exit(0);
  }
  if (json)
    process.stdout.write(
      `${JSON.stringify({ ready: true, ocppPort: running.ports.ocpp, httpPort: running.ports.http, installMs, listeningMs: Math.round(listeningMs) })}\n`,
    );
  onStop(async () => {
    endLive?.();
    if (!json) process.stdout.write('\nStopping: stations say goodbye, everything stored stays.\n');
    await stop();
  });
}

function firstScreen(
  config: ServeConfig,
  running: RunningCsms,
  took: { newData: boolean; installMs: number; listeningMs: number },
): string {
  const page = `http://${config.host}:${running.ports.http}`;
  const db = new DatabaseSync(':memory:');
  const sqlite = String(db.prepare('SELECT sqlite_version() AS v').get()?.['v']);
  db.close();
  return startScreen({
    version: '0.1.0',
    node: process.versions.node,
    sqlite,
    dataFolder: config.data,
    newData: took.newData,
    listeningMs: took.listeningMs,
    ...(took.installMs > 1000 ? { installedMs: took.installMs } : {}),
    consoleUrl: `${page}/?ticket=${running.http.access.ticket()}`,
    ...(running.signIn === undefined ? {} : { signIn: running.signIn }),
    stationUrl: `ws://${config.host}:${running.ports.ocpp}/ocpp`,
    unknownStations:
      config.unknownStations === 'refuse' ? 'refused' : config.unknownStations === 'pending' ? 'held for approval' : 'accepted',
    docsUrl: `${page}/api/docs`,
    keyFile: running.apiKeyPath,
    demoStations: DEMO_STATIONS,
  });
}

/** One line per event, as it becomes durable; returns what gives the terminal back. */
function showLive({ csms }: RunningCsms): () => void {
  const screen = liveScreen({
    output: process.stdout,
    keyboard: process.stdin,
    colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    interrupt: () => process.kill(process.pid, 'SIGINT'),
  });
  const deaf = csms.kernel.live.listen((numbered: Numbered) => screen.show(numbered));
  return () => {
    deaf();
    screen.close();
  };
}

/** When the first station was accepted, and when the first transaction's bill was final. */
function firstTransaction({ csms }: RunningCsms, from: number): Promise<{ bootMs: number; transactionMs: number }> {
  let bootMs: number | undefined;
  return new Promise((resolve) => {
    csms.kernel.live.listen(({ event }) => {
      const now = performance.now() - from;
      if (event.type === 'station' && event.what === 'boot' && event.detail['status'] === 'Accepted') bootMs ??= now;
      if (event.type === 'transaction' && event.detail['state'] === 'ended' && event.detail['bill'] === 'final')
        resolve({ bootMs: bootMs ?? now, transactionMs: now });
    });
  });
}
