// `npm run bench:console`: the console with 5,000 live stations in a real browser, and the API under load, against budgets.
// `-- --stations N` for another size, `-- --json`, `-- --out FILE`; `-- --check` fails below what a shared machine excuses.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';
import { runBench } from '../packages/cli/src/bench/command.ts';
import { median, percentile, round } from '../packages/cli/src/bench/measure/percentile.ts';
import { Part } from '../packages/cli/src/bench/part.ts';
import { renderBench } from '../packages/cli/src/bench/render.ts';
import { atLeast, atMost, type Findings, type Target as Result, type Row } from '../packages/cli/src/bench/report.ts';
import { register, type Served, startServe } from '../packages/cli/src/bench/served.ts';
import { openBrowser } from './browser.ts';

const { values } = parseArgs({
  options: {
    stations: { type: 'string', default: '5000' },
    json: { type: 'boolean' },
    out: { type: 'string' },
    check: { type: 'boolean' },
  },
});
const STATIONS = Number(values.stations);
const UPDATES = 200;
const WINDOW_MS = 8_000;
const API_PER_SECOND = 2_000;
const API_MS = 8_000;
/** As in every bench: V8 compiles and connections open first, and that is not counted. */
const API_WARM_MS = 3_000;
const PASSWORD = 'a-password-for-the-bench';
const progress = (text: string): void => {
  if (values.json !== true) process.stderr.write(`${text}\n`);
};

/** Bytes over the wire until the first page is drawn; each of our files is compressed. */
async function firstLoad(page: Page, url: string): Promise<{ readonly kB: number; readonly firstRowMs: number }> {
  const sizes: Promise<number>[] = [];
  const count = (response: { url(): string; request(): { sizes(): Promise<{ responseBodySize: number }> } }): void => {
    if (!response.url().includes('/api/'))
      sizes.push(
        response
          .request()
          .sizes()
          .then(({ responseBodySize }) => responseBodySize),
      );
  };
  page.on('response', count);
  await page.addInitScript(`
    new MutationObserver(() => { if (window.firstRowAt === undefined && document.querySelector('.grid-row')) window.firstRowAt = performance.now(); })
      .observe(document, { childList: true, subtree: true });`);
  await page.goto(`${url}/fleet`);
  await page.locator('.grid-row').first().waitFor({ timeout: 30_000 });
  const firstRowMs = Number(await page.evaluate('window.firstRowAt'));
  page.off('response', count);
  const bytes = await Promise.all(sizes);
  return { kB: bytes.reduce((sum, size) => sum + size, 0) / 1000, firstRowMs };
}

async function taskSeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

/** Frames and how busy the main thread was, while lines change. */
async function smoothness(page: Page): Promise<{ readonly fps: number; readonly busyPercent: number; readonly worstMs: number }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const before = await taskSeconds(cdp);
  const frames: number[] = JSON.parse(
    String(
      await page.evaluate(`new Promise((done) => {
        const gaps = []; let last = performance.now(); const end = last + ${WINDOW_MS};
        const frame = (now) => { gaps.push(now - last); last = now; if (now < end) requestAnimationFrame(frame); else done(JSON.stringify(gaps)); };
        requestAnimationFrame(frame);
      })`),
    ),
  );
  const busy = (await taskSeconds(cdp)) - before;
  const total = frames.reduce((sum, gap) => sum + gap, 0);
  return { fps: (frames.length / total) * 1000, busyPercent: (busy / (total / 1000)) * 100, worstMs: Math.max(...frames) };
}

interface Target {
  readonly port: number;
  readonly key: string;
}

/** Latencies of the API, V8 warm and connections open. */
async function apiLatencies(client: Part, { port, key }: Target, paths: readonly string[]): Promise<readonly number[]> {
  const load = { do: 'askApi', port, key, paths, perSecond: API_PER_SECOND } as const;
  await client.ask({ ...load, ms: API_WARM_MS });
  return client.ask({ ...load, ms: API_MS });
}

