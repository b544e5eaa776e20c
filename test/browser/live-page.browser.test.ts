import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeNetwork } from '@busbar/protocol/node';
import { Secret, silentLog } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readServeConfig } from '../../packages/cli/src/config.ts';
import { type RunningCsms, startCsms } from '../../packages/cli/src/serve.ts';
import { StationHost } from '../../packages/cli/src/station-host.ts';
import { chromiumPath, type OpenBrowser, openBrowser } from '../../scripts/browser.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const required = (process.env['BUSBAR_REQUIRE'] ?? '').split(',').includes('chromium');
const absent = chromiumPath() === undefined;
const CARD = { type: 'ISO14443', idToken: 'BROWSER01' } as const;
/** What a station may call itself is the station's choice: no spaces and no slashes in the id, anything in the rest. */
const HOSTILE = { id: "<img&src='x'onerror=hacked()>", vendorName: '<script>hacked()</script>', model: '<b>bold</b>"&amp;' };

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const closers: (() => Promise<void> | void)[] = [];
let csms: RunningCsms;
let host: StationHost;
let browser: OpenBrowser;

test.skipIf(!required)('BUSBAR_REQUIRE=chromium: there is one', () => {
  expect(chromiumPath()).toBeDefined();
});

/** A station that boots with markup for names, says something that is no frame, and one nobody knows that is refused. */
async function hostileStation(): Promise<void> {
  const { password = '' } = await csms.http.useCases.createStation({ id: HOSTILE.id }, 'test');
  const dial = (id: string) =>
    nodeNetwork().dial({
      url: `ws://127.0.0.1:${csms.ports.ocpp}/ocpp/${encodeURIComponent(id)}`,
      subprotocols: ['ocpp2.0.1'],
      basic: { user: id, password: new Secret(password) },
      deflate: false,
      timeoutMs: 5_000,
    });
  const socket = await dial(HOSTILE.id);
  closers.push(() => socket.close(1000, 'over'));
  const { vendorName, model } = HOSTILE;
  socket.send(JSON.stringify([2, '<i>1', 'BootNotification', { reason: 'PowerUp', chargingStation: { vendorName, model } }]));
  socket.send('<script>hacked()</script>');
  await vi.waitUntil(() => csms.csms.kernel.stations.get(HOSTILE.id)?.record.model === model, 10_000);
  await expect(dial('NOBODY-<b>')).rejects.toThrow('404');
}

/** Opens the page with a fresh ticket and looks; everything the browser complains of is collected. */
async function look(colorScheme: 'light' | 'dark', width: number, body: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.context.newPage();
  try {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    await page.addInitScript(`
      window.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
      window.hacked = () => { window.wasHacked = true; };`);
    await page.goto(`http://127.0.0.1:${csms.ports.http}/?ticket=${csms.http.access.ticket()}`);
    await body(page);
    expect(complaints).toEqual([]);
    expect(await page.evaluate('window.violations')).toEqual([]);
    expect(await page.evaluate('window.wasHacked === true')).toBe(false);
  } finally {
    await page.close();
  }
}

