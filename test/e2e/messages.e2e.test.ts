import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accessible, ConsoleLab } from '../browser/testing/console-lab.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let lab: ConsoleLab;
beforeAll(async () => {
  lab = await ConsoleLab.start();
  await lab.station('TALK-1');
  await lab.station('TALK-2');
});
afterAll(() => lab?.close());

describe('4: what was said', () => {
  test('CALL and answer are one row with its latency; it opens on both frames', async () => {
    await lab.look('/stations/TALK-1/messages', {}, async (page) => {
      const row = page.getByRole('row').filter({ hasText: 'BootNotification' }).first();
      await row.getByText('Accepted').waitFor();
      await row.getByRole('button', { name: 'BootNotification' }).click();
      await page.locator('pre').filter({ hasText: '"chargingStation"' }).waitFor();
      expect(await page.locator('pre').count()).toBe(2);
      await accessible(page);
    });
  });

  test('a frame that does not fit the schema is said in words, with what was allowed', async () => {
    await lab.socket(
      'WRONG-1',
      JSON.stringify([2, '1', 'BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } }]),
      JSON.stringify([
        2,
        '2',
        'StatusNotification',
        { timestamp: '2026-11-22T02:10:00Z', connectorStatus: 'Free', evseId: 1, connectorId: 1 },
      ]),
    );
    await lab.look('/stations/WRONG-1/messages', {}, async (page) => {
      const row = page.getByRole('row').filter({ hasText: 'StatusNotification' }).first();
      await row.getByRole('button', { name: 'StatusNotification' }).click();
      await page
        .getByText(/connectorStatus/)
        .first()
        .waitFor();
      await page
        .getByText(/Available/)
        .first()
        .waitFor();
      await accessible(page);
    });
  });

  test('the search is the address, and the same goes out as JSONL', async () => {
    await lab.look('/messages', {}, async (page) => {
      await page.getByRole('searchbox').fill('BootNotification');
      await page.waitForURL(/q=BootNotification/);
      await page.getByRole('row').filter({ hasText: 'TALK-2' }).first().waitFor();
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Export JSONL' }).click();
      const lines = readFileSync(await (await download).path(), 'utf8')
        .trim()
        .split('\n');
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.every((line) => 'frame' in JSON.parse(line))).toBe(true);
    });
  });
});

describe('5: any message', () => {
  test('a form with its required fields, and what the station said to it', async () => {
    await lab.look('/send?stationId=TALK-1&action=Reset', {}, async (page) => {
      await page.getByText('1 required field is empty').waitFor();
      await page.getByRole('combobox', { name: 'type' }).click();
      await page.getByRole('option', { name: 'OnIdle' }).click();
      await page.getByText(/Fits the schema/).waitFor();
      await page.getByRole('button', { name: 'Send to TALK-1' }).click();
      await page.getByRole('region', { name: 'Result' }).getByText('Accepted').first().waitFor();
    });
  });

  test('JSON and form are one message: what is typed on one side stands on the other', async () => {
    await vi.waitUntil(async () => Object(await lab.api('GET', '/stations/TALK-1')).body.connected === true, 30_000);
    await lab.look('/send?stationId=TALK-1&action=GetVariables', {}, async (page) => {
      await page
        .getByRole('textbox', { name: /JSON/ })
        .fill('{"getVariableData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}');
      await page.getByText(/Fits the schema/).waitFor();
      const names = page.getByRole('textbox', { name: /^name/ });
      await vi.waitUntil(async () => (await names.count()) >= 2, 10_000);
      expect(await names.first().inputValue()).toBe('OCPPCommCtrlr');
      await page.keyboard.press('Control+Enter');
      await page
        .getByRole('region', { name: 'Result' })
        .getByText(/Answered|Accepted/)
        .first()
        .waitFor();
      await accessible(page);
    });
  });
});

describe('7: many at once', () => {
  test('two stations are reset as a job with a result for each, which is there after a reload', async () => {
    await lab.look('/fleet?q=TALK', {}, async (page) => {
      await page.getByText('2 of').waitFor();
      await page.getByRole('checkbox', { name: /TALK-1/ }).check();
      await page.getByRole('checkbox', { name: /TALK-2/ }).check();
      await page.getByRole('button', { name: 'Reset' }).first().click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Reset/ })
        .click();
      const job = page.getByRole('region', { name: /^Job/ });
      await job.getByText(/2 done/).waitFor();
      await page.reload();
      await job.getByText(/2 done/).waitFor();
      await accessible(page);
    });
  });
});
