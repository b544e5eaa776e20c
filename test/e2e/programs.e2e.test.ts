import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accessible, CARD, ConsoleLab } from '../browser/testing/console-lab.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let lab: ConsoleLab;
beforeAll(async () => {
  lab = await ConsoleLab.start({ webhookPrivate: true });
});
afterAll(() => lab?.close());

describe('26: keys for programs', () => {
  test('a key is shown once, opens what its role may, and opens nothing once it is revoked', async () => {
    await lab.look('/users', {}, async (page) => {
      await page.getByRole('button', { name: 'Make a key' }).click();
      const form = page.getByRole('dialog');
      await form.getByLabel('Name').fill('wall-display');
      await accessible(page);
      await form.getByRole('button', { name: 'Make key' }).click();
      const shown = page.getByRole('dialog').filter({ hasText: 'Key wall-display' });
      const key = await shown.locator('.secret').innerText();
      await shown.getByRole('button', { name: 'Done' }).click();
      const ask = async (method: string, path: string): Promise<number> => {
        const { status } = await fetch(`${lab.url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${key}` } });
        return status;
      };
      expect(await ask('GET', '/stations')).toBe(200);
      expect(await ask('DELETE', '/stations/NONE')).toBe(403);
      await page.getByRole('button', { name: 'Revoke wall-display' }).click();
      await page.getByRole('dialog').getByRole('button').last().click();
      await page.getByRole('row').filter({ hasText: 'wall-display' }).getByText('revoked').waitFor();
      expect(await ask('GET', '/stations')).toBe(401);
    });
  });
});

describe('27: webhooks', () => {
  test('a session of a station reaches the receiver, signed with the secret that was shown, and the log says so', async () => {
    const heard: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
    const receiver = createServer((request, answer) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.once('end', () => {
        heard.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
        answer.writeHead(204).end();
      });
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const url = `http://127.0.0.1:${Object(receiver.address()).port}/hook`;
    try {
      await lab.look('/webhooks', {}, async (page) => {
        await page.getByRole('button', { name: 'Add a webhook' }).first().click();
        const form = page.getByRole('dialog');
        await form.getByLabel('Address').fill(url);
        await form.getByLabel('session started').check();
        await accessible(page);
        await form.getByRole('button', { name: 'Add a webhook' }).click();
        const shown = page.getByRole('dialog').filter({ hasText: 'Secret of this webhook' });
        const secret = await shown.locator('.secret').innerText();
        await shown.getByRole('button', { name: 'Done' }).click();
        const { hardware } = await lab.station('HOOK-1');
        hardware.plug(1, 1, { readyAfterS: 0 });
        hardware.presentToken({ evse: 1, ...CARD });
        await vi.waitUntil(() => heard.length > 0, 20_000);
        const [{ headers, body } = { headers: {}, body: '' }] = heard;
        expect(JSON.parse(body)).toMatchObject({ type: 'busbar.transactionStarted', data: { stationId: 'HOOK-1' } });
        const [, time, v1] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(headers['busbar-signature'])) ?? [];
        expect(v1).toBe(createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
        await page.getByRole('row').filter({ hasText: url }).getByRole('button', { name: 'Log' }).click();
        await page.getByText('delivered').first().waitFor();
        await accessible(page);
      });
    } finally {
      receiver.close();
    }
  });
});
