import { stationVerbs } from '@busbar/api';
import { makeIds, Secret, silentLog } from '@busbar/runtime';
import { systemClock, systemRandom } from '@busbar/runtime/node';
import { MemoryJournal, VirtualDisk, VirtualNetwork } from '@busbar/runtime/virtual';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoTopologies, parseTopology, simulatedHardware } from '../hardware/index.ts';
import { createStation } from '../station.ts';
import { ScriptedCsms } from '../testing/scripted-csms.ts';
import { type ControlledStation, startControl, TraceRing } from './index.ts';

/** Real time here: HTTP is real. */
function controlled(): ControlledStation {
  const disk = new VirtualDisk();
  const network = new VirtualNetwork(systemClock);
  const csms = new ScriptedCsms(systemClock, network);
  csms.version = 'ocpp2.0.1';
  const trace = new TraceRing();
  const layout = parseTopology(demoTopologies.acSinglePhase).layout;
  const hardware = simulatedHardware({ layout, clock: systemClock, random: systemRandom, world: disk.worldFile() });
  const station = createStation({
    config: { identity: 'CS-1', csmsUrl: 'ws://csms/ocpp' },
    hardware,
    clock: systemClock,
    random: systemRandom,
    ids: makeIds(systemRandom, systemClock),
    log: silentLog,
    network,
    journal: () => new MemoryJournal(systemClock, disk),
    onTrace: (event) => trace.push(event),
  });
  return { station, hardware, trace };
}

let station: ControlledStation;
let control: Awaited<ReturnType<typeof startControl>>;
beforeEach(async () => {
  station = controlled();
  station.station.start();
  control = await startControl({
    stations: { get: (id) => (id === 'CS-1' ? station : undefined), ids: () => ['CS-1'] },
    token: new Secret('letmein'),
    log: silentLog,
    port: 0,
  });
});
afterEach(async () => {
  station.station.powerCut();
  station.hardware.powerOff();
  await control.close();
});

const request = async (path: string, body?: unknown, token = 'letmein') => {
  const answer = await fetch(`http://127.0.0.1:${control.port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    body: (await answer.json()) as {
      facts: { evses: { pluggedConnector?: number; authorized: boolean }[]; power: string };
      code: string;
      events: unknown[];
    },
  };
};
const act = (verb: string, body: unknown) => request(`/v1/stations/CS-1/${verb}`, body);

test('a wrong token is refused, an unknown station and verb are not found', async () => {
  expect((await request('/v1/stations', undefined, 'wrong')).status).toBe(401);
  expect((await request('/v1/stations/CS-9')).status).toBe(404);
  expect((await act('dance', {})).status).toBe(404);
});

test('a verb answers with the facts after it was taken in', async () => {
  for (let tries = 0; station.station.facts().registration !== 'accepted' && tries < 100; tries += 1) await request('/v1/stations/CS-1');
  const plugged = await act('plug', { evse: 1 });
  expect(plugged.status).toBe(200);
  expect(plugged.body.facts.evses[0]?.pluggedConnector).toBe(1);
  const shown = await act('presentToken', { evse: 1, type: 'ISO14443', idToken: 'AABBCCDD' });
  expect(shown.body.facts.evses[0]?.authorized).toBe(true);
  expect((await request('/v1/stations/CS-1/trace')).body.events.length).toBeGreaterThan(3);
});

test('what the hardware lacks is 409, what does not fit the schema 422', async () => {
  expect(await act('occupyBay', { evse: 1 })).toMatchObject({ status: 409, body: { code: 'not-applicable' } });
  expect(await act('enterPin', { evse: 1, pin: '1234' })).toMatchObject({ status: 409 });
  expect(await act('plug', { evse: 7 })).toMatchObject({ status: 409 });
  expect(await act('plug', { evse: 'one' })).toMatchObject({ status: 422 });
  expect(await act('plug', { evse: 1, colour: 'red' })).toMatchObject({ status: 422 });
  expect(await act('externalLimit', { limitW: 1000 })).toMatchObject({ status: 409 });
});

test('power can be cut and restored, the link pulled', async () => {
  expect((await act('cutPower', {})).body.facts.power).toBe('off');
  expect((await act('restorePower', {})).body.facts.power).toBe('on');
  expect((await act('link', { state: 'down' })).status).toBe(200);
});

test('every verb of the contract has an action', async () => {
  const { VERBS } = await import('./verbs.ts');
  expect(Object.keys(VERBS).sort((a, b) => a.localeCompare(b))).toEqual(Object.keys(stationVerbs).sort((a, b) => a.localeCompare(b)));
});
