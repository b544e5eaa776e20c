import type { Ocpp } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { type ScriptedStation, TestCsms } from '../../testing/test-csms.ts';

const event = (
  over: Partial<Ocpp.TransactionEventRequest> & { seqNo: number; eventType: Ocpp.TransactionEventEnumType },
  wh?: number,
  txid = 'tx-1',
): Ocpp.TransactionEventRequest => ({
  timestamp: formatInstant(1_800_000_000_000 + over.seqNo * 60_000),
  triggerReason: 'ChargingStateChanged',
  transactionInfo: { transactionId: txid },
  ...(wh === undefined
    ? {}
    : {
        meterValue: [
          {
            timestamp: formatInstant(1_800_000_000_000 + over.seqNo * 60_000),
            sampledValue: [{ value: wh, measurand: 'Energy.Active.Import.Register' }],
          },
        ],
      }),
  ...over,
});

test('a session of three events is stored and its bill is final', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  await station.call('TransactionEvent', event({ eventType: 'Started', seqNo: 0, evse: { id: 1, connectorId: 1 } }, 1000));
  await station.call('TransactionEvent', event({ eventType: 'Updated', seqNo: 1 }, 1700.5));
  await station.call('TransactionEvent', event({ eventType: 'Ended', seqNo: 2 }, 2397.5));
  const record = await csms.csms.kernel.read.transaction(csms.row('CS1'), 'tx-1');
  expect(record?.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 1_397_500, missingSeqNos: [] });
  expect(record?.row).toMatchObject({ state: 'ended', evse: 1, events: 3 });
});

test('T1 an event told again with the same and a new messageId, on the same and a new link: answered, stored once', async () => {
  const csms = await TestCsms.start();
  const started = event({ eventType: 'Started', seqNo: 0, evse: { id: 1 } }, 1000);
  const told = async (station: ScriptedStation, messageId: string): Promise<unknown> =>
    (await station.raw(JSON.stringify([2, messageId, 'TransactionEvent', started])))[0];
  const first = await csms.station('CS1');
  const answers = [await told(first, 'a'), await told(first, 'a'), await told(first, 'b')];
  const second = await csms.connect('CS1');
  answers.push(await told(second, 'a'), await told(second, 'c'));
  expect(answers).toEqual([3, 3, 3, 3, 3]);
  const record = await csms.csms.kernel.read.transaction(csms.row('CS1'), 'tx-1');
  expect(record?.row).toMatchObject({ events: 1, anomalies: [] });
  expect(await csms.csms.kernel.read.events(record?.id ?? 0)).toHaveLength(1);
});
