import type { Action, RequestOf, ResponseOf } from '@busbar/protocol';
import type { JournalChange } from '@busbar/runtime';
import type { Life } from './life.ts';

/** What a handler decided. The answer leaves once `commit` is durable; `after` runs once the answer left. */
export interface Decision<A extends Action> {
  readonly response: ResponseOf<A>;
  readonly commit?: readonly JournalChange[];
  readonly after?: () => void;
}

/** One message of the CSMS: reads, decides, returns. */
export interface Handler<A extends Action = Action> {
  readonly action: A;
  readonly decide: (request: RequestOf<A>, life: Life) => Decision<A> | Promise<Decision<A>>;
}

export const handler = <A extends Action>(action: A, decide: Handler<A>['decide']): Handler<A> => ({ action, decide });
