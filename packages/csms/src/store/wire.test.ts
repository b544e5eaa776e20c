import fc from 'fast-check';
import { expect, test } from 'vitest';
import { billOf } from '../ledger/bill.ts';
import { ledgerEvent } from '../ledger/event.ts';
import { addFact, emptyRow, NO_FACTS, step } from '../ledger/fold.ts';
import { event } from '../testing/events.ts';
import { oddFacts, oddTransaction } from '../testing/odd-transactions.ts';
import type { Intent, Outcome } from './intents.ts';
import { prepare } from './programs/prepared.ts';
import { SampleDictionary } from './programs/sample-keys.ts';
import { StoreFailure } from './store.ts';
import { GroupWriter, ResultWriter, readGroups, readResults } from './wire.ts';

const groups = new GroupWriter();
const results = new ResultWriter();
const authorization = { idToken: 'A', type: 'ISO14443', info: { status: 'Accepted' as const } };

test('events arrive in the writer as they were prepared, with and without an authorization', () => {
  fc.assert(
    fc.property(oddTransaction, fc.nat(3), fc.boolean(), (requests, station, authorized) => {
      const intents: Intent[] = requests.map((request) => ({
        k: 'txEvent',
        station,
        receivedAt: 7.5,
        request,
        ...(authorized ? { authorization } : {}),
      }));
      const prepared = prepare([intents, [], intents.slice(0, 1)], new SampleDictionary());
      expect(readGroups(groups.write(prepared))).toEqual(prepared);
    }),
  );
});

test('other intents arrive too, readings packed or as they came', () => {
  const reading = { timestamp: '2026-01-01T00:00:00.000Z', sampledValue: [{ value: 0.1 }] };
  const intents: Intent[] = [
    { k: 'meterValues', station: 1, receivedAt: 1, request: { evseId: 1, meterValue: [reading] } },
    { k: 'meterValues', station: 1, receivedAt: 1, request: { evseId: 1, meterValue: [reading], customData: { vendorId: 'v' } } },
    { k: 'setting', key: 'naïve', value: '☃'.repeat(40_000) },
  ];
  const prepared = prepare([intents], new SampleDictionary());
  const [[packed, kept] = []] = prepared;
  expect([packed, kept]).toMatchObject([{ rest: null }, { samples: null }]);
  expect(readGroups(groups.write(prepared))).toEqual(prepared);
});

test('an intent that cannot be prepared becomes one that its group is refused for', () => {
  const request = event('Updated', 1);
  const damaged: Intent = {
    k: 'txEvent',
    station: 1,
    receivedAt: 1,
    request: { ...request, meterValue: JSON.parse('[{"timestamp":"x"}]') },
  };
  expect(prepare([[damaged]], new SampleDictionary())).toMatchObject([[{ k: 'unwritable' }]]);
});

test('outcomes come back with the row and the bill that they left with, and failures as failures', () => {
  fc.assert(
    fc.property(oddTransaction, oddFacts, (requests, facts) => {
      let row = { ...emptyRow(2), facts: facts.reduce((all, { fact }) => addFact(all, fact), NO_FACTS) };
      const outcomes = requests.map((request, id): Outcome => {
        row = step(row, ledgerEvent(request));
        const bill = billOf(row);
        const [ended, final] = [row.endedAt !== null, bill.bill === 'final'];
        return { result: 'new', tx: { id, txid: `tx-${id}`, ended, final, becameFinal: final && id % 2 === 0, row, bill } };
      });
      const sent = [outcomes, new StoreFailure('bad group', false), [{ result: 'done', assigned: 3 } satisfies Outcome], []];
      const [back, failure, ...others] = readResults(results.write(sent));
      expect(others).toEqual(sent.slice(2));
      expect(failure).toMatchObject({ message: 'bad group', storeWide: false });
      const read = back instanceof StoreFailure || back === undefined ? [] : back;
      expect(
        read.map(({ result, tx }) => ({
          result,
          tx: tx && {
            id: tx.id,
            txid: tx.txid,
            ended: tx.ended,
            final: tx.final,
            becameFinal: tx.becameFinal,
            row: tx.row,
            bill: tx.bill,
          },
        })),
      ).toEqual(outcomes);
    }),
  );
});
