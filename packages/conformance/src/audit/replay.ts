import type { VersionRules } from '@busbar/protocol';
import {
  type Crypto,
  DialError,
  type HandshakeVerdict,
  isRecord,
  makeIds,
  type Socket,
  type SocketHandlers,
  silentLog,
} from '@busbar/runtime';
import { seededRandom, VirtualClock } from '@busbar/runtime/virtual';
import type { TestCase } from '../case.ts';
import { Inconclusive } from '../expectation.ts';
import { partsOf } from '../frames.ts';
import type { Outside, TlsAnswer, WebRequest } from '../outside.ts';
import { type CaseResult, runCase, type SystemUnderTest } from '../run-case.ts';
import type { TraceEntry } from '../trace.ts';
import { playedBack, type Tape } from './tape.ts';

export interface Recorded {
  readonly testCase: TestCase;
  readonly tape: Tape;
  readonly entries: readonly TraceEntry[];
}

export interface Laboratory {
  readonly system: SystemUnderTest;
  readonly rules: VersionRules;
  readonly crypto: Crypto;
}

/** A driver that does not answer. */
const ASK_MS = 60_000;
/** Longer than any case may take. */
const SPAN_MS = 1_000_000;

/**
 * Runs a case again, offline and on virtual time, against the entries of a trace: what the system under test did comes
 * again as soon as the kit has done what stands before it, after the same delay.
 */
export async function replay({ testCase, tape, entries }: Recorded, { system, rules, crypto }: Laboratory): Promise<CaseResult> {
  const clock = new VirtualClock(tape.startedAt);
  const player = new Player(entries, clock, tape, rules, crypto);
  const running = runCase(testCase, player.outside, system, (entry) => player.watch(entry));
  let over = false;
  const ended = running.finally(() => {
    over = true;
  });
  player.start();
  await clock.until(`${testCase.id} ends`, () => over, SPAN_MS);
  return ended;
}

/** What two entries of the kit have in common when they are the same deed. */
function signature(entry: TraceEntry): string {
  switch (entry.kind) {
    case 'frame': {
      const parts = partsOf(entry.text);
      return `frame ${entry.link} ${parts === undefined ? entry.text : parts.type === 'call' ? parts.action : `answer ${parts.id}`}`;
    }
    case 'ask':
      return `ask ${entry.what}`;
    case 'dial':
    case 'opened':
    case 'refused':
    case 'closed':
    case 'knock':
      return `${entry.kind} ${entry.link}`;
    case 'reply':
      return `reply ${entry.n}`;
    case 'tlsFailed':
    case 'web':
      return entry.kind;
  }
}

class Player {
  readonly outside: Outside;
  readonly #entries: readonly TraceEntry[];
  readonly #clock: VirtualClock;
  /** How often the kit did what, now and in the trace up to the present place. */
  readonly #done = new Map<string, number>();
  readonly #needed = new Map<string, number>();
  readonly #sockets = new Map<number, PlayedSocket>();
  readonly #dials = new Map<number, PromiseWithResolvers<Socket>>();
  readonly #asks = new Map<number, PromiseWithResolvers<unknown>>();
  /** Message ids of the kit's CALLs: those of the trace and those of now. */
  readonly #ids = new Map<string, string>();
  readonly #recordedCalls = new Map<string, string[]>();
  readonly #doors: { readonly stationId: string; readonly secure: boolean; readonly knocked: Knocked }[] = [];
  readonly #failed: ((reason: string) => void)[] = [];
  readonly #pages = new Map<string, (request: WebRequest) => void>();
  readonly #verdicts = new Map<number, HandshakeVerdict>();
  #place = 0;
  #waiting = false;
  #lastDial = 0;
  #lastAsk = 0;

