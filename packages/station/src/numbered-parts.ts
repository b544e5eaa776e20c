import type { Action, RequestOf } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import type { Context } from './context.ts';
import type { Outbox } from './outbox.ts';

/** What every part of an answer in several messages says of its place. */
export interface PartPlace {
  readonly generatedAt: string;
  readonly seqNo: number;
  readonly tbc: boolean;
}

/** One long answer at a time, in numbered parts of one moment; `name` is for the log. */
export class NumberedParts {
  readonly #context: Context;
  readonly #outbox: Outbox;
  readonly #name: string;
  #running = false;

  constructor(context: Context, outbox: Outbox, name: string) {
    this.#context = context;
    this.#outbox = outbox;
    this.#name = name;
  }

  get busy(): boolean {
    return this.#running;
  }

  start<A extends Action, P>(action: A, parts: readonly P[], request: (part: P, place: PartPlace) => RequestOf<A>): void {
    this.#running = true;
    const generatedAt = formatInstant(this.#context.clock.now());
    this.#context.scope.run(this.#name, async () => {
      for (const [seqNo, part] of parts.entries()) {
        const outcome = await this.#outbox.send('asked', action, () =>
          request(part, { generatedAt, seqNo, tbc: seqNo < parts.length - 1 }),
        );
        if (outcome.kind === 'failed') break; // the link is gone: the CSMS will ask again
      }
      this.#running = false;
    });
  }
}
