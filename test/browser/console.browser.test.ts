import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath, openBrowser } from '../../scripts/browser.ts';
import { accessible, ConsoleLab } from './testing/console-lab.ts';
import { furnish, inOrder } from './testing/console-pages.ts';

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
    transactionId = await furnish(lab);
    const { vendorName, model } = HOSTILE;
    await lab.socket(
      HOSTILE.id,
      JSON.stringify([2, '<i>1', 'BootNotification', { reason: 'PowerUp', chargingStation: { vendorName, model } }]),
      '<script>hacked()</script>',
    );
    await vi.waitUntil(() => lab.csms.csms.kernel.stations.get(HOSTILE.id)?.record.model === model, 10_000);
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
      expect(
        await row
          .getByRole('cell')
          .filter({ has: page.getByRole('link') })
          .first()
          .textContent(),
      ).toBe(`${HOSTILE.id} ${HOSTILE.model}`);
      await row.getByRole('link').click();
      await page.getByRole('heading', { level: 1 }).filter({ hasText: HOSTILE.vendorName }).waitFor();
      expect(await page.locator('main img, main script, main b:has-text("bold")').count()).toBe(0);
    });
  });

  // All pages in all looks: `npm run e2e`.
  test.each([
    ['/', 'Overview'],
    ['/fleet', 'Fleet'],
    ['/stations/PAGE-1', 'PAGE-1'],
    ['/sessions/PAGE-1/SESSION', 'Session'],
  ])('%s: axe finds nothing, nothing sticks out; at a desk and on a phone', (path, heading) =>
    inOrder(lab, path.replace('SESSION', transactionId), heading, [
      { colorScheme: 'light', width: 1400 },
      { colorScheme: 'dark', width: 390 },
    ]),
  );

  test('without a sign-in there is a door and nothing else; a wrong password says so', async () => {
    const { context, close } = await openBrowser({
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
