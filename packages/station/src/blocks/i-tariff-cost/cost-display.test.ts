import type { Ocpp } from '@busbar/protocol';
import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { type Bench, bench } from '../../testing/bench.ts';

async function charging(variables: Record<string, string> = {}): Promise<{ b: Bench; transactionId: string }> {
  const b = await bench({ topology: demoTopologies.acThreePhase, variables }).booted();
  const transactionId = await b.charging(2);
  return { b, transactionId };
}
const display = (b: Bench, evse = 2): string | undefined => b.hardware.facts().evses[evse - 1]?.display[0];
const answers = (b: Bench, totalCost: number): void => b.csms.always('TransactionEvent', () => ({ totalCost }));

test('TC_I_01_CS I02.FR.02 I02.FR.03 CostUpdated is answered and shown at the EVSE of the transaction, in the currency of the station', async () => {
  const { b, transactionId } = await charging();
  expect(await b.ask('CostUpdated', { totalCost: 3.5, transactionId })).toEqual({});
  await b.wait();
  expect(display(b)).toBe('3.50 EUR so far');
  expect(await b.set('TariffCostCtrlr', 'Currency', 'NOK')).toBe('Accepted');
  await b.ask('CostUpdated', { totalCost: 4, transactionId });
  await b.wait();
  expect(display(b)).toBe('4.00 NOK so far');
  const before = [display(b, 1), display(b, 2)];
  expect(await b.ask('CostUpdated', { totalCost: 9, transactionId: 'another' })).toEqual({});
  await b.wait();
  expect([display(b, 1), display(b, 2)]).toEqual(before);
});

test('TC_I_07_CS I02.FR.04 a running cost in the answer to Updated is shown', async () => {
  const { b } = await charging({ 'SampledDataCtrlr.TxUpdatedInterval': '30' });
  answers(b, 1.25);
  await b.wait(35);
  expect(display(b)).toBe('1.25 EUR so far');
});

test('TC_I_02_CS I03.FR.01 I03.FR.03 the total in the answer to Ended is shown, also when it is 0', async () => {
  for (const [totalCost, text] of [
    [12.345, 'Total 12.35 EUR'],
    [0, 'Total 0.00 EUR'],
  ] as const) {
    const { b } = await charging();
    answers(b, totalCost);
    await b.card(undefined, 2);
    await b.wait(5);
    expect(b.events.filter(({ eventType }: Ocpp.TransactionEventRequest) => eventType === 'Ended')).toHaveLength(1);
    expect(display(b)).toBe(text);
  }
});

test('I03.FR.03 a total that comes after the station was offline is shown to nobody', async () => {
  const { b } = await charging();
  answers(b, 12);
  await b.offline();
  await b.card(undefined, 2);
  await b.wait(5);
  await b.online();
  await b.wait(30);
  expect(b.events.at(-1)).toMatchObject({ eventType: 'Ended', offline: true });
  expect(display(b)).not.toContain('Total');
});

test('I03.FR.05 where leaving the bay ends the transaction the driver has gone', async () => {
  const { b } = await charging({ 'TxCtrlr.TxStopPoint': 'Authorized,ParkingBayOccupancy' });
  answers(b, 12);
  await b.card(undefined, 2);
  await b.wait(5);
  expect(b.events.at(-1)).toMatchObject({ eventType: 'Ended' });
  expect(display(b)).not.toContain('Total');
});
