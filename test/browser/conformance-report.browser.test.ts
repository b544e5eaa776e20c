import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { htmlReport } from '../../packages/conformance/src/report/html.ts';
import { exampleFacts, exampleReport, HOSTILE } from '../../packages/conformance/src/report/report-example.ts';
import { chromiumPath, type OpenBrowser, openBrowser } from '../../scripts/browser.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

describe.skipIf(chromiumPath() === undefined)('the HTML report of the conformance kit', () => {
  let browser: OpenBrowser;
  let folder = '';
  beforeAll(async () => {
    browser = await openBrowser({ width: 1200, height: 900, colorScheme: 'light' });
    folder = mkdtempSync(join(tmpdir(), 'busbar-report-'));
    writeFileSync(join(folder, 'csms.html'), htmlReport(exampleReport(HOSTILE.repeat(20)), exampleFacts(HOSTILE)));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 360],
    ['dark', 360],
  ] as const)('%s, %i px wide: nothing axe complains of, nothing too wide, nothing asked for, nothing run', async (colorScheme, width) => {
    const page = await browser.context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => asked.push(message.text()));
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const url = pathToFileURL(join(folder, 'csms.html')).href;
    await page.goto(url);
    expect(asked).toEqual([url]);
    await page.evaluate(`document.querySelectorAll('details').forEach((one) => one.setAttribute('open', ''))`);
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBeLessThanOrEqual(0);
    await page.evaluate(readFileSync(AXE, 'utf8')); // not a script of the page: its security policy stays as it is
    const violations: unknown = await page.evaluate(
      'axe.run({ preload: false }).then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))',
    );
    expect(violations).toEqual([]);
    await page.close();
  });
});
