// `npm run screenshot`: starts `busbar up` on free ports, waits until something charges, and takes the picture of the README.
// With --all it also takes the dark and the narrow one, into a temporary folder, for people who change the page.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Look, openBrowser } from './browser.ts';

const root = join(import.meta.dirname, '..');
const MOST_BYTES = 150_000;
const folder = mkdtempSync(join(tmpdir(), 'busbar-picture-'));
const all = process.argv.includes('--all');

const up = spawn(
  process.execPath,
  ['packages/cli/src/main.ts', 'up', '--data', join(folder, 'data'), '--ocpp-port', '0', '--http-port', '0'],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
);

function pageUrl(): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    up.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [url] = /http:\S+ticket=\S+/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    up.once('exit', (code) => reject(new Error(`busbar up ended with ${code}: ${said}`)));
  });
}

const LOOKS: readonly (Look & { readonly file: string })[] = [
  { width: 1200, height: 900, colorScheme: 'light', file: join(root, 'docs/images/live.png') },
  ...(all
    ? ([
        { width: 1200, height: 900, colorScheme: 'dark', file: join(tmpdir(), 'busbar-live-dark.png') },
        { width: 390, height: 844, colorScheme: 'light', file: join(tmpdir(), 'busbar-live-narrow.png') },
        { width: 390, height: 844, colorScheme: 'dark', file: join(tmpdir(), 'busbar-live-narrow-dark.png') },
      ] as const)
    : []),
];

try {
  const url = await pageUrl();
  const { context, close } = await openBrowser({ width: 1200, height: 900, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(url);
  // Two that ended, and two that charge with energy on their registers already.
  await page.locator('#ended tr', { hasText: 'kWh' }).nth(1).waitFor({ timeout: 120_000 });
  await page
    .locator('#running tr')
    .filter({ hasText: 'Charging' })
    .filter({ hasText: /\.\d\d[1-9] kWh|\.\d[1-9]\d kWh|[1-9]\d* kWh/ })
    .nth(1)
    .waitFor({ timeout: 120_000 });
  for (const { width, height, colorScheme, file } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: file });
    const { size } = statSync(file);
    process.stdout.write(`${file} ${width}×${height} ${colorScheme}, ${Math.ceil(size / 1000)} kB\n`);
    if (size > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES / 1000} kB`);
  }
  await close();
} finally {
  const ended = new Promise((resolve) => up.once('exit', resolve));
  if (up.exitCode === null) {
    up.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}