describe.skipIf(absent)(`the live page${absent ? ' (skipped: no Chromium here; install it, or name one in CHROMIUM)' : ''}`, () => {
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'busbar-page-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    csms = await startCsms(
      readServeConfig({ data: join(folder, 'data'), ocppPort: '0', httpPort: '0', logLevel: 'silent', onboardingInventory: false }, {}),
    );
    closers.push(() => csms.close());
    const { useCases } = csms.http;
    await useCases.putToken({ ...CARD, status: 'Accepted' }, 'test');
    const { password = '' } = await useCases.createStation({ id: 'PAGE-1' }, 'test');
    host = new StationHost(join(folder, 'stations'), silentLog, { synchronous: 'OFF' });
    closers.push(() => host.close());
    const { station, hardware } = host.add({
      id: 'PAGE-1',
      url: `ws://127.0.0.1:${csms.ports.ocpp}/ocpp`,
      password,
      versions: ['ocpp2.0.1'],
      deflate: false,
      topology: demoTopologies.dc150,
      variables: { 'SampledDataCtrlr.TxUpdatedInterval': '1' },
    });
    station.start();
    await vi.waitUntil(() => station.facts().registration === 'accepted', 20_000);
    hardware.plug(1, 1, { readyAfterS: 0 });
    hardware.presentToken({ evse: 1, ...CARD });
    browser = await openBrowser({ width: 1200, height: 900, colorScheme: 'light' });
    closers.push(browser.close);
    await hostileStation();
    await vi.waitUntil(() => station.facts().evses[0]?.flow === 'flowing', 20_000);
  });
  afterAll(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  test('whoever signs in from here may change things, and no script can read the cookie', async () => {
    await look('light', 1200, async (page) => {
      const ask = (method: string, path: string, body?: unknown) =>
        page.evaluate<number>(
          `fetch('/api/v1${path}', { method: '${method}', ${
            body === undefined ? '' : `headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify(body))}`
          } }).then(({ status }) => status)`,
        );
      expect(await ask('POST', '/session', { name: 'admin', password: csms.signIn?.password })).toBe(200);
      expect(await ask('PUT', '/session/settings', { language: 'de' })).toBe(200);
      expect(await page.evaluate('document.cookie')).toBe('');
      expect(await ask('DELETE', '/session')).toBe(204);
      await page.goto('about:blank'); // before the page itself notices that it is signed out
    });
  });

  test('shows stations and a running transaction with its power, and keeps the ticket out of the address', async () => {
    await look('light', 1200, async (page) => {
      const station = page.locator('#stations tr', { hasText: 'PAGE-1' });
      await station.getByText('Connected').waitFor();
      await station.getByText('Occupied').waitFor();
      const running = page.locator('#running tr', { hasText: 'PAGE-1' });
      await running.getByText('Charging').waitFor();
      await running.getByText(/^[1-9]\d*\.\d+ kW$/).waitFor();
      await page.locator('#live', { hasText: 'live' }).waitFor();
      expect(await page.locator('#c-charging').textContent()).toBe('1');
      expect(await page.locator('#c-refused').textContent()).toBe('–'); // a ticket is a viewer's: the list is not for it
      expect(new URL(page.url()).search).toBe('');
    });
  });

  test('what a hostile station says is text', async () => {
    await look('light', 1200, async (page) => {
      const station = page.locator('#stations tr', { hasText: HOSTILE.model });
      await station.waitFor();
      expect(await station.locator('td').first().textContent()).toBe(HOSTILE.id);
      expect(await station.locator('td').nth(3).textContent()).toBe(`${HOSTILE.vendorName} ${HOSTILE.model}`);
      expect(await page.locator('main img, main script, main b, main i').count()).toBe(0);
    });
  });

  test('moves by itself: energy grows while one looks', async () => {
    await look('dark', 1200, async (page) => {
      const energy = page.locator('#running tr', { hasText: 'PAGE-1' }).locator('td', { hasText: 'kWh' });
      await energy.waitFor();
      const before = (await energy.textContent()) ?? '';
      await page.locator('#running tr', { hasText: 'PAGE-1' }).filter({ hasNotText: before }).waitFor({ timeout: 20_000 });
    });
  });

  test('fits a telephone: nothing sticks out of the page', async () => {
    await look('dark', 390, async (page) => {
      await page.locator('#running tr', { hasText: 'PAGE-1' }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    });
  });

  test.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 390],
    ['dark', 390],
  ] as const)('accessible, %s, %i wide: axe finds nothing', async (colorScheme, width) => {
    await look(colorScheme, width, async (page) => {
      await page.locator('#running tr', { hasText: 'PAGE-1' }).getByText('Charging').waitFor();
      await page.locator('#live', { hasText: 'live' }).waitFor();
      await page.evaluate(readFileSync(AXE, 'utf8')); // not a script of the page: its security policy stays as it is
      const found = await page.evaluate(`axe.run({ preload: false }).then(({ violations, passes }) => ({
        passes: passes.length,
        violations: violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => [id, html, failureSummary])),
      }))`);
      expect(found).toMatchObject({ violations: [] });
      expect(Object(found).passes).toBeGreaterThan(10); // it did look
    });
  });

  test('a used ticket opens nothing', async () => {
    const ticket = csms.http.access.ticket();
    const url = `http://127.0.0.1:${csms.ports.http}/?ticket=${ticket}`;
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(401);
  });
});
