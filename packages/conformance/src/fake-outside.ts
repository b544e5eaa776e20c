import { loadRules } from '@busbar/protocol';
import { makeIds, type Socket, type SocketHandlers, silentLog } from '@busbar/runtime';
import { seededRandom, VirtualClock } from '@busbar/runtime/virtual';
import type { Act } from './act.ts';
import { Inconclusive } from './expectation.ts';
import type { Outside } from './outside.ts';

/** A socket in the hands of a test: it says what it likes and sees what was sent. */
export class FakeSocket implements Socket {
  readonly subprotocol = 'ocpp2.0.1';
  readonly remoteAddress = 'test';
  readonly bufferedBytes = 0;
  readonly sent: string[] = [];
  /** Called with every text that is sent. */
  answers: (text: string) => void = () => {};
  #handlers: SocketHandlers | undefined;

  handle(handlers: SocketHandlers): void {
    this.#handlers = handlers;
  }
  send(text: string): void {
    this.sent.push(text);
    this.answers(text);
  }
  says(text: string): void {
    this.#handlers?.text(text);
  }
  saysBinary(): void {
    this.#handlers?.binary();
  }
  hangsUp(code: number, reason: string): void {
    this.#handlers?.closed(code, reason);
  }
  ping(): void {}
  close(): void {}
  terminate(): void {}
  pause(): void {}
  resume(): void {}
}

export interface FakeOutside {
  readonly outside: Outside;
  readonly clock: VirtualClock;
  readonly socket: FakeSocket;
  readonly acts: Act[];
}

const no = (): never => {
  throw new Inconclusive('this outside has no servers');
};

/** Virtual time, one socket, a driver that does as it is told: for tests of the kit itself. */
export function fakeOutside(perform: (act: Act) => Promise<unknown> = async () => undefined): FakeOutside {
  const clock = new VirtualClock();
  const random = seededRandom(1);
  const socket = new FakeSocket();
  const acts: Act[] = [];
  const outside: Outside = {
    clock,
    random,
    ids: makeIds(random, clock),
    log: silentLog,
    rules: loadRules,
    crypto: async () => no(),
    dial: async () => socket,
    tls: async () => ({ done: false, reason: 'no TLS here' }),
    perform: (act) => {
      acts.push(act);
      return perform(act);
    },
    door: no,
    secureDoor: async () => no(),
    page: no,
  };
  return { outside, clock, socket, acts };
}
