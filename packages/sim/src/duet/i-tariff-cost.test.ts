import { describe, expect, test } from 'vitest';
import { Duet } from '../duet.ts';

const TERMS = { name: 'T', currency: 'EUR', periods: [{ perKWh: '0.40', perMinute: '0.01' }], perSession: '0.50', vatPercent: '19' };

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (version) => {
  async function priced(): Promise<Duet> {
    const duet = await Duet.start({ version, variables: { 'SampledDataCtrlr.TxUpdatedInterval': '30' } });
    const at = duet.clock.now();
    const { queue, prices } = duet.csms.kernel;
    const assignment = { scope: 'station', target: duet.identity, validFrom: at, tariff: 't' } as const;
    const intents = [
      { k: 'tariffPut', id: 't', validFrom: at, body: JSON.stringify(TERMS), at } as const,
      { k: 'tariffAssign', assignment } as const,
    ];
    await duet.settle(queue.commit(intents));
    await duet.settle(prices.load());
    return duet;
  }
  const display = (duet: Duet): string => duet.hardware.facts().evses[0]?.display[0] ?? '';
  const sent = (duet: Duet, what: string): string[] =>
    duet.trace.flatMap((event) => (event.kind === 'frame' && event.text.includes(what) ? [event.text] : []));

  test('TC_I_02_CS TC_I_02_CSMS I03.FR.02 I03.FR.03 the driver sees the total that the bill says, from what the meter measured', async () => {
    const duet = await priced();
    await duet.charge();
    await duet.clock.advance(600_000);
    await duet.stop();
    const record = await duet.newest();
    expect(record.bill.energyMWh).toBe(duet.worldMWh());
    const place = { row: duet.row, identity: duet.identity, site: 1 };
    const cost = await duet.settle(duet.csms.kernel.prices.cost(place, record));
    const total = Number(cost?.total ?? -1n) / 1e6;
    expect(total).toBeGreaterThan(0.6);
    expect(display(duet)).toBe(`Total ${total.toFixed(2)} EUR`);
    expect(sent(duet, '"totalCost"')).toHaveLength(1);
    expect(cost?.line.energyMWh).toBe(duet.worldMWh());
  });

  test('TC_I_01_CS TC_I_01_CSMS I02.FR.01 I02.FR.02 I02.FR.03 the driver sees the running sum grow by CostUpdated once the station said it can show it', async () => {
    const duet = await priced();
    const cost = { component: { name: 'TariffCostCtrlr' } };
    await duet.settle(
      duet.useCases.getVariables(
        duet.identity,
        [
          { ...cost, variable: { name: 'Available', instance: 'Cost' } },
          { ...cost, variable: { name: 'Enabled', instance: 'Cost' } },
        ],
        'test',
      ),
    );
    await duet.charge();
    await duet.clock.advance(90_000);
    const first = display(duet);
    await duet.clock.advance(300_000);
    expect([first, display(duet)]).toEqual([
      expect.stringMatching(/^\d\.\d\d EUR so far$/),
      expect.stringMatching(/^\d\.\d\d EUR so far$/),
    ]);
    expect(Number.parseFloat(display(duet))).toBeGreaterThan(Number.parseFloat(first));
    expect(sent(duet, '"CostUpdated"').length).toBeGreaterThan(3);
    await duet.stop();
    expect(duet.errors).toEqual([]);
  });
});
