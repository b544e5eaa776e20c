import { demoTopologies } from '@busbar/station/hardware';
import { describe, expect, test } from 'vitest';
import { Duet } from '../duet.ts';

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (version) => {
  test('TC_J_01_CSMS J01.FR.03 J01.FR.14 J01.FR.18 readings on the clock grid are stored for the main meter and every EVSE', async () => {
    const duet = await Duet.start({ version });
    await duet.clock.advance(3_600_000);
    const stored = await duet.csms.kernel.read.meterValues(duet.row, 100);
    expect(new Set(stored.map(({ request }) => request.evseId))).toEqual(new Set([0, 1]));
    expect(stored).toHaveLength(8);
    for (const { request, receivedAt } of stored) {
      const [value] = request.meterValue;
      const at = Date.parse(value?.timestamp ?? '');
      expect(at % 900_000).toBe(0);
      expect(receivedAt - at).toBeLessThan(5_000);
      expect(value?.sampledValue[0]).toMatchObject({ context: 'Sample.Clock', value: 0 });
    }
  });

  test('TC_J_09_CSMS J02.FR.11 J02.FR.16 samples of a transaction arrive at the chosen interval and never go back', async () => {
    const duet = await Duet.start({ version });
    expect(await duet.set('SampledDataCtrlr', 'TxUpdatedInterval', '30')).toBe('Accepted');
    await duet.charge();
    await duet.clock.advance(600_000);
    await duet.stop();
    const events = await duet.events();
    const periodic = events.filter((event) => event.triggerReason === 'MeterValuePeriodic');
    expect(periodic).toHaveLength(20);
    const registers = events.flatMap((event) =>
      (event.meterValue ?? []).flatMap((value) =>
        value.sampledValue
          .filter(({ measurand }) => measurand === 'Energy.Active.Import.Register')
          .filter(({ context }) => event.eventType !== 'Ended' || context !== 'Transaction.Begin') // Ended repeats the beginning
          .map((sample) => sample.value),
      ),
    );
    expect(registers).toEqual(registers.toSorted((a, b) => a - b));
    expect(registers.at(-1)).toBe(duet.worldMWh() / 1000);
  });

  test('TC_J_11_CSMS J02.FR.21 signed readings are kept byte for byte', async () => {
    const variables = { 'SampledDataCtrlr.SignReadings': 'true' };
    const duet = await Duet.start({ version, topology: demoTopologies.dc150, variables });
    await duet.charge();
    await duet.clock.advance(300_000);
    await duet.stop();
    const signedOf = (value: unknown): unknown[] => {
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([key, inner]) => (key === 'signedMeterValue' ? [inner] : signedOf(inner)));
    };
    const sent = duet.trace
      .filter((event) => event.kind === 'frame' && event.direction === 'out' && event.text.includes('"TransactionEvent"'))
      .flatMap((event) => (event.kind === 'frame' ? signedOf(JSON.parse(event.text)) : []));
    const stored = (await duet.events()).flatMap(signedOf);
    expect(sent.length).toBeGreaterThan(1);
    expect(stored).toEqual(sent);
    expect((await duet.newest()).bill.energyMWh).toBe(duet.worldMWh());
  });
});
