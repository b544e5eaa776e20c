import { Scope, silentLog } from '@busbar/runtime';
import { VirtualClock } from '@busbar/runtime/virtual';
import { describe, expect, test } from 'vitest';
import { CommitQueue, type Pressure } from './commit-queue.ts';
import type { Intent } from './store/intents.ts';
import { type GroupResult, type Store, StoreFailure } from './store/store.ts';

const setting = (key: string): Intent => ({ k: 'setting', key, value: '' });

/** A queue over a store that keeps what it is told and fails when the test says so. */
function queue(commitMs = 1) {
  const clock = new VirtualClock();
  const state = { broken: false, stored: [] as string[], batches: [] as number[] };
  const store: Pick<Store, 'commit' | 'healthy'> = {
    healthy: true,
    commit: (groups) =>
      new Promise<readonly GroupResult[]>((resolve) => {
        clock.after(commitMs, 'commit', () => {
          if (state.broken) return resolve(groups.map(() => new StoreFailure('disk full', true)));
          state.batches.push(groups.length);
          for (const intent of groups.flat()) if (intent.k === 'setting') state.stored.push(intent.key);
          resolve(
            groups.map((intents) =>
              intents.some((intent) => intent.k === 'setting' && intent.key === 'bad')
                ? new StoreFailure('bad row', false)
                : intents.map(() => ({ result: 'done' as const })),
            ),
          );
        });
      }),
  };
  const built = new CommitQueue(store, new Scope(clock, silentLog, 'test'), () => undefined);
  const pressures: Pressure[] = [];
  built.onPressure((pressure) => pressures.push(pressure));
  return { clock, queue: built, state, pressures };
}

describe('the way to durability', () => {
  test('what arrives in one turn is one batch, in order', async () => {
    const { clock, queue: own, state } = queue();
    const done: string[] = [];
    for (const key of ['a', 'b', 'c']) own.push([setting(key)], () => done.push(key));
    await clock.advance(10);
    expect(state).toMatchObject({ stored: ['a', 'b', 'c'], batches: [3] });
    expect(done).toEqual(['a', 'b', 'c']);
    expect(own.depth).toBe(0);
  });

  test('a disk that is full: nobody is refused, reading stops, everything is stored in order once it works again', async () => {
    const { clock, queue: own, state, pressures } = queue();
    const done: string[] = [];
    const push = (key: string): void =>
      own.push([setting(key)], (result) => done.push(`${key}${result instanceof StoreFailure ? ' failed' : ''}`));
    state.broken = true;
    push('a');
    await clock.advance(10);
    push('b');
    await clock.advance(5_000);
    expect(own.healthy).toBe(false);
    expect(done).toEqual([]);
    expect(pressures).toEqual(['stopReading']);
    state.broken = false;
    push('c');
    await clock.advance(5_000);
    expect(done).toEqual(['a', 'b', 'c']);
    expect(state.stored).toEqual(['a', 'b', 'c']);
    expect(own.healthy).toBe(true);
    expect(pressures).toEqual(['stopReading', 'ok']);
  });

  test('large frames stop reading before there are many of them', async () => {
    const { clock, queue: own, pressures } = queue(100);
    for (let n = 0; n < 40; n += 1) own.push([setting(`${n}`)], () => undefined, 1 << 20);
    expect(pressures).toEqual(['stopReading']);
    await clock.advance(200);
    expect(pressures).toEqual(['stopReading', 'ok']);
  });

  test('one bad group is told alone', async () => {
    const { clock, queue: own } = queue();
    const outcomes: boolean[] = [];
    for (const key of ['a', 'bad', 'c']) own.push([setting(key)], (result) => outcomes.push(result instanceof StoreFailure));
    await clock.advance(10);
    expect(outcomes).toEqual([false, true, false]);
    expect(own.healthy).toBe(true);
  });

  test('more than 5,000 that wait stop the reading until half of them are stored', async () => {
    const { clock, queue: own, pressures } = queue(100);
    for (let i = 0; i < 5_001; i += 1) own.push([setting(`${i}`)], () => undefined);
    expect(pressures).toEqual(['stopReading']);
    await clock.advance(1_000);
    expect(pressures).toEqual(['stopReading', 'ok']);
  });
});
