import type { Ocpp } from '@busbar/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrival, oddFacts, oddTransaction, type PlacedFact } from '../testing/odd-transactions.ts';
import { anomaliesOf, billOf } from './bill.ts';
import { bodyHash } from './canonical.ts';
import { type LedgerFact, ledgerEvent } from './event.ts';
import { addFact, comesNext, emptyRow, foldAll, type KeyedEvent, NO_FACTS, step } from './fold.ts';
import { parse, print } from './ranges.ts';
import type { FactState, TxRow } from './row.ts';

type Item = { readonly request: Ocpp.TransactionEventRequest } | PlacedFact;

const keyed = (request: Ocpp.TransactionEventRequest): KeyedEvent => ({ ...ledgerEvent(request), hash: bodyHash(request) });
const factsOf = (placed: readonly PlacedFact[], generation: number): FactState =>
  placed.filter((each) => each.generation === generation).reduce<FactState>((facts, each) => addFact(facts, each.fact), NO_FACTS);
const distinct = (events: readonly KeyedEvent[]): KeyedEvent[] => [
  ...new Map(events.map((each) => [`${each.seq} ${each.hash}`, each])).values(),
];

/** The ledger's lane without a database: one step for what comes next, the whole set for everything else. */
class Lane {
  rows: readonly TxRow[] = [];
  steps = 0;
  readonly #events: KeyedEvent[] = [];
  readonly #facts: PlacedFact[] = [];

  take(item: Item): void {
    if ('request' in item) this.#event(keyed(item.request));
    else this.#fact(item);
  }

  #event(event: KeyedEvent): void {
    if (this.#events.some(({ seq, hash }) => seq === event.seq && hash === event.hash)) return;
    this.#events.push(event);
    const [only] = this.rows;
    if (this.rows.length <= 1 && (only === undefined || comesNext(only, event))) {
      this.rows = [step(only ?? emptyRow(1, factsOf(this.#facts, 1)), event)];
      this.steps += 1;
    } else this.rows = foldAll(this.#events, (generation) => factsOf(this.#facts, generation));
  }

  #fact(placed: PlacedFact): void {
    this.#facts.push(placed);
    this.rows = this.rows.map((row) => (row.generation === placed.generation ? { ...row, facts: addFact(row.facts, placed.fact) } : row));
  }
}

const told = (rows: readonly TxRow[]) => rows.map((row) => ({ row, bill: billOf(row), anomalies: anomaliesOf(row) }));

test('T2 T3 T15 T16 T17 T19 T21 T22 T23 any order and any repetition of events and facts: the identical rows and bills', () => {
  let stepped = 0;
  let generations = 0;
  fc.assert(
    fc.property(
      fc.record({ requests: oddTransaction, facts: oddFacts }).chain(({ requests, facts }) =>
        fc.record({
          requests: fc.constant(requests),
          facts: fc.constant(facts),
          order: arrival<Item>([...requests.map((request) => ({ request })), ...facts]),
        }),
      ),
      ({ requests, facts, order }) => {
        const whole = foldAll(distinct(requests.map(keyed)), (generation) => factsOf(facts, generation));
        const lane = new Lane();
        for (const item of order) lane.take(item);
        expect(told(lane.rows)).toEqual(told(whole));
        stepped += lane.steps;
        generations = Math.max(generations, whole.length);
      },
    ),
    { numRuns: 2_000 },
  );
  expect(stepped).toBeGreaterThan(2_000); // both ways were taken
  expect(generations).toBeGreaterThan(2);
});

test('T15 in the order of the numbers the row is stepped, not folded, and is the same', () => {
  fc.assert(
    fc.property(oddTransaction, (requests) => {
      const lane = new Lane();
      const inOrder = requests.toSorted((a, b) => a.seqNo - b.seqNo);
      for (const request of inOrder) lane.take({ request });
      expect(told(lane.rows)).toEqual(told(foldAll(distinct(requests.map(keyed)), () => NO_FACTS)));
    }),
    { numRuns: 1_000 },
  );
});

test('D7 recorded facts have no order', () => {
  const both = oddFacts.chain((facts) => fc.tuple(fc.constant(facts), arrival(facts)));
  fc.assert(
    fc.property(both, ([facts, order]) => {
      const state = (list: readonly PlacedFact[]) => list.map(({ fact }) => fact).reduce<FactState>(addFactOf, NO_FACTS);
      expect(JSON.stringify(state(order))).toBe(JSON.stringify(state(facts.toSorted((a, b) => a.fact.at - b.fact.at))));
    }),
    { numRuns: 2_000 },
  );
});
const addFactOf = (facts: FactState, fact: LedgerFact): FactState => addFact(facts, fact);

test('T4 whatever the registers say: energy is a whole number that a double holds exactly, and never negative', () => {
  fc.assert(
    fc.property(oddTransaction, (requests) => {
      for (const row of foldAll(distinct(requests.map(keyed)), () => NO_FACTS)) {
        const { energyMWh } = billOf(row);
        expect(energyMWh === null || (Number.isSafeInteger(energyMWh) && energyMWh >= 0)).toBe(true);
        for (const each of [row.forwardMWh, row.beginMWh ?? 0, row.lastMWh ?? 0]) expect(Number.isSafeInteger(each)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('no event is left out: the events of all generations are the set', () => {
  fc.assert(
    fc.property(oddTransaction, (requests) => {
      const set = distinct(requests.map(keyed));
      const rows = foldAll(set, () => NO_FACTS);
      expect(rows.reduce((sum, { events }) => sum + events, 0)).toBe(set.length);
      for (const row of rows) expect(parse(print(row.ranges))).toEqual(row.ranges);
    }),
  );
});
