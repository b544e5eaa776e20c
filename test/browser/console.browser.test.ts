import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath } from '../../scripts/browser.ts';
import { accessible, CARD, ConsoleLab, fits } from './testing/console-lab.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const required = (process.env['BUSBAR_REQUIRE'] ?? '').split(',').includes('chromium');
const absent = chromiumPath() === undefined;
/** What a station may call itself is the station's choice: no spaces and no slashes in the id, anything in the rest. */
const HOSTILE = { id: "<img&src='x'onerror=hacked()>", vendorName: '<script>hacked()</script>', model: '<b>bold</b>"&amp;' };

let lab: ConsoleLab;

test.skipIf(!required)('BUSBAR_REQUIRE=chromium: there is one', () => {
  expect(chromiumPath()).toBeDefined();
});

describe.skipIf(absent)(`the console${absent ? ' (skipped: no Chromium here; install it, or name one in CHROMIUM)' : ''}`, () => {
  let transactionId = '';

  beforeAll(async () => {
    lab = await ConsoleLab.start();
    const { station, hardware } = await lab.station('PAGE-1');
    hardware.plug(1, 1, { readyAfterS: 0 });
    hardware.presentToken({ evse: 1, ...CARD });
    await lab.csms.http.useCases.createStation({ id: 'LATER-1' }, 'test');
    await lab.place(1, 53.54, 9.99);
    const { vendorName, model } = HOSTILE;
    await lab.socket(
      HOSTILE.id,
      JSON.stringify([2, '<i>1', 'BootNotification', { reason: 'PowerUp', chargingStation: { vendorName, model } }]),
      '<script>hacked()</script>',
    );
    await vi.waitUntil(() => lab.csms.csms.kernel.stations.get(HOSTILE.id)?.record.model === model, 10_000);
    await vi.waitUntil(() => station.facts().evses[0]?.flow === 'flowing', 20_000);
    const { read } = lab.csms.csms.kernel;
    await vi.waitUntil(async () => (await read.transactions({ state: 'active', limit: 1 })).length === 1, 10_000);
    transactionId = (await read.transactions({ state: 'active', limit: 1 }))[0]?.txid ?? '';
  });
  afterAll(() => lab?.close());

  test('shows what charges as it charges: counters, power, a session that grows', async () => {
    await lab.look('/', {}, async (page) => {
      await page.getByText(/^Live/).first().waitFor();
      await page.getByRole('link', { name: /^1\s*charging/ }).waitFor();
      await page.getByRole('link', { name: 'Fleet' }).click();
      await page
        .getByRole('row', { name: /PAGE-1/ })
        .getByText('Charging')
        .waitFor();
      await page.getByRole('link', { name: 'PAGE-1' }).click();
      const energy = page.locator('.key', { hasText: 'kWh' });
      await energy.waitFor();
      const before = (await energy.textContent()) ?? '';
      await vi.waitUntil(async () => (await energy.textContent()) !== before, 20_000);
    });
  });

  test('what a hostile station says is text', async () => {
    await lab.look('/fleet', {}, async (page) => {
      const row = page.getByRole('row').filter({ hasText: HOSTILE.model });
      await row.waitFor();
      expect(await row.getByRole('cell').first().textContent()).toBe(`${HOSTILE.id} ${HOSTILE.model}`);
      await row.getByRole('link').click();
      await page.getByRole('heading', { level: 1 }).filter({ hasText: HOSTILE.vendorName }).waitFor();
      expect(await page.locator('main img, main script, main b:has-text("bold")').count()).toBe(0);
    });
  });

  const PAGES = [
    ['the overview', () => '/', 'Overview'],
    ['the fleet', () => '/fleet', 'Fleet'],
    ['a station', () => '/stations/PAGE-1', 'PAGE-1'],
    ['the map', () => '/map', 'Map'],
    ['adding a station', () => '/fleet/add', 'Add a station'],
    ['waiting for it', () => '/fleet/add/LATER-1', 'LATER-1'],
    ['virtual stations', () => '/virtual', 'Virtual stations'],
    ['sessions', () => '/sessions', 'Sessions'],
    ['a session', () => `/sessions/PAGE-1/${transactionId}`, 'Session'],
  ] as const;
  test.each(PAGES)('%s: axe finds nothing, nothing sticks out; light and dark, desk and phone', async (_, path, heading) => {
    for (const [colorScheme, width] of [
      ['light', 1400],
      ['dark', 1400],
      ['light', 390],
      ['dark', 390],
    ] as const) {
      await lab.look(path(), { colorScheme, width }, async (page) => {
        await page.getByRole('heading', { level: 1 }).filter({ hasText: heading }).waitFor();
        await page.getByText(/^Live/).first().waitFor();
        await accessible(page);
        await fits(page, width);
      });
    }
  });

  test('without a sign-in there is a door and nothing else; a wrong password says so', async () => {
    const { context, close } = await (await import('../../scripts/browser.ts')).openBrowser({
      width: 1400,
      height: 900,
      colorScheme: 'light',
    });
    try {
      const page = await context.newPage();
      await page.goto(`${lab.url}/fleet`);
      await page.getByLabel('Name').fill('admin');
      await page.getByLabel('Password').first().fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      expect(await page.getByText('PAGE-1').count()).toBe(0);
      await accessible(page);
    } finally {
      await close();
    }
  });

  test('a used ticket opens nothing', async () => {
    const url = `${lab.url}/?ticket=${lab.csms.http.access.ticket()}`;
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(401);
  });
});
