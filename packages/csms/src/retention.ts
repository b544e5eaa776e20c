import { DAY_MS, limits, type Scope } from '@busbar/runtime';
import type { CsmsConfig } from './config.ts';
import type { Retained } from './store/intents.ts';
import type { Store } from './store/store.ts';

/** Removes what is past retention, at the start and every hour. Bills are kept for ever. */
export function keepFor(store: Store, scope: Scope, { keepReadingsDays, keepEventsDays }: CsmsConfig): void {
  const look = (what: Retained, days: number | undefined): void => {
    if (days === undefined) return;
    const once = (): void =>
      scope.run(`retention of ${what}`, async () => {
        const gone = await store.retain(what, scope.clock.now() - days * DAY_MS);
        if (gone > 0) scope.log.info('past retention', { what, gone });
      });
    once();
    scope.every(limits.retentionMs, `retention of ${what}`, once);
  };
  look('readings', keepReadingsDays);
  look('events', keepEventsDays);
}
