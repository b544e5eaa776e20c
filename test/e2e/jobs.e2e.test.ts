import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accessible, CARD, ConsoleLab } from '../browser/testing/console-lab.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** What an operator does in a day, each as one test; a real CSMS, stations that really charge, a real browser. */
let lab: ConsoleLab;
beforeAll(async () => {
  lab = await ConsoleLab.start();
});
afterAll(() => lab?.close());

const transactions = () => lab.csms.csms.kernel.read.transactions({ limit: 100 });

describe('1: which stations are down, and why', () => {
  test('a fault is there within a second, worst first, with a reason in words and something to press', async () => {
    const { hardware, station } = await lab.station('DOWN-1');
    await lab.look('/', {}, async (page) => {
      await page.getByText(/^Live/).first().waitFor();
      const since = Date.now();
      hardware.injectFault({ evse: 1 }, 'ground-fault');
      const row = page.getByRole('row').filter({ hasText: 'DOWN-1' });
      await row.getByText('EVSE 1 reports a fault').waitFor();
      expect(Date.now() - since).toBeLessThan(3_000);
      await row.getByRole('button', { name: 'Take out of service' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Take out of service' }).click();
      await page.getByText(/DOWN-1: (Accepted|Scheduled)/).waitFor();
      await accessible(page);
      hardware.clearFault({ evse: 1 });
      await row.waitFor({ state: 'detached' });
    });
    await station.stop();
  });

  test('a station that falls silent is named, and its counter opens the list', async () => {
    const { station } = await lab.station('SILENT-1');
    await station.stop();
    await lab.look('/', {}, async (page) => {
      await page.getByRole('row').filter({ hasText: 'SILENT-1' }).getByText('Not connected any more').waitFor();
      await page.getByRole('link', { name: /offline/ }).click();
      await page.waitForURL(/state=Offline/);
      await page.getByRole('row', { name: /SILENT-1/ }).waitFor();
    });
  });
});

describe('2: start, stop, unlock, reset', () => {
  test('a session from a row of the station: started for a token, seen to run, stopped', async () => {
    const { hardware } = await lab.station('REMOTE-1');
    hardware.plug(1, 1, { readyAfterS: 0 });
    await lab.look('/stations/REMOTE-1', {}, async (page) => {
      await page.getByRole('button', { name: 'Start' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Token that pays').first().click();
      await page.getByRole('option', { name: /BROWSER01/ }).click();
      await dialog.getByRole('button', { name: 'Start session' }).click();
      await page.getByRole('status').getByText('Accepted').first().waitFor();
      await page.locator('main').getByRole('button', { name: 'Stop session' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Stop session' }).click();
      await page.locator('main').getByRole('button', { name: 'Stop session' }).waitFor({ state: 'detached' });
    });
    const [ended] = (await transactions()).filter(({ identity }) => identity === 'REMOTE-1');
    expect(ended?.row.stoppedReason).toBe('Remote');
  });

  test('a reset names what it ends', async () => {
    const { hardware } = await lab.station('RESET-1');
    hardware.plug(1, 1, { readyAfterS: 0 });
    hardware.presentToken({ evse: 1, ...CARD });
    await lab.look('/stations/RESET-1', {}, async (page) => {
      await page.getByText('Stop session').waitFor();
      await page.getByRole('button', { name: 'Reset now' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Reset now, ends 1 session' }).click();
      await page.getByRole('status').getByText('Accepted').waitFor();
    });
  });
});

describe('3: why did this session fail', () => {
  test('a card that is blocked while it charges: the verdict says so, with its clause', async () => {
    const { hardware } = await lab.station('WHY-1');
    const { useCases } = lab.csms.http;
    await useCases.putToken({ type: 'ISO14443', idToken: 'WHYCARD1', status: 'Accepted' }, 'test');
    hardware.plug(1, 1, { readyAfterS: 0 });
    hardware.presentToken({ evse: 1, type: 'ISO14443', idToken: 'WHYCARD1' });
    const mine = async () => (await transactions()).find(({ identity }) => identity === 'WHY-1');
    await vi.waitUntil(async () => (await mine())?.row.chargingState === 'Charging', 20_000);
    hardware.injectFault({ evse: 1 }, 'ground-fault');
    await vi.waitUntil(async () => (await mine())?.row.state === 'ended', 20_000);
    const txid = (await mine())?.txid ?? '';
    await lab.look(`/sessions/WHY-1/${txid}`, {}, async (page) => {
      await page
        .getByRole('region', { name: 'Why did it stop?' })
        .getByText(/GroundFault/)
        .waitFor();
      await page.getByRole('img', { name: 'What happened when' }).waitFor();
      await page.getByText(/^\d+ of \d+ events\.$/).waitFor();
      await accessible(page);
    });
  });
});

describe('7: the fleet', () => {
  test('the filter is the address: whoever gets the link sees the same', async () => {
    await lab.look('/fleet', {}, async (page) => {
      await page.getByRole('searchbox').fill('REMOTE');
      await page.waitForURL(/q=REMOTE/);
      await page.getByText('1 of').waitFor();
      await page.getByRole('button', { name: 'in any state' }).click();
      await page.getByRole('menuitem', { name: 'offline', exact: true }).click();
      await page.waitForURL(/state=Offline/);
      await page.reload();
      await page.getByText('No station is like that').waitFor();
    });
  });

  test('keys: g f, / searches, j and Enter open the first row; ? lists them; Ctrl K finds a station', async () => {
    await lab.look('/', {}, async (page) => {
      await page.getByText(/^Live/).first().waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('f');
      await page.getByRole('heading', { name: 'Fleet' }).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('REMOTE-1');
      await page.getByText('1 of').waitFor();
      await page.getByRole('searchbox').blur();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /REMOTE-1/ }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('WHY-1');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /WHY-1/ }).waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog').getByText('find anything').waitFor();
    });
  });
});

describe('8: add a station in under a minute', () => {
  test('a wrong password is shown as it comes, and taking the one it sent lets it in', async () => {
    await lab.look('/fleet/add', {}, async (page) => {
      await page.getByLabel('Station id').fill('NEW-1');
      await page.getByRole('button', { name: 'Add it' }).click();
      await page.getByText('Nothing has arrived from it').waitFor();
      await expect(page.getByRole('img', { name: /\/ocpp\/NEW-1$/ }).count()).resolves.toBe(1);
      await expect(lab.dial('NEW-1', 'what-the-maker-typed-in')).rejects.toThrow('401');
      await page.getByText('wrong password').first().waitFor();
      await page.getByRole('button', { name: 'Take the password it sent' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Take it, it is my site' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await lab.dial('NEW-1', 'what-the-maker-typed-in');
      await page.getByText('It is there.').waitFor();
    });
  });

  test('somebody unknown at the door is one press away from being added', async () => {
    await expect(lab.dial('STRANGER-7', 'a-password-of-its-own')).rejects.toThrow('404');
    await lab.look('/', {}, async (page) => {
      await page.getByRole('row').filter({ hasText: 'STRANGER-7' }).getByRole('button', { name: 'Add this station' }).click();
      await page.waitForURL(/\/fleet\/add/);
      expect(await page.getByLabel('Station id').inputValue()).toBe('STRANGER-7');
    });
  });
});

describe('23: virtual stations', () => {
  test('one is added, charges, breaks, and is never counted with real ones', async () => {
    await lab.look('/virtual', {}, async (page) => {
      await page.getByRole('button', { name: 'Add them' }).click();
      const card = page.getByRole('article').filter({ hasText: 'SIM-001' });
      await card.getByText('Available').waitFor({ timeout: 30_000 });
      await card.getByRole('button', { name: 'Plug in' }).click();
      await card.getByText('Occupied').waitFor();
      await lab.csms.http.virtual.cards('test');
      await card.getByRole('button', { name: 'Swipe a card' }).click();
      await card.getByText('Charging').waitFor({ timeout: 30_000 });
      await card.getByRole('button', { name: 'Break it' }).click();
      await page.getByRole('menuitem', { name: 'Ground fault' }).click();
      await card.getByText('Faulted').waitFor();
      expect(await lab.csms.http.useCases.fleet.overview()).toMatchObject({ counts: 'real', virtual: 1 });
      await card.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
      await card.waitFor({ state: 'detached' });
    });
  });
});

describe('28, 30: appearance and language', () => {
  test('German from top to bottom, and dark; both are kept', async () => {
    await lab.look('/', {}, async (page) => {
      await page.getByRole('button', { name: /Administrator/ }).click();
      await page.getByRole('menuitem', { name: 'Deutsch' }).click();
      await page.getByRole('heading', { name: 'Überblick' }).waitFor();
      await page.getByRole('button', { name: /Administrator/ }).click();
      await page.getByRole('menuitem', { name: 'Dunkel' }).click();
      await page.reload();
      await page.getByRole('heading', { name: 'Überblick' }).waitFor();
      expect(await page.evaluate('document.documentElement.dataset.mantineColorScheme')).toBe('dark');
      expect(await page.evaluate('document.documentElement.lang')).toBe('de');
      await accessible(page);
      await page.evaluate('localStorage.clear()');
    });
  });
});
