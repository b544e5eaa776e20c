import { expect, test } from 'vitest';
import { type Bench, bench } from '../../testing/bench.ts';

const RETRY = {
  'OCPPCommCtrlr.MessageAttempts[TransactionEvent]': '3',
  'OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]': '10',
  'SampledDataCtrlr.TxUpdatedInterval': '0',
};
const times = (b: Bench, seqNo: number): number[] =>
  b.csms.calls
    .filter((call) => call.action === 'TransactionEvent' && (call.payload as { seqNo: number }).seqNo === seqNo)
    .map((call) => Math.round(call.at / 1000));

test.each(['CALLERROR', 'silence'] as const)(
  'E13.FR.01 E13.FR.02 E13.FR.03 E13.FR.04 %s: tried as often as configured, each wait longer, then given up for the next one',
  async (how) => {
    const b = await bench({ variables: RETRY }).booted();
    b.csms.always('TransactionEvent', how === 'silence' ? 'silence' : { error: 'InternalError' });
    await b.charging();
    await b.wait(how === 'silence' ? 125 : 31);
    const sent = times(b, 0);
    expect(sent).toHaveLength(3);
    const timeout = how === 'silence' ? 30 : 0;
    expect(sent.slice(1).map((at, index) => at - (sent[index] ?? 0))).toEqual([10 + timeout, 20 + timeout]);
    await b.wait(how === 'silence' ? 40 : 5);
    expect(times(b, 1).length).toBeGreaterThan(0);
    expect([...b.disk.durable.keys()].filter((key) => key.startsWith('drop/'))).toHaveLength(1);
  },
);

test('E13.FR.02 a retry carries the same event under a new message id (D1)', async () => {
  const b = await bench({ variables: RETRY }).booted();
  b.csms.once('TransactionEvent', { error: 'GenericError' });
  await b.charging();
  await b.wait(15);
  const [first, second] = b.csms.calls.filter((call) => call.action === 'TransactionEvent');
  expect(second?.payload).toEqual(first?.payload);
  expect(second?.id).not.toBe(first?.id);
  expect(b.station.facts().queuedEvents).toBe(0);
});

test('E13.FR.02 P10 an outage costs no attempt', async () => {
  const b = await bench({ variables: RETRY }).booted();
  b.csms.always('TransactionEvent', 'silence');
  await b.charging();
  for (let n = 0; n < 4; n += 1) {
    await b.offline();
    await b.online();
  }
  b.csms.always('TransactionEvent', {});
  await b.offline();
  await b.online();
  expect(b.station.facts().queuedEvents).toBe(0);
  expect([...b.disk.durable.keys()].filter((key) => key.startsWith('drop/'))).toEqual([]);
});

test('E14.FR.01 E14.FR.02 E14.FR.03 E14.FR.04 E14.FR.05 the state of a transaction and of its messages', async () => {
  const b = await bench({ variables: RETRY }).booted();
  const ask = (transactionId: string) => b.ask('GetTransactionStatus', { transactionId });
  expect(await ask('never')).toEqual({ ongoingIndicator: false, messagesInQueue: false });
  const id = await b.charging();
  expect(await ask(id)).toEqual({ ongoingIndicator: true, messagesInQueue: false });
  b.csms.always('TransactionEvent', 'silence');
  b.hardware.evState(1, 'suspended');
  await b.wait();
  expect(await ask(id)).toEqual({ ongoingIndicator: true, messagesInQueue: true });
  await b.card();
  expect(await ask(id)).toEqual({ ongoingIndicator: false, messagesInQueue: true });
  b.csms.always('TransactionEvent', {});
  await b.wait(200);
  expect(await ask(id)).toEqual({ ongoingIndicator: false, messagesInQueue: false });
});

test('E14.FR.06 E14.FR.07 E14.FR.08 without an id only the queue is told', async () => {
  const b = await bench({ variables: RETRY }).booted();
  expect(await b.ask('GetTransactionStatus', {})).toEqual({ messagesInQueue: false });
  b.csms.always('TransactionEvent', 'silence');
  await b.charging();
  expect(await b.ask('GetTransactionStatus', {})).toEqual({ messagesInQueue: true });
});
