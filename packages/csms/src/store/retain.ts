import type { Instant } from '@busbar/runtime';
import type { Retained } from './intents.ts';
import { type Store, StoreFailure } from './store.ts';

/** Slice by slice, each in a batch with whatever else arrives. */
export async function retainInSlices(store: Pick<Store, 'commit'>, what: Retained, before: Instant): Promise<number> {
  for (let gone = 0; ; ) {
    const [result] = await store.commit([[{ k: 'retain', what, before }]]);
    if (result === undefined || result instanceof StoreFailure) throw result ?? new StoreFailure('no answer', true);
    const slice = result[0]?.assigned ?? 0;
    if (slice === 0) return gone;
    gone += slice;
  }
}
