import { describe, expect, test } from 'vitest';
import { Duet } from '../duet.ts';

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (version) => {
  test('a whole session: the bill at the CSMS is what the meter of the World counted', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.clock.advance(3_600_000);
    await duet.stop();
    const [transaction, ...others] = await duet.transactions();
    expect(others).toEqual([]);
    expect(transaction?.bill).toMatchObject({ bill: 'final', completeness: 'complete', missingSeqNos: [] });
    expect(transaction?.bill.energyMWh).toBe(duet.worldMWh());
    expect(duet.worldMWh()).toBeGreaterThan(7_000_000);
  });
});
