import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBrowser } from '../../scripts/browser.ts';
import { accessible, ConsoleLab } from '../browser/testing/console-lab.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let lab: ConsoleLab;
beforeAll(async () => {
  lab = await ConsoleLab.start({ onboardingInventory: true });
  await lab.station('CONF-1');
  await lab.station('CONF-2');
  const known = async (id: string) =>
    (await lab.csms.csms.kernel.read.variables(lab.csms.csms.kernel.stations.get(id)?.record.row ?? 0)).length;
  await vi.waitUntil(async () => (await known('CONF-1')) > 50 && (await known('CONF-2')) > 50, 30_000);
});
afterAll(() => lab?.close());

describe('9: tokens', () => {
  test('a file is tried first: what is new, what is wrong and why; then it is done', async () => {
    await lab.look('/tokens', {}, async (page) => {
      await page.getByRole('button', { name: 'Import a file' }).click();
      const csv = 'type,idToken,status\r\nISO14443,FILECARD1,Accepted\r\nISO14443,FILECARD2,Accepted\r\nISO14443,FILECARD3,Perhaps\r\n';
      await page.locator('input[type=file]').setInputFiles({ name: 'cards.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
      const dialog = page.getByRole('dialog');
      await dialog.getByText('wrong', { exact: true }).first().waitFor();
      await accessible(page);
      expect(await lab.csms.csms.kernel.read.token('ISO14443', 'FILECARD1')).toBeUndefined();
      await dialog.getByRole('button', { name: 'Import 2 tokens' }).click();
      await dialog.getByText('2 added, 0 changed.').waitFor();
      await page.keyboard.press('Escape');
      await page.getByText('FILECARD2').waitFor();
      expect(await lab.csms.csms.kernel.read.token('ISO14443', 'FILECARD3')).toBeUndefined();
    });
  });
});

describe('11: who may what', () => {
  test('a viewer sees everything and no button of his works; what an administrator does stands in the audit', async () => {
    await lab.look('/users', {}, async (page) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
    });
    const { body } = await lab.api('POST', '/users', { name: 'vera', shownName: 'Vera', role: 'viewer', password: 'a-password-of-vera-1' });
    expect(body).toMatchObject({ name: 'vera', role: 'viewer' });
    const { context, close } = await openBrowser({ width: 1400, height: 900, colorScheme: 'light' });
    try {
      const page = await context.newPage();
      await page.goto(`${lab.url}/stations/CONF-1`);
      await page.getByLabel('Name').fill('vera');
      await page.getByLabel('Password').first().fill('a-password-of-vera-1');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: /CONF-1/ }).waitFor();
      expect(await page.getByRole('button', { name: 'Reset now' }).isDisabled()).toBe(true);
      expect(
        await page.evaluate(
          `fetch('/api/v1/stations/CONF-1/calls/Reset', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"type":"Immediate"}' }).then((answer) => answer.status)`,
        ),
      ).toBe(403);
    } finally {
      await close();
    }
    await lab.look('/audit', {}, async (page) => {
      await page.getByRole('row').filter({ hasText: 'createUser' }).first().waitFor();
      await page.getByRole('row').filter({ hasText: 'person:vera' }).filter({ hasText: 'forbidden' }).first().waitFor();
      const file = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Export CSV' }).click();
      expect(readFileSync(await (await file).path(), 'utf8')).toMatch(/^id,at,actor,action,target,reason,result\r\n[^]*person:vera/);
    });
  });

  test('a person of one site sees its stations, works with them, and reads why he sees no tokens', async () => {
    await lab.api('POST', '/sites', { name: 'South', zone: 'Europe/Berlin', currency: 'EUR' });
    await lab.api('PATCH', '/stations/CONF-2', { site: 2 });
    await lab.api('POST', '/users', { name: 'sven', role: 'operator', sites: [2], password: 'a-password-of-sven-1' });
    const { context, close } = await openBrowser({ width: 1400, height: 900, colorScheme: 'light' });
    try {
      const page = await context.newPage();
      await page.goto(`${lab.url}/fleet`);
      await page.getByLabel('Name').fill('sven');
      await page.getByLabel('Password').first().fill('a-password-of-sven-1');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('link', { name: 'CONF-2' }).waitFor();
      expect(await page.getByRole('link', { name: 'CONF-1' }).count()).toBe(0);
      await page.getByRole('checkbox', { name: /CONF-2/ }).check();
      await page.getByRole('button', { name: 'Set variables' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Component').fill('OCPPCommCtrlr');
      await dialog.getByLabel('Variable', { exact: true }).fill('HeartbeatInterval');
      await dialog.getByLabel('Value').fill('240');
      await dialog.getByRole('button', { name: /1 station/ }).click();
      await page
        .getByText(/1 (?:of 1|done)/)
        .first()
        .waitFor();
      await page.goto(`${lab.url}/tokens`);
      await page.getByText('This is about all sites; you may see one of them.').waitFor();
      expect(await page.getByRole('button', { name: 'Add a token' }).isDisabled()).toBe(true);
      await accessible(page);
      await page.goto(`${lab.url}/stations/CONF-1`);
      await page.getByText('No station CONF-1 is known here').waitFor();
    } finally {
      await close();
    }
  });
});

describe('13: the device model', () => {
  test('a value is set, and what the station has then is read back', async () => {
    await lab.look('/stations/CONF-1/configuration?q=HeartbeatInterval', {}, async (page) => {
      await page
        .getByRole('button', { name: /HeartbeatInterval/ })
        .first()
        .click();
      const panel = page.getByRole('complementary');
      const value = panel.getByLabel('New value');
      await value.fill('120');
      await panel.getByRole('button', { name: 'Set and read back' }).click();
      await panel.getByText('Accepted').first().waitFor();
      await page.getByRole('row').filter({ hasText: 'HeartbeatInterval' }).getByText('120').first().waitFor();
      await accessible(page);
    });
  });
});

describe('14: stations that differ', () => {
  test('a template from one station, the drift of the other, and one press that makes them alike', async () => {
    await lab.look('/configuration', {}, async (page) => {
      await page.getByRole('button', { name: 'From a station' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('combobox', { name: 'Station' }).click();
      await page.getByRole('option', { name: /CONF-1/ }).click();
      await dialog.getByRole('textbox', { name: 'Name' }).fill('As CONF-1');
      await dialog.getByRole('button', { name: 'Make the template' }).click();
      await page.getByText(/1 station differs in \d+ variable/).waitFor();
      await page.getByRole('button', { name: /^Fix 1/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Set 1 station' }).click();
      await page.getByText('is over').first().waitFor();
      await accessible(page);
      await page.getByRole('button', { name: 'Edit' }).click();
      const editor = page.getByRole('dialog');
      await editor.getByRole('searchbox', { name: 'Filter variables' }).fill('HeartbeatInterval');
      await editor.getByRole('textbox', { name: 'Value of OCPPCommCtrlr.HeartbeatInterval' }).fill('300');
      await editor.getByRole('textbox', { name: 'One more variable' }).fill('OCPPCommCtrlr');
      await editor.getByText('Component.Variable, such as Connector@1.1.Available').waitFor();
      await editor.getByRole('textbox', { name: 'One more variable' }).fill('TxCtrlr.EVConnectionTimeOut');
      await editor.getByText('It is in the template already.').waitFor();
      await editor.getByRole('textbox', { name: 'One more variable' }).fill('Nowhere@2.1.Nothing[x]');
      await editor.getByRole('textbox', { name: 'Value', exact: true }).fill('1');
      await editor.getByRole('button', { name: 'Add' }).click();
      await editor.getByRole('button', { name: 'JSON' }).click();
      await editor.getByText(/"connectorId": 1/).waitFor();
      await accessible(page);
      await editor.getByRole('button', { name: 'Table' }).click();
      await editor.getByRole('searchbox', { name: 'Filter variables' }).fill('Nowhere');
      await editor.getByRole('button', { name: 'Take Nowhere@2.1.Nothing[x] out' }).click();
      await accessible(page);
      await editor.getByRole('button', { name: 'Save template' }).click();
      await page.getByText('2 stations differ in 1 variable.').waitFor();
    });
    const row = lab.csms.csms.kernel.stations.get('CONF-2')?.record.row ?? 0;
    const of = (await lab.csms.csms.kernel.read.variables(row)).find(({ variable }) => variable === 'HeartbeatInterval');
    expect(of?.value).toBe('120');
  });
});