  constructor(entries: readonly TraceEntry[], clock: VirtualClock, tape: Tape, rules: VersionRules, crypto: Crypto) {
    this.#entries = entries;
    this.#clock = clock;
    for (const entry of entries) {
      const parts = entry.kind === 'frame' && entry.by === 'tool' ? partsOf(entry.text) : undefined;
      if (parts?.type === 'call' && entry.kind === 'frame') listed(this.#recordedCalls, `${entry.link} ${parts.action}`).push(parts.id);
    }
    const random = seededRandom(1);
    const played = playedBack(tape, crypto, { random, ids: makeIds(random, clock) });
    let [doors, secureDoors, pages] = [0, 0, 0];
    this.outside = {
      clock,
      ids: played.ids,
      random: played.random,
      log: silentLog,
      rules: () => Promise.resolve(rules),
      crypto: () => Promise.resolve(played.crypto),
      dial: ({ timeoutMs }) => {
        const dialling = Promise.withResolvers<Socket>();
        this.#dials.set(this.#lastDial, dialling);
        clock.after(timeoutMs, 'the dial', () => dialling.reject(new DialError('timeout', 'nobody answers')));
        return dialling.promise;
      },
      perform: () => this.#ask(),
      // What a trace tells of a TLS handshake was a TlsAnswer when it was recorded; a mutation may have made it anything.
      tls: async () => tlsAnswer(await this.#ask()),
      door: (stationId, knocked) => {
        this.#doors.push({ stationId, secure: false, knocked });
        const { ws, second } = tape.doors[doors++] ?? { ws: 'ws://kit/ocpp', second: 'ws://kit/second' };
        return { ws, second, close: () => {} };
      },
      secureDoor: (stationId, tls, knocked, failed) => {
        const { wss, second, host } = tape.secureDoors[secureDoors++] ?? { wss: 'wss://kit/ocpp', second: 'wss://kit/second', host: 'kit' };
        tls(host);
        this.#doors.push({ stationId, secure: true, knocked });
        this.#failed.push(failed);
        return Promise.resolve({ wss, second, host, renew: () => {}, close: () => {} });
      },
      page: (path, _, seen) => {
        const { url, secureUrl } = tape.pages[pages++] ?? { url: `http://kit${path}`, secureUrl: '' };
        this.#pages.set(path, seen);
        return { url, secureUrl, release: () => {}, close: () => {} };
      },
    };
  }

  start(): void {
    this.#step();
  }

  /** The kit did something; or what was played arrived in its trace. */
  watch(entry: TraceEntry): void {
    if (entry.kind === 'dial') this.#lastDial = entry.link;
    if (entry.kind === 'ask') this.#lastAsk = entry.n;
    if (entry.by === 'sut') return;
    const sign = signature(entry);
    this.#done.set(sign, (this.#done.get(sign) ?? 0) + 1);
    const parts = entry.kind === 'frame' ? partsOf(entry.text) : undefined;
    if (parts?.type === 'call' && entry.kind === 'frame') {
      const recorded = listed(this.#recordedCalls, `${entry.link} ${parts.action}`).shift();
      if (recorded !== undefined) this.#ids.set(recorded, parts.id);
    }
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#clock.turn(() => this.#step());
  }

  #ask(): Promise<unknown> {
    const asking = Promise.withResolvers<unknown>();
    this.#asks.set(this.#lastAsk, asking);
    this.#clock.after(ASK_MS, 'the driver', () => asking.reject(new Inconclusive('the trace holds no answer of the driver')));
    return asking.promise;
  }

  /** Goes on from the present place as far as it can. */
  #step(): void {
    for (;;) {
      const entry = this.#entries[this.#place];
      if (entry === undefined) return;
      if (entry.by === 'sut') {
        const before = this.#entries[this.#place - 1]?.at ?? 0;
        this.#clock.after(Math.max(0, entry.at - before), 'the next entry of the trace', () => {
          this.#play(entry);
          this.#place += 1;
          this.#step();
        });
        return;
      }
      if (entry.kind === 'opened') this.#open(entry.link);
      const sign = signature(entry);
      const needed = (this.#needed.get(sign) ?? 0) + 1;
      if ((this.#done.get(sign) ?? 0) < needed) {
        this.#waiting = true;
        return;
      }
      this.#needed.set(sign, needed);
      this.#place += 1;
    }
  }

  #play(entry: TraceEntry): void {
    switch (entry.kind) {
      case 'opened':
        this.#dials.get(entry.link)?.resolve(this.#socket(entry.link, entry.subprotocol));
        return;
      case 'refused':
        this.#dials.get(entry.link)?.reject(new DialError(failureOf(entry.failure), entry.reason, entry.status));
        return;
      case 'frame':
        this.#sockets.get(entry.link)?.receive(this.#translated(entry.text));
        return;
      case 'closed':
        this.#sockets.get(entry.link)?.lost(entry.code, entry.reason);
        return;
      case 'reply':
        this.#asks.get(entry.n)?.resolve(entry.answer);
        return;
      case 'knock':
        this.#knock(entry.station, entry.link, entry.handshake);
        return;
      case 'tlsFailed':
        this.#failed.at(-1)?.(entry.reason);
        return;
      case 'web':
        if (isWebRequest(entry.request)) this.#web(entry.request);
        return;
      case 'dial':
      case 'ask':
        return;
    }
  }

