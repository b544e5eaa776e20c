import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { wsListen } from '@busbar/protocol/node';
import type { Socket } from '@busbar/runtime';
import { afterEach, expect, test, vi } from 'vitest';
import { stationCommand } from './station-command.ts';

// Real time and a real network: the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const ACCEPTED = { idTokenInfo: { status: 'Accepted' } };
const ANSWERS: Record<string, () => object> = {
  Authorize: () => ACCEPTED,
  BootNotification: () => ({ status: 'Accepted', interval: 300, currentTime: new Date().toISOString() }),
  Heartbeat: () => ({ currentTime: new Date().toISOString() }),
  TransactionEvent: () => ACCEPTED,
};

/** The little of a CSMS that a session needs. */
async function csms(): Promise<{ url: string; requests: [string, unknown][] }> {
  const requests: [string, unknown][] = [];
  const serve = (socket: Socket): void =>
    socket.handle({
      text(data) {
        const [type, id, action, payload] = JSON.parse(data) as [number, string, string, unknown];
        if (type !== 2) return;
        requests.push([action, payload]);
        socket.send(JSON.stringify([3, id, ANSWERS[action]?.() ?? {}]));
      },
      binary() {},
      alive() {},
      closed() {},
    });
  const listener = await wsListen({
    host: '127.0.0.1',
    port: 0,
    acceptor: async ({ subprotocols }) => ({ kind: 'accept', subprotocol: subprotocols.at(-1) ?? '', opened: serve }),
  });
  closers.push(() => listener.close());
  return { url: `ws://127.0.0.1:${listener.port}/ocpp`, requests };
}

/** Types, and waits for what the terminal says. */
function person(tty: boolean) {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY: tty, columns: 120 });
  let said = '';
  let wake: (() => void) | undefined;
  output.on('data', (data: Buffer) => {
    said += data.toString('utf8');
    wake?.();
  });
  const hears = async (what: RegExp): Promise<void> => {
    while (!what.test(said)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { input, output, hears, type: (line: string) => input.write(`${line}\n`), said: () => said };
}

test('a driver plugs in, swipes, charges and leaves', async () => {
  const { url, requests } = await csms();
  const data = mkdtempSync(join(tmpdir(), 'station-'));
  closers.push(() => rmSync(data, { recursive: true }));
  const { input, output, hears, type, said } = person(false);
  const running = stationCommand(
    { id: 'CS-7', url, data, deflate: 'on', password: 'a-good-password-1', topology: 'acSinglePhase' },
    { environment: {}, input, output },
  );
  await hears(/BootNotification {2}PowerUp +<- Accepted, interval 300 s/);
  type('plug');
  await hears(/world cable in EVSE 1, car at \d+ %, control pilot/);
  await hears(/StatusNotification {2}EVSE 1 Occupied|NotifyEvent {2}EVSE 1 Occupied/);
  type('swipe DEMO-7C02');
  await hears(/Authorize {2}\.\.\.7C02 +<- Accepted/);
  await hears(/ChargingStateChanged: Charging/);
  type('status');
  await hears(/car at \d+ %/);
  type('pin 1234');
  await hears(/this station has no PIN pad \(no-pin-pad\)/);
  type('swipe DEMO-7C02');
  await hears(/TransactionEvent {2}Ended \d+/);
  type('quit');
  await running;
  expect(said()).toMatch(/^CS-7 {2}AC, 1 EVSE, 7\.4 kW, meter at 0\.000 kWh\. help lists \d+ commands, Tab completes\.\n/);
  const events = requests.filter(([action]) => action === 'TransactionEvent').map(([, payload]) => (payload as { seqNo: number }).seqNo);
  expect(events).toEqual(events.map((_, index) => index));
  expect(events.length).toBeGreaterThan(2);
});

test('a power cut and a broken link are survived', async () => {
  const { url } = await csms();
  const data = mkdtempSync(join(tmpdir(), 'station-'));
  closers.push(() => rmSync(data, { recursive: true }));
  const { input, output, hears, type } = person(false);
  const running = stationCommand({ id: 'CS-8', url, data, deflate: 'off', topology: 'acSinglePhase' }, { environment: {}, input, output });
  await hears(/BootNotification {2}PowerUp/);
  type('cut');
  await hears(/no power\. "power" brings it back/);
  type('swipe X');
  await hears(/the power is off \(no-power\)/);
  type('power');
  await hears(/link {2}open[^]*link {2}open/);
  type('link down');
  await hears(/link {2}lost/);
  input.end();
  await running;
});

test('a scenario plays a whole session and leaves by itself', async () => {
  const { url, requests } = await csms();
  const data = mkdtempSync(join(tmpdir(), 'station-'));
  closers.push(() => rmSync(data, { recursive: true }));
  const scenario = join(data, 'session.yaml');
  writeFileSync(
    scenario,
    '[plug after 500ms, swipe DEMO-7C02 after 500ms, {do: swipe DEMO-7C02, after: 4s}, unplug after 3s, after 500ms, quit]',
  );
  const { input, output, said } = person(false);
  await stationCommand({ id: 'CS-5', url, data, deflate: 'off', topology: 'acSinglePhase', scenario }, { environment: {}, input, output });
  expect(said()).toContain('scenario 4 of 6: unplug after 3s');
  const kinds = requests.flatMap(([action, payload]) =>
    action === 'TransactionEvent' ? [(payload as { eventType: string }).eventType] : [],
  );
  expect([kinds.at(0), kinds.at(-1)]).toEqual(['Started', 'Ended']);
});

test('the control API acts for those who have its token', async () => {
  const { url } = await csms();
  const data = mkdtempSync(join(tmpdir(), 'station-'));
  closers.push(() => rmSync(data, { recursive: true }));
  const { input, output, hears, type, said } = person(false);
  const options = { id: 'CS-6', url, data, deflate: 'off', topology: 'acSinglePhase', controlPort: '0' } as const;
  const other = person(false);
  await expect(stationCommand(options, { environment: {}, input: other.input, output: other.output })).rejects.toThrow(
    'the control API needs a token',
  );
  const running = stationCommand(options, { environment: { BUSBAR_CONTROL_TOKEN: 'lab-token' }, input, output });
  await hears(/BootNotification {2}PowerUp +<- Accepted/);
  const [, base = ''] = /control API on (\S+)/.exec(said()) ?? [];
  const post = (token: string) =>
    fetch(`${base}/plug`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"evse":1}',
    });
  expect((await post('wrong')).status).toBe(401);
  expect((await post('lab-token')).status).toBe(200);
  await hears(/StatusNotification {2}EVSE 1 Occupied|NotifyEvent {2}EVSE 1 Occupied/);
  type('quit');
  await running;
});

test('a topology or version that does not exist is said so', async () => {
  const { input, output } = person(false);
  const surroundings = { environment: {}, input, output };
  const options = { id: 'CS-9', url: 'ws://127.0.0.1:1', data: tmpdir(), deflate: 'on' } as const;
  await expect(stationCommand({ ...options, topology: '/nowhere.yaml' }, surroundings)).rejects.toThrow(/acSinglePhase/);
  await expect(stationCommand({ ...options, version: 'ocpp1.5' }, surroundings)).rejects.toThrow(/one of ocpp2\.1, ocpp2\.0\.1/);
});
