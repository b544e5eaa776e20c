import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CLIENT, IdentityProvider } from '../../packages/csms/src/http/testing/identity-provider.ts';
import { openBrowser } from '../../scripts/browser.ts';
import { accessible, ConsoleLab } from '../browser/testing/console-lab.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let provider: IdentityProvider;
let lab: ConsoleLab;
beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined); // it warns that its keys are those of development
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  provider = await IdentityProvider.start();
  lab = await ConsoleLab.start({ oidcIssuer: provider.issuer, oidcClientId: CLIENT.id, oidcClientSecret: CLIENT.secret });
  provider.register(`${lab.url}/api/v1/session/oidc/callback`);
});
afterAll(async () => {
  await lab?.close();
  await provider.close();
});

test('a person comes in by the identity provider, and reads why when he has no role here', async () => {
  provider.claims.set('ida', { busbar_role: 'operator', name: 'Ida Smith' });
  const { context, close } = await openBrowser({ width: 1400, height: 900, colorScheme: 'light' });
  try {
    const page = await context.newPage();
    await page.route(/^https?:\/\/(?!127\.0\.0\.1)/, (route) => route.abort()); // its own pages want a font from outside
    const through = async (login: string): Promise<void> => {
      await page.getByRole('link', { name: 'Sign in with your organisation' }).click();
      await page.locator('input[name=login]').fill(login);
      await page.locator('input[name=password]').fill('x');
      await page.getByRole('button', { name: 'Sign-in' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
    };
    await page.goto(lab.url);
    await page.getByRole('link', { name: 'Sign in with your organisation' }).waitFor();
    await accessible(page);
    await through('ida');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByText('Ida Smith').waitFor();
    await context.clearCookies();
    await page.goto(lab.url);
    await through('nobody-here');
    await page.getByText('The identity provider gives you no role here').waitFor();
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('busbar');
    await page.getByRole('link', { name: 'Back to the sign-in page' }).click();
    await page.getByLabel('Name').waitFor();
  } finally {
    await close();
  }
});