/** The limit: a server of its own process that answers as many bytes, from memory, to the same client. */
async function bareLatencies(client: Part, csms: Target, paths: readonly string[]): Promise<readonly number[]> {
  const sizes: Record<string, number> = {};
  for (const path of paths) {
    const answer = await fetch(`http://127.0.0.1:${csms.port}${path}`, { headers: { authorization: `Bearer ${csms.key}` } });
    sizes[path] = (await answer.arrayBuffer()).byteLength;
  }
  const code = `const answers = new Map(Object.entries(${JSON.stringify(sizes)}).map(([path, size]) => [path, Buffer.alloc(size, 32)]));
    const server = require('node:http').createServer((request, answer) => answer.setHeader('content-type', 'application/json').end(answers.get(request.url)));
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const bare = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = await once(bare.stdout, 'data');
    return await apiLatencies(client, { port: Number(String(port)), key: csms.key }, paths);
  } finally {
    bare.kill();
  }
}

/** The page of the fleet while its stations send; the browser is gone afterwards. */
async function lookAtFleet(served: Served, load: Part): Promise<{ readonly row: Row; readonly targets: readonly Result[] }> {
  const browser = await openBrowser({ width: 1400, height: 900, colorScheme: 'light' });
  try {
    const url = `http://127.0.0.1:${served.csms.httpPort}`;
    const page = await browser.context.newPage();
    await page.goto(url);
    await page.getByLabel('Name').fill('admin');
    await page.getByLabel('Password').first().fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const cold = await (await browser.context.browser()?.newContext({ storageState: await browser.context.storageState() }))?.newPage();
    progress('the first load');
    const first = await firstLoad(cold ?? page, url);
    progress(`${UPDATES} events a second, the fleet is looked at`);
    const window = load.ask({ do: 'run', ms: WINDOW_MS + 4_000, pids: [served.pid], offered: UPDATES });
    await sleep(2_000);
    const smooth = await smoothness(cold ?? page);
    const { answered, seconds } = await window;
    return {
      row: {
        stations: STATIONS,
        'events/s': round(answered / seconds),
        'first load kB': round(first.kB),
        'first row ms': round(first.firstRowMs),
        fps: round(smooth.fps, 1),
        'main thread %': round(smooth.busyPercent, 1),
        'worst frame ms': round(smooth.worstMs, 1),
      },
      targets: [
        atMost('memory', 'first load, compressed', 300, round(first.kB), ' kB'),
        atMost('time', 'first row', 1_500, round(first.firstRowMs), ' ms'),
        atLeast('ratio', 'frames per second (below 40 is red)', 55, round(smooth.fps, 1)),
        atMost('time', 'main thread busy', 20, round(smooth.busyPercent, 1), ' %'),
      ],
    };
  } finally {
    await browser.close();
  }
}

/** The API with its stations connected, and a bare server beside it. */
async function askApi({ csms }: Served, stationId: string): Promise<{ readonly row: Row; readonly targets: readonly Result[] }> {
  const client = Part.start('api');
  try {
    progress(`${API_PER_SECOND} requests a second`);
    const paths = [`/stations/${stationId}`, '/transactions?limit=20', `/stations/${stationId}/connectors`, '/session'];
    const addresses = paths.map((path) => `/api/v1${path}`);
    const target = { port: csms.httpPort, key: csms.apiKey };
    const times = await apiLatencies(client, target, addresses);
    progress('the same of a bare server');
    const bare = await bareLatencies(client, target, addresses);
    const p99 = round(percentile(times, 0.99), 1);
    return {
      row: {
        'API requests/s': API_PER_SECOND,
        'p50 ms': round(median(times), 1),
        'p99 ms': p99,
        'bare p50 ms': round(median(bare), 1),
        'bare p99 ms': round(percentile(bare, 0.99), 1),
      },
      targets: [atMost('time', `API p99 at ${API_PER_SECOND.toLocaleString('en')} requests/s`, 20, p99, ' ms')],
    };
  } finally {
    await client.stop();
  }
}

async function measure(folder: string): Promise<Findings> {
  process.env['BUSBAR_ADMIN_PASSWORD'] = PASSWORD;
  const served = await startServe(join(folder, 'data'));
  const load = Part.start('load');
  try {
    progress(`${STATIONS} stations are registered and connect`);
    const stations = await register(served, STATIONS);
    await load.ask({ do: 'connect', port: served.csms.ocppPort, stations, atOnce: 50 });
    await load.ask({ do: 'begin' });
    const page = await lookAtFleet(served, load);
    const api = await askApi(served, stations[0]?.id ?? '');
    return {
      about: `The fleet page with ${STATIONS.toLocaleString('en')} connected stations, of which ${UPDATES} a second send a TransactionEvent; Chromium on the same machine. Then, without it, the API to a client of its own process, in turn: a station, its connectors, the last 20 transactions, who am I; ${API_WARM_MS / 1000} s before it count for nothing.`,
      rows: [page.row, api.row],
      targets: [...page.targets, ...api.targets],
      notes: [],
    };
  } finally {
    await load.stop();
    await served.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'busbar-bench-console-'));
try {
  const flags = { full: false, progress, command: 'npm run bench:console -- --json' };
  const result = await runBench('console', () => measure(folder), flags);
  process.stdout.write(values.json === true ? `${JSON.stringify(result)}\n` : renderBench(result, { colour: process.stdout.isTTY }));
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
  if (values.check === true && result.targets.some(({ tolerable }) => !tolerable)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