  /** The message id of a CALL as the kit gave it now. */
  #translated(text: string): string {
    const parts = partsOf(text);
    if (parts === undefined || parts.type === 'call') return text;
    const now = this.#ids.get(parts.id);
    return now === undefined || now === parts.id ? text : text.replace(parts.id, now);
  }

  #knock(stationId: string, link: number, told: unknown): void {
    if (!isRecord(told)) return;
    const { certificate, path, secure, remoteAddress, subprotocols, authorization, tls } = told;
    const door = this.#doors.find((one) => one.stationId === stationId && one.secure === (secure === true)) ?? this.#doors[0];
    if (door === undefined) return;
    const verdict = door.knocked({
      path: String(path),
      subprotocols: Array.isArray(subprotocols) ? subprotocols.map(String) : [],
      authorization: typeof authorization === 'string' ? authorization : undefined,
      remoteAddress: String(remoteAddress),
      secure: secure === true,
      ...(isRecord(tls) ? { tls: { protocol: String(tls['protocol']), cipher: String(tls['cipher']) } } : {}),
      ...(typeof certificate === 'string' ? { clientCertificate: certificate } : {}),
    });
    this.#verdicts.set(link, verdict);
  }

  /** A knock that was accepted becomes a link. */
  #open(link: number): void {
    const verdict = this.#verdicts.get(link);
    this.#verdicts.delete(link);
    if (verdict?.kind === 'accept') verdict.opened(this.#socket(link, verdict.subprotocol));
  }

  #socket(link: number, subprotocol: string): PlayedSocket {
    const socket = new PlayedSocket(subprotocol);
    this.#sockets.set(link, socket);
    return socket;
  }

  #web(request: WebRequest): void {
    for (const [path, seen] of this.#pages) if (request.path.startsWith(path)) return seen(request);
  }
}

type Knocked = Parameters<Outside['door']>[1];

const listed = (map: Map<string, string[]>, key: string): string[] => {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
};

/** The kit's end of a link that exists only in a trace. */
class PlayedSocket implements Socket {
  readonly subprotocol: string;
  readonly remoteAddress = '127.0.0.1';
  readonly bufferedBytes = 0;
  #handlers: SocketHandlers | undefined;

  constructor(subprotocol: string) {
    this.subprotocol = subprotocol;
  }
  receive(text: string): void {
    this.#handlers?.text(text);
  }
  lost(code: number, reason: string): void {
    this.#handlers?.closed(code, reason);
  }
  handle(handlers: SocketHandlers): void {
    this.#handlers = handlers;
  }
  send(): void {}
  ping(): void {}
  close(): void {
    this.#handlers = undefined;
  }
  terminate(): void {
    this.#handlers = undefined;
  }
  pause(): void {}
  resume(): void {}
}

const FAILURES = ['badUrl', 'dns', 'refused', 'timeout', 'tls', 'http', 'subprotocol', 'closed'] as const;
const failureOf = (name: string): (typeof FAILURES)[number] => FAILURES.find((failure) => failure === name) ?? 'closed';

const isWebRequest = (value: unknown): value is WebRequest => isRecord(value) && typeof value['path'] === 'string';

const isAnswer = (answer: unknown): answer is TlsAnswer => isRecord(answer) && typeof answer['done'] === 'boolean';

function tlsAnswer(value: unknown): TlsAnswer {
  return isAnswer(value) ? value : { done: false, reason: 'the trace holds no answer' };
}
