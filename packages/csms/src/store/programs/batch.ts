import { messageOf } from '@busbar/runtime';
import type { Outcome } from '../intents.ts';
import type { Program } from '../sql.ts';
import { type GroupResult, StoreFailure } from '../store.ts';
import { LedgerLane, type TxKey } from './ledger-lane.ts';
import { Outbox } from './outbox.ts';
import type { Prepared } from './prepared.ts';
import { SampleDictionary } from './sample-keys.ts';
import { SimpleIntents } from './simple-intents.ts';

const CAME_TO_NOTHING: ReadonlySet<Outcome['result'] | undefined> = new Set(['duplicate', 'conflict', 'notFound']);

/** True: the store itself is in trouble (disk full, connection lost), whatever was to be written. */
export type IsStoreWide = (error: unknown) => boolean;

/** Takes a batch of groups into one transaction. The same for every engine; what memory it has is forgotten when one rolls back. */
export class Batches {
  readonly keys = new SampleDictionary();
  readonly #outbox = new Outbox();
  readonly #lane = new LedgerLane(this.keys, this.#outbox);
  readonly #simple = new SimpleIntents(this.keys, this.#lane, this.#outbox);
  readonly #isStoreWide: IsStoreWide;

  constructor(isStoreWide: IsStoreWide) {
    this.#isStoreWide = isStoreWide;
  }

  get lane(): LedgerLane {
    return this.#lane;
  }

  /** Before the first batch. */
  *start(): Program<void> {
    yield* this.keys.load();
  }

  /** Nothing could even be begun. */
  refuse(groups: readonly (readonly Prepared[])[], error: unknown): readonly GroupResult[] {
    return groups.map(() => this.#failure(error, true));
  }

  /** Each group whole or not at all, in order, one commit for all. */
  *apply(groups: readonly (readonly Prepared[])[]): Program<readonly GroupResult[]> {
    try {
      return yield* this.#inOneGo(groups);
    } catch (error) {
      const rolledBack = yield* this.#rollBack();
      if (!rolledBack || this.#isStoreWide(error)) return this.refuse(groups, error);
      if (groups.length === 1) return [this.#failure(error)];
      return yield* this.#oneByOne(groups);
    }
  }

  *#inOneGo(groups: readonly (readonly Prepared[])[]): Program<readonly GroupResult[]> {
    yield { control: 'begin' };
    const results: GroupResult[] = [];
    for (const intents of groups) results.push(yield* this.#group(intents));
    yield { control: 'commit' };
    this.#committed();
    return results;
  }

  /** Some group of the batch is bad: find it, without harm to the others. */
  *#oneByOne(groups: readonly (readonly Prepared[])[]): Program<readonly GroupResult[]> {
    try {
      yield { control: 'begin' };
      const results: GroupResult[] = [];
      for (const intents of groups) results.push(yield* this.#saved(intents));
      yield { control: 'commit' };
      this.#committed();
      return results;
    } catch (error) {
      yield* this.#rollBack();
      return this.refuse(groups, error);
    }
  }

  *#saved(intents: readonly Prepared[]): Program<GroupResult> {
    yield { control: 'save' };
    try {
      const outcomes = yield* this.#group(intents);
      yield { control: 'release' };
      return outcomes;
    } catch (error) {
      try {
        yield { control: 'back' };
        yield { control: 'release' };
      } catch {
        throw error; // the whole transaction is gone (disk full): nobody was stored
      }
      this.#rolledBack();
      return this.#failure(error);
    }
  }

  *#group(intents: readonly Prepared[]): Program<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const intent of intents) {
      if (intent.k === 'txEvent') {
        outcomes.push(yield* this.#lane.event(intent));
        const { authorization, station, txid } = intent;
        if (authorization) yield* this.#simple.authorization(station, txid, authorization);
      } else if (intent.k === 'audit' && intent.ifFirst === true && CAME_TO_NOTHING.has(outcomes[0]?.result))
        outcomes.push({ result: 'notFound' });
      else outcomes.push(yield* this.#simple.apply(intent));
    }
    return outcomes;
  }

  /** False when not even that was possible. */
  *#rollBack(): Program<boolean> {
    this.#rolledBack();
    try {
      yield { control: 'rollback' };
      return true;
    } catch {
      return false;
    }
  }

  #committed(): void {
    this.#lane.committed();
    this.keys.committed();
  }

  #rolledBack(): void {
    this.#lane.rolledBack();
    this.#outbox.forget();
    this.keys.rolledBack();
  }

  #failure(error: unknown, storeWide = false): StoreFailure {
    return new StoreFailure(messageOf(error), storeWide || this.#isStoreWide(error), error);
  }
}

/** The transactions that a batch is about: an engine far away reads them ahead. */
export const txKeys = (groups: readonly (readonly Prepared[])[]): readonly TxKey[] =>
  groups.flatMap((intents) =>
    intents.flatMap((intent) => (intent.k === 'txEvent' || intent.k === 'txFact' ? [{ station: intent.station, txid: intent.txid }] : [])),
  );
