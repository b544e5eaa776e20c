import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeNetwork } from '@busbar/protocol/node';
import { Secret, silentLog } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { readServeConfig } from '../../../packages/cli/src/config-examine.ts';
import { type RunningCsms, startCsms } from '../../../packages/cli/src/serve.ts';
import { StationHost } from '../../../packages/cli/src/station-host.ts';
import { type OpenBrowser, openBrowser } from '../../../scripts/browser.ts';

export const ADMIN = { name: 'admin', password: 'a-password-for-tests-1' };
export const CARD = { type: 'ISO14443', idToken: 'BROWSER01' } as const;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface Look {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

/** A real CSMS with its console, stations that really charge, and a browser that is signed in. */
export class ConsoleLab {
  readonly csms: RunningCsms;
  readonly host: StationHost;
  readonly browser: OpenBrowser;
  readonly #closers: (() => Promise<void> | void)[];

  private constructor(csms: RunningCsms, host: StationHost, browser: OpenBrowser, closers: (() => Promise<void> | void)[]) {
    this.csms = csms;
    this.host = host;
    this.browser = browser;
    this.#closers = closers;
  }

  static async start(config: Readonly<Record<string, string | boolean>> = {}): Promise<ConsoleLab> {
    const closers: (() => Promise<void> | void)[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'busbar-console-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const csms = await startCsms(
      readServeConfig(
        {
          data: join(folder, 'data'),
          ocppPort: '0',
          httpPort: '0',
          logLevel: 'silent',
          onboardingInventory: false,
          adminPassword: ADMIN.password,
          ...config,
        },
        {},
      ),
      { synchronous: 'OFF' },
    );
    closers.push(() => csms.close());
    const host = new StationHost(join(folder, 'stations'), silentLog, { synchronous: 'OFF' });
    closers.push(() => host.close());
    const browser = await openBrowser({ width: 1400, height: 900, colorScheme: 'light' });
    closers.push(browser.close);
    await csms.http.useCases.putToken({ ...CARD, status: 'Accepted' }, 'test');
    const lab = new ConsoleLab(csms, host, browser, closers);
    await lab.#signIn();
    return lab;
  }

  get url(): string {
    return `http://127.0.0.1:${this.csms.ports.http}`;
  }

  /** A full station of ours, connected and accepted. */
  async station(id: string, topology: (typeof demoTopologies)[keyof typeof demoTopologies] = demoTopologies.dc150) {
    const { password = '' } = await this.csms.http.useCases.createStation({ id }, 'test');
    const made = this.host.add({
      id,
      url: `ws://127.0.0.1:${this.csms.ports.ocpp}/ocpp`,
      password,
      versions: ['ocpp2.0.1'],
      deflate: false,
      topology,
      variables: { 'SampledDataCtrlr.TxUpdatedInterval': '1' },
    });
    made.station.start();
    await vi.waitUntil(() => made.station.facts().registration === 'accepted', 20_000);
    return made;
  }

  /** The interface as an administrator's program uses it. */
  async api(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.csms.apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** Where a site stands. */
  async place(site: number, latitude: number, longitude: number): Promise<void> {
    await this.csms.csms.kernel.queue.commit([{ k: 'sitePatch', id: site, patch: { latitude, longitude } }]);
  }

  /** A bare socket under any name, with what the station sends first. */
  async socket(id: string, ...frames: readonly string[]) {
    const { password = '' } = await this.csms.http.useCases.createStation({ id }, 'test');
    const socket = await this.dial(id, password);
    for (const frame of frames) socket.send(frame);
    return socket;
  }

  /** Knocks under this id with this password. */
  async dial(id: string, password: string) {
    const socket = await nodeNetwork().dial({
      url: `ws://127.0.0.1:${this.csms.ports.ocpp}/ocpp/${encodeURIComponent(id)}`,
      subprotocols: ['ocpp2.0.1'],
      basic: { user: id, password: new Secret(password) },
      deflate: false,
      timeoutMs: 5_000,
    });
    this.#closers.push(() => socket.close(1000, 'over'));
    return socket;
  }

  /** The same browser profile stays signed in: the cookie is the profile's. */
  async #signIn(): Promise<void> {
    const page = await this.browser.context.newPage();
    await page.goto(this.url);
    await page.getByLabel('Name').fill(ADMIN.name);
    await page.getByLabel('Password').first().fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.close();
  }

  /** Opens an address and looks; whatever the browser complains of fails the test. */
  async look(path: string, { colorScheme = 'light', width = 1400 }: Look, body: (page: Page) => Promise<void>): Promise<void> {
    const page = await this.browser.context.newPage();
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
      await page.goto(this.url + path);
      await body(page);
      await quiet(page, complaints);
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }
}

/** The browser complained of nothing, the security policy held, no script of a station ran. */
async function quiet(page: Page, complaints: readonly string[]): Promise<void> {
  expect(complaints).toEqual([]);
  expect(await page.evaluate('window.violations')).toEqual([]);
  expect(await page.evaluate('window.wasHacked === true')).toBe(false);
}

/** axe finds nothing; it did look. */
export async function accessible(page: Page): Promise<void> {
  await page.evaluate(readFileSync(AXE, 'utf8')); // not a script of the page: its security policy stays as it is
  const found = await page.evaluate(`axe.run({ preload: false }).then(({ violations, passes }) => ({
    passes: passes.length,
    violations: violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => [id, html, failureSummary])),
  }))`);
  expect(found).toMatchObject({ violations: [] });
  expect(Object(found).passes).toBeGreaterThan(10);
}

/** Nothing sticks out of the page. */
export async function fits(page: Page, width: number): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
}
