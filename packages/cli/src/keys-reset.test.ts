import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusbarError } from '@busbar/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readServeConfig } from './config-examine.ts';
import { resetKeys } from './keys-reset.ts';
import { type RunningCsms, startCsms } from './serve.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-reset-'));
  data = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = async (environment: Record<string, string> = {}): Promise<RunningCsms> =>
  startCsms(readServeConfig({ data, ocppPort: '0', httpPort: '0', logLevel: 'silent' }, environment));
const reset = async (): Promise<{ user: string; password: string; keyFile: string }> => {
  let said = '';
  await resetKeys({ data, json: true }, (text) => (said += text));
  return JSON.parse(said);
};
const key = (): string => readFileSync(join(data, 'api-key'), 'utf8').trim();
const signIn = async ({ ports }: RunningCsms, name: string, password: string): Promise<number> =>
  (
    await fetch(`http://127.0.0.1:${ports.http}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password }),
    })
  ).status;
const withKey = async ({ ports }: RunningCsms, bearer: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${ports.http}/api/v1/session`, { headers: { authorization: `Bearer ${bearer}` } })).status;
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof BusbarError ? error.code : error),
  );

test('makes a new password and a new first key while the CSMS is stopped; the old ones open nothing', async () => {
  const first = await start();
  const [oldKey, oldPassword] = [key(), first.signIn?.password ?? ''];
  expect(await signIn(first, 'admin', oldPassword)).toBe(200);
  expect(await codeOf(reset())).toBe('folder-locked');
  await first.close();
  const { user, password, keyFile } = await reset();
  expect(user).toBe('admin');
  expect(keyFile).toBe(join(data, 'api-key'));
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const second = await start();
  expect(second.signIn).toBeUndefined();
  expect(await signIn(second, 'admin', oldPassword)).toBe(401);
  expect(await signIn(second, 'admin', password)).toBe(200);
  expect(await withKey(second, oldKey)).toBe(401);
  expect(await withKey(second, key())).toBe(200);
  await second.close();
});

test('lets in again where the only administrator was lost with his pepper, and makes one where nobody is', async () => {
  await (await start()).close();
  rmSync(join(data, 'pepper'));
  const { password } = await reset();
  const running = await start();
  expect(await signIn(running, 'admin', password)).toBe(200);
  await running.close();
});

test('what is no data folder is left alone', async () => {
  expect(await codeOf(reset())).toBe('bad-usage');
  expect(existsSync(data)).toBe(false);
});

test('BUSBAR_ADMIN_PASSWORD, or the file it names, is taken at the first start and nothing is shown', async () => {
  const running = await start({ BUSBAR_ADMIN_PASSWORD: 'given-by-the-environment' });
  expect(running.signIn).toBeUndefined();
  expect(await signIn(running, 'admin', 'given-by-the-environment')).toBe(200);
  await running.close();
  const again = await start({ BUSBAR_ADMIN_PASSWORD: 'another-one-later-on' });
  expect(await signIn(again, 'admin', 'another-one-later-on')).toBe(401);
  await again.close();
  rmSync(data, { recursive: true });
  expect(await codeOf(start({ BUSBAR_ADMIN_PASSWORD: 'short' }))).toBe('invalid-configuration');
});
