import type { Ocpp } from '@busbar/protocol';
import { formatInstant, parseInstant } from '@busbar/runtime';
import { describe, expect, test } from 'vitest';
import { event, minutes, session } from '../../testing/events.ts';
import type { Intent } from '../intents.ts';
import type { GroupResult, Store } from '../store.ts';
import { commit, STORES, station, useStores } from '../testing/engines.ts';
import { type Complaint, complaints, type Told } from '../testing/truth-checker.ts';

useStores();

type Request = Ocpp.TransactionEventRequest;
/** What becomes of one event on its way to the database. */
type Mutation = (request: Request) => readonly Request[];

const withRegister = (request: Request, wh: number): Request => ({
  ...request,
  meterValue: (request.meterValue ?? []).map((meter) => ({
    ...meter,
    sampledValue: meter.sampledValue.map((sample) => ({ ...sample, value: sample.value + wh })),
  })),
});

/** Each with the checks that must have noticed it somewhere. */
const MUTATIONS: readonly (readonly [string, Mutation, readonly Complaint[]])[] = [
  ['an event is dropped', () => [], ['count', 'event', 'row', 'bill', 'energy']],
  ['an event is stored twice', (request) => [request, { ...request, customData: { vendorId: 'twin' } }], ['count', 'event', 'row', 'bill']],
  ['a seqNo is another one', (request) => [{ ...request, seqNo: request.seqNo + 1 }], ['event', 'row', 'bill']],
  [
    'a timestamp is a second later',
    (request) => [{ ...request, timestamp: formatInstant(parseInstant(request.timestamp) + 1000) }],
    ['event', 'row'],
  ],
  ['a register shows a thousandth of a Wh more', (request) => [withRegister(request, 0.001)], ['event', 'row', 'bill', 'energy']],
  [
    'a kind is another one',
    (request) => [{ ...request, eventType: request.eventType === 'Updated' ? 'Ended' : 'Updated' }],
    ['event', 'row', 'bill'],
  ],
  ['an EVSE is another one', (request) => [{ ...request, evse: { id: (request.evse?.id ?? 1) + 1 } }], ['event', 'row']],
  [
    'a transaction id is another one',
    (request) => [{ ...request, transactionInfo: { ...request.transactionInfo, transactionId: 'tx-other' } }],
    ['count', 'event', 'row', 'bill'],
  ],
];

/** A store in front of another one: the n-th event that goes through it is changed. */
class MutatingStore implements Store {
  readonly #inner: Store;
  readonly #victim: number;
  readonly #mutation: Mutation;
  #seen = 0;
  constructor(inner: Store, victim: number, mutation: Mutation) {
    this.#inner = inner;
    this.#victim = victim;
    this.#mutation = mutation;
  }
  get read(): Store['read'] {
    return this.#inner.read;
  }
  get healthy(): boolean {
    return this.#inner.healthy;
  }
  retain(...what: Parameters<Store['retain']>): Promise<number> {
    return this.#inner.retain(...what);
  }
  commit(groups: readonly (readonly Intent[])[]): Promise<readonly GroupResult[]> {
    return this.#inner.commit(groups.map((intents) => intents.flatMap((intent) => this.#pass(intent))));
  }
  close(): Promise<void> {
    return this.#inner.close();
  }
  #pass(intent: Intent): readonly Intent[] {
    if (intent.k !== 'txEvent') return [intent];
    this.#seen += 1;
    if (this.#seen - 1 !== this.#victim) return [intent];
    return this.#mutation(intent.request).map((request) => ({ ...intent, request }));
  }
}

/** Two stations with the same ids, a late event, a thinned one, a reused id. */
const TOLD: readonly Told[] = [
  ...session(3).map((request) => ({ station: 'CS1', request })),
  ...session(4)
    .filter(({ seqNo }) => seqNo !== 2)
    .toReversed()
    .map((request) => ({ station: 'CS2', request })),
  ...session(2).map((request, n) => ({
    station: 'CS1',
    request: event(request.eventType, 4 + n, { wh: 5000 + n * 7.25, at: minutes(60 + n) }),
  })),
];

async function outcome(inner: Store, victim: number, mutation: Mutation): Promise<ReadonlySet<Complaint>> {
  const store = new MutatingStore(inner, victim, mutation);
  const rows = new Map([
    ['CS1', await station(store, 'CS1')],
    ['CS2', await station(store, 'CS2')],
  ]);
  for (const { station: identity, request } of TOLD)
    await commit(store, { k: 'txEvent', station: rows.get(identity) ?? 0, receivedAt: minutes(99), request });
  const found = await complaints(store, TOLD);
  await store.close();
  return found;
}

describe.each(STORES.slice(0, 1))('%s', { timeout: 60_000 }, (_name, make) => {
  test.each(MUTATIONS)('the checks turn red when %s, whichever event it is', async (_what, mutation, noticed) => {
    const all = new Set<Complaint>();
    for (let victim = 0; victim < TOLD.length; victim += 1) {
      const found = await outcome(await make()(), victim, mutation);
      expect(found.size, `event ${victim}`).toBeGreaterThan(0);
      for (const each of found) all.add(each);
    }
    expect([...all]).toEqual(expect.arrayContaining([...noticed]));
  });
});

describe.each(STORES)('%s', { timeout: 60_000 }, (_name, make) => {
  test('the checks are green when nothing is changed, and when an event is told twice', async () => {
    expect([...(await outcome(await make()(), -1, () => []))]).toEqual([]);
    expect([...(await outcome(await make()(), 2, (request) => [request, { ...request, offline: true }]))]).toEqual([]);
  });
});
