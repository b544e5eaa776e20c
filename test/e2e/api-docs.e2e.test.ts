import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { accessible, ConsoleLab, fits } from '../browser/testing/console-lab.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let lab: ConsoleLab;
beforeAll(async () => {
  lab = await ConsoleLab.start();
});
afterAll(() => lab?.close());

test('a route is found, filled in and tried; the answer stands beside the same as curl', async () => {
  await lab.look('/api/docs', {}, async (page) => {
    await page.getByLabel('Find a route').fill('put token');
    await page.getByRole('link', { name: 'PUT /tokens/{type}/{idToken}' }).click();
    const tryIt = page.getByRole('button', { name: 'Try it' });
    expect(await tryIt.isDisabled()).toBe(true);
    await page.getByText('Still empty: type, idToken').waitFor();
    await page.getByRole('textbox', { name: 'type', exact: true }).fill('ISO14443');
    await page.getByRole('textbox', { name: 'idToken', exact: true }).fill('TRY 1');
    await page.getByLabel('The body as JSON').fill('{"status":"Blocked"}');
    await tryIt.click();
    await page.getByText('200 OK').waitFor();
    await page.getByLabel('As curl').getByText(`--data-binary '{"status":"Blocked"}'`).first().waitFor();
    expect(await lab.csms.csms.kernel.read.token('ISO14443', 'TRY 1')).toMatchObject({ status: 'Blocked' });
    await accessible(page);
    await fits(page, 1400);
  });
});

test('the next page of a list is in the header Link', async () => {
  await lab.csms.http.useCases.createStation({ id: 'TRY-1' }, 'test');
  await lab.csms.http.useCases.createStation({ id: 'TRY-2' }, 'test');
  await lab.look('/api/docs?operation=listStations', { colorScheme: 'dark', width: 390 }, async (page) => {
    await page.getByRole('button', { name: '+ limit' }).click();
    await page.getByRole('textbox', { name: 'limit' }).fill('1');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText(/rel="next"/).waitFor();
    await page.getByText('"TRY-1"').waitFor();
    await accessible(page);
    await fits(page, 390);
  });
});

test('what takes something away is asked about first', async () => {
  await lab.look('/api/docs?operation=deleteStation', {}, async (page) => {
    await page.getByRole('textbox', { name: 'stationId' }).fill('TRY-2');
    await page.getByRole('button', { name: 'Try it' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('DELETE /api/v1/stations/TRY-2').waitFor();
    expect((await lab.api('GET', '/stations/TRY-2')).status).toBe(200);
    await accessible(page);
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await page.getByText('204').waitFor();
    await page.getByText('The answer has no body.').waitFor();
    expect((await lab.api('GET', '/stations/TRY-2')).status).toBe(404);
  });
});

test('a stream is shown while it comes, until it is stopped', async () => {
  await lab.look('/api/docs?operation=events', {}, async (page) => {
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('content-type: text/event-stream').first().waitFor();
    await lab.csms.http.useCases.createStation({ id: 'TRY-3' }, 'test');
    await page.getByText(/"stationId":"TRY-3"/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  });
});
