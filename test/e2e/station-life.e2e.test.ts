import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accessible, CARD, ConsoleLab } from '../browser/testing/console-lab.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let lab: ConsoleLab;
beforeAll(async () => {
  lab = await ConsoleLab.start();
});
afterAll(() => lab?.close());

/** A session that runs, of a station that then falls silent for good. */
async function stuck(id: string): Promise<string> {
  const { station, hardware } = await lab.station(id);
  hardware.plug(1, 1, { readyAfterS: 0 });
  hardware.presentToken({ evse: 1, ...CARD });
  const running = () => lab.csms.csms.kernel.read.transactions({ limit: 50 });
  await vi.waitUntil(async () => (await running()).some(({ identity }) => identity === id), 20_000);
  await station.stop();
  return (await running()).find(({ identity }) => identity === id)?.txid ?? '';
}

describe('17: a session that never ended', () => {
  test('is closed with a reason; the bill is final, the audit says who and why', async () => {
    const transaction = await stuck('STUCK-1');
    await lab.look(`/sessions/STUCK-1/${transaction}`, {}, async (page) => {
      await page.getByRole('button', { name: 'Close as it is' }).click();
      const dialog = page.getByRole('dialog');
      const close = dialog.getByRole('button').last();
      expect(await close.isDisabled()).toBe(true);
      await dialog.getByLabel('Reason').fill('The station was stolen');
      await accessible(page);
      await close.click();
      await dialog.waitFor({ state: 'detached' });
      await page
        .locator('main')
        .getByText(/^final/)
        .first()
        .waitFor();
    });
    await lab.look('/audit', {}, async (page) => {
      await page.getByRole('row').filter({ hasText: 'STUCK-1' }).filter({ hasText: 'The station was stolen' }).first().waitFor();
    });
  });
});

describe('23: what is forgiven, and the password', () => {
  test('a leniency is set by a press and holds', async () => {
    await lab.station('CARE-1');
    await lab.look('/stations/CARE-1/admin', {}, async (page) => {
      await page.getByLabel('Numbers in quotes are read').click();
      await vi.waitUntil(async () => Object(await lab.api('GET', '/stations/CARE-1')).body.leniencies.on.length === 1);
      await page.reload();
      expect(await page.getByLabel('Numbers in quotes are read').isChecked()).toBe(true);
    });
  });

  test('a new password is made, sent to the station, and its answer stands there (A01)', async () => {
    await lab.station('CARE-2');
    await lab.look('/stations/CARE-2/admin', {}, async (page) => {
      await page.getByRole('button', { name: 'Change it at the station' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Make and send a password' }).click();
      await page.getByText('The station answered Accepted.').waitFor();
      await accessible(page);
    });
  });
});

describe('25: another machine, and the end of one', () => {
  test('the new machine comes with the password that was shown, the old one is refused', async () => {
    const { station } = await lab.station('LIFE-1');
    await station.stop();
    await lab.look('/stations/LIFE-1/admin', {}, async (page) => {
      await page.getByRole('button', { name: 'Another machine under this id' }).click();
      const form = page.getByRole('dialog');
      await form.getByLabel('Reason').fill('Lightning');
      await accessible(page);
      await form.getByRole('button', { name: 'Replace, forgets the old machine' }).click();
      const shown = page.getByRole('dialog').filter({ hasText: 'Password of LIFE-1' });
      await shown.locator('.secret').waitFor();
      const password = await shown.locator('.secret').innerText();
      await accessible(page);
      await shown.getByRole('button', { name: 'Done' }).click();
      await expect(lab.dial('LIFE-1', 'not-this-one-at-all')).rejects.toThrow('401');
      await lab.dial('LIFE-1', password);
    });
  });

  test('a retired station is refused and gone from the fleet; its session stays', async () => {
    const transaction = await stuck('LIFE-2');
    await lab.look('/stations/LIFE-2/admin', {}, async (page) => {
      await page.getByRole('button', { name: 'Retire', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Retire LIFE-2' }).click();
      await page.waitForURL(/\/fleet$/);
      await page.getByRole('link', { name: 'LIFE-1' }).first().waitFor();
      await page.getByRole('link', { name: 'LIFE-2' }).waitFor({ state: 'detached' });
      await page.goto(`${lab.url}/sessions/LIFE-2/${transaction}`);
      await page.getByRole('heading', { name: /Session/ }).waitFor();
    });
    await expect(lab.dial('LIFE-2', 'any-password-at-all')).rejects.toThrow(/40[134]/);
  });
});
