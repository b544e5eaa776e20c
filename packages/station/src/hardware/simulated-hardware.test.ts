import { seededRandom, VirtualClock, VirtualDisk } from '@busbar/runtime/virtual';
import { expect, test } from 'vitest';
import type { HardwareEvent } from './hardware.ts';
import { simulatedHardware } from './simulated-hardware.ts';
import { demoTopologies, parseTopology } from './topology.ts';

function laboratory(topology: unknown = demoTopologies.acThreePhase) {
  const clock = new VirtualClock();
  const disk = new VirtualDisk();
  const build = () =>
    simulatedHardware({ layout: parseTopology(topology).layout, clock, random: seededRandom(1), world: disk.worldFile() });
  const events: HardwareEvent[] = [];
  const hardware = build();
  hardware.listen((event) => {
    // The World is on disk before anybody hears of it.
    if (event.kind === 'pilot' && event.pilot !== 'unplugged' && !disk.world?.includes('"storedMWh"'))
      throw new Error('told before written');
    events.push(event);
  });
  return { clock, disk, hardware, events, build };
}

test('energy flows only with a closed contactor, a ready vehicle and no fault', async () => {
  const { clock, hardware, events } = laboratory();
  expect(hardware.contactor(1, 'close')).toBe(false);
  hardware.plug(1);
  await clock.advance(3_000);
  expect(events.at(-1)).toMatchObject({ kind: 'pilot', pilot: 'ready' });
  expect(hardware.contactor(1, 'close')).toBe(true);
  expect(events.at(-1)).toMatchObject({ kind: 'flow', flowing: true });
  await clock.advance(3_600_000);
  expect(hardware.readMeter(1).importMWh).toBe(11_000_000);
  hardware.injectFault({ evse: 1 }, 'ground-fault');
  expect(events.slice(-2).map((event) => event.kind)).toEqual(['fault', 'flow']);
  await clock.advance(3_600_000);
  expect(hardware.readMeter(1).importMWh).toBe(11_000_000);
});

test('J02.FR.16 J02.FR.17 the register survives a power cut and counts nothing while the process is dead', async () => {
  const { clock, hardware, build } = laboratory();
  hardware.plug(1, 1, { readyAfterS: 0 });
  hardware.contactor(1, 'close');
  await clock.advance(90_500);
  hardware.powerOff();
  await clock.advance(3_600_000);
  const next = build();
  const seen: HardwareEvent[] = [];
  next.listen((event) => seen.push(event));
  expect(next.readMeter(1).importMWh).toBe(Math.floor((11_000_000 * 90.5) / 3_600));
  expect(seen).toContainEqual({ kind: 'pilot', evse: 1, connector: 1, pilot: 'ready' });
  expect(next.facts().evses[0]?.contactor).toBe('open');
});

test('a locked cable cannot be taken out, a broken lock fails', async () => {
  const { clock, hardware } = laboratory();
  hardware.plug(1);
  const locked = hardware.lock(1, 1, 'lock');
  await clock.advance(1_000);
  expect(await locked).toBe('locked');
  expect(hardware.unplug(1, 1, 'evse')).toBe(false);
  expect(hardware.unplug(1, 1, 'ev')).toBe(true);
  hardware.lockState(1, 1, 'stuck');
  const stuck = hardware.lock(1, 1, 'unlock');
  await clock.advance(1_000);
  expect(await stuck).toBe('failed');
});

test('a limit of 0 stops the flow because of the EVSE, a suspending vehicle because of the EV, a full battery too', async () => {
  const { clock, hardware, events } = laboratory(demoTopologies.dc150);
  hardware.plug(1, 1, { readyAfterS: 0, socPercent: 99, targetSocPercent: 100, batteryWh: 1_000 });
  hardware.contactor(1, 'close');
  hardware.limit(1, 0);
  expect(events.at(-1)).toMatchObject({ kind: 'flow', flowing: false, because: 'evse' });
  hardware.limit(1, null);
  hardware.evState(1, 'suspended');
  expect(events.at(-1)).toMatchObject({ kind: 'flow', flowing: false, because: 'ev' });
  hardware.evState(1, 'charging');
  await clock.advance(600_000);
  expect(events.at(-1)).toMatchObject({ kind: 'flow', flowing: false, because: 'ev' });
  expect(hardware.facts().evses[0]?.socPercent).toBe(100);
});

test('E02.FR.14 a meter that signs gives one text per reading, and none when it is switched off', () => {
  const { hardware } = laboratory(demoTopologies.dc150);
  expect(hardware.readSignedMeter?.(1, 'Transaction.Begin')?.signedMeterData).toMatch(/^OCMF\|/);
  hardware.signedMeter(false);
  expect(hardware.readSignedMeter?.(1, 'Transaction.Begin')).toBeUndefined();
});
