import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type SpawnedCsms, spawnServe } from './spawn.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const PASSWORD = 'a-good-password-1';
let folder = '';
let csms: SpawnedCsms;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-drain-'));
  csms = await spawnServe(join(folder, 'data'), [
    '--drain-wait',
    '2',
    '--log-level',
    'error',
    '--onboarding-inventory',
    'no',
    '--boot-query',
    'no',
  ]);
  await csms.api('POST', '/stations', { id: 'CS-1', password: PASSWORD });
});
afterAll(async () => {
  await csms.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A station that is nothing but its socket; `asked` settles with the id of the first CALL of the CSMS. */
async function connect(): Promise<{ socket: WebSocket; asked: Promise<string>; closed: Promise<readonly [number, string]> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${csms.ocppPort}/ocpp/CS-1`, ['ocpp2.0.1'], { auth: `CS-1:${PASSWORD}` });
  const asked = new Promise<string>((resolve) =>
    socket.on('message', (data: Buffer) => {
      const [type, id]: [number, string] = JSON.parse(data.toString());
      if (type === 2) resolve(id);
    }),
  );
  const closed = new Promise<readonly [number, string]>((resolve) =>
    socket.once('close', (code, reason) => resolve([code, reason.toString()])),
  );
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } };
  const booted = new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify([2, 'boot', 'BootNotification', boot]));
  await booted;
  return { socket, asked, closed };
}

test('told to stop, it says so first, lets open requests finish, ends event streams, and says goodbye to stations last', async () => {
  const base = `http://127.0.0.1:${csms.httpPort}`;
  const headers = { authorization: `Bearer ${csms.apiKey}`, 'content-type': 'application/json' };
  const ready = async (): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`${base}/health/ready`);
    return { status: answer.status, body: await answer.json() };
  };
  const exit = new Promise((resolve) => csms.process.once('exit', resolve));
  const { socket, asked, closed } = await connect();
  const events = await fetch(`${base}/api/v1/events`, { headers });
  const streamed = events.text();
  const call = fetch(`${base}/api/v1/stations/CS-1/calls/GetLocalListVersion?wait=30`, { method: 'POST', headers, body: '{}' });
  const id = await asked;
  expect(await ready()).toMatchObject({ status: 200 });

  csms.process.kill('SIGTERM');
  await vi.waitUntil(async () => (await ready()).status === 503, 10_000);
  expect((await ready()).body).toMatchObject({ status: 'draining' });
  expect(await (await fetch(`${base}/metrics`, { headers })).text()).toContain('\nbusbar_draining 1\n');
  await streamed; // it ends, it does not break
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.send(JSON.stringify([3, id, { versionNumber: 7 }]));
  const answer = await call;
  expect([answer.status, await answer.json()]).toMatchObject([200, { state: 'answered', response: { versionNumber: 7 } }]);
  expect(await closed).toEqual([1001, expect.any(String)]);
  expect(await exit).toBe(0);
});
