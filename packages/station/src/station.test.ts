import { expect, test } from 'vitest';
import { bench, CARD } from './testing/bench.ts';

test.each(['ocpp2.0.1', 'ocpp2.1'] as const)('a whole session on %s: boot, plug, card, energy, card, unplug', async (version) => {
  const b = bench({ version });
  await b.booted();
  const id = await b.charging();
  await b.clock.advance(3_600_000);
  b.hardware.presentToken(CARD);
  await b.clock.advance(5_000);
  b.hardware.unplug(1);
  await b.clock.advance(5_000);
  expect(b.csms.faults).toEqual([]);
  expect(b.csms.overlaps).toBe(0);
  expect(b.events.map((event) => event.seqNo)).toEqual(b.events.map((_, index) => index));
  expect(b.events[0]).toMatchObject({ eventType: 'Started', transactionInfo: { transactionId: id } });
  expect(b.events.at(-1)).toMatchObject({
    eventType: 'Ended',
    triggerReason: 'StopAuthorized',
    transactionInfo: { stoppedReason: 'Local' },
  });
  const values = b.events.at(-1)?.meterValue ?? [];
  const wh = (values.at(-1)?.sampledValue[0]?.value ?? 0) - (values[0]?.sampledValue[0]?.value ?? 0);
  expect(wh).toBe(b.hardware.readMeter(1).importMWh / 1000);
  expect(wh).toBeGreaterThan(7_000);
});
