import { describe, expect, test } from 'vitest';
import { stationView } from './http/views.ts';
import { event } from './testing/events.ts';
import { TEST_CONFIG, TestCsms } from './testing/test-csms.ts';
import { UseCases } from './use-cases.ts';

async function connected() {
  const own = await TestCsms.start();
  const scripted = await own.station('HH-1');
  const useCases = new UseCases(own.csms);
  const started = event('Started', 0, { txid: 'tx-1', wh: 0 });
  const broken = { ...started, seqNo: '0', colour: 'red' };
  return { own, scripted, useCases, started, broken };
}

describe('D3 leniencies of one station', () => {
  test('D3 none by default: the event is refused and kept as invalid', async () => {
    const { own, scripted, broken } = await connected();
    const answer = await scripted.raw(JSON.stringify([2, 'm1', 'TransactionEvent', broken]));
    expect(answer[0]).toBe(4);
    expect(await own.csms.kernel.read.invalidEvents(own.row('HH-1'))).toHaveLength(1);
  });

  test('D3 what is switched on is forgiven, counted and shown; the raw frame stays as it came', async () => {
    const { own, scripted, useCases, broken, started } = await connected();
    await own.settle(useCases.setLeniencies('HH-1', ['numberAsString', 'unknownProperty'], 'test'));
    const text = JSON.stringify([2, 'm1', 'TransactionEvent', broken]);
    expect((await scripted.raw(text))[0]).toBe(3);
    expect(await own.csms.kernel.read.invalidEvents(own.row('HH-1'))).toEqual([]);
    expect((await useCases.transaction('HH-1', started.transactionInfo.transactionId)).row.events).toBe(1);
    expect(stationView(useCases.station('HH-1'), [], TEST_CONFIG).leniencies).toEqual({
      on: ['unknownProperty', 'numberAsString'],
      used: { unknownProperty: 1, numberAsString: 1 },
    });
    expect((await own.csms.kernel.messages.query({ stationId: 'HH-1', limit: 100 })).some((message) => message.text === text)).toBe(true);
    expect((await own.csms.kernel.read.audit({ limit: 10 })).some(({ action }) => action === 'setLeniencies')).toBe(true);
  });

  test('D3 what is not switched on stays a fault, and another station is not forgiven', async () => {
    const { own, scripted, useCases, broken } = await connected();
    await own.settle(useCases.setLeniencies('HH-1', ['unknownProperty'], 'test'));
    expect((await scripted.raw(JSON.stringify([2, 'm1', 'TransactionEvent', broken])))[0]).toBe(4);
    const other = await own.station('HH-2');
    expect((await other.raw(JSON.stringify([2, 'm2', 'Heartbeat', { colour: 'red' }])))[0]).toBe(4);
    expect((await scripted.raw(JSON.stringify([2, 'm3', 'Heartbeat', { colour: 'red' }])))[0]).toBe(3);
    expect(useCases.station('HH-1').leniencies.used).toEqual({ unknownProperty: 1 });
  });

  test('D3 settings survive a restart of the CSMS', async () => {
    const { own, useCases } = await connected();
    await own.settle(useCases.setLeniencies('HH-1', ['overlongString'], 'test'));
    await own.boot();
    expect(own.csms.kernel.stations.get('HH-1')?.leniencies).toEqual({ on: ['overlongString'], used: {} });
  });
});
