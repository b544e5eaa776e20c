import { type Action, isAction, loadRules, type OcppVersion, type RequestOf, type ResponseOf, type VersionRules } from '@busbar/protocol';
import { type Acceptor, type Clock, formatInstant, type Handshake, type HandshakeVerdict, type Socket } from '@busbar/runtime';
import type { VirtualNetwork } from '@busbar/runtime/virtual';

export interface ReceivedCall {
  readonly at: number;
  readonly id: string;
  readonly action: string;
  readonly payload: never;
}

type Answer = { readonly response: unknown } | { readonly error: string } | 'silence';
type Script = (payload: never, csms: ScriptedCsms) => Answer;

/**
 * The other side of a block test: notes every CALL, checks it against its schema, answers as its script says. It shares no
 * code with the CSMS of this repository.
 */
export class ScriptedCsms {
  readonly calls: ReceivedCall[] = [];
  readonly faults: string[] = [];
  readonly handshakes: Handshake[] = [];
  version: OcppVersion = 'ocpp2.0.1';
  /** Refuses or accepts connections. */
  accepting = true;
  /** Who may come, by his handshake. */
  judge: (handshake: Handshake) => boolean = () => true;
  /** How it refuses while it does not accept. */
  refusal: HandshakeVerdict = { kind: 'refuse', status: 503, reason: 'not now' };
  readonly #clock: Clock;
  readonly #scripts = new Map<string, Script[]>();
  readonly #waiting = new Map<string, (answer: { response?: unknown; error?: string }) => void>();
  #socket: Socket | undefined;
  #rules: VersionRules | undefined;
  #ids = 0;
  /** CALLs that came while one was unanswered: must stay 0 (P01). */
  overlaps = 0;
  #open = 0;

  constructor(clock: Clock, network: VirtualNetwork, origin = 'ws://csms', chain?: () => string) {
    this.#clock = clock;
    const judge: Acceptor = async (handshake) => {
      this.handshakes.push(handshake);
      if (!this.accepting || !this.judge(handshake)) return this.refusal;
      this.#rules = await loadRules(this.version);
      return { kind: 'accept', subprotocol: this.version, opened: (socket) => this.#opened(socket) };
    };
    network.listen(origin, judge, chain);
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  /** What the next CALL of this action gets; the default afterwards. */
  once<A extends Action>(
    action: A,
    answer: ResponseOf<A> | ((request: RequestOf<A>) => ResponseOf<A>) | { error: string } | 'silence',
  ): void {
    this.#add(action, answer, false);
  }

  always<A extends Action>(
    action: A,
    answer: ResponseOf<A> | ((request: RequestOf<A>) => ResponseOf<A>) | { error: string } | 'silence',
  ): void {
    this.#scripts.delete(action);
    this.#add(action, answer, true);
  }

  /** Requests of one action, oldest first. */
  of<A extends Action>(action: A): readonly RequestOf<A>[] {
    return this.calls.filter((call) => call.action === action).map((call) => call.payload);
  }

  last<A extends Action>(action: A): RequestOf<A> {
    const found = this.of(action).at(-1);
    if (!found) throw new Error(`no ${action} came`);
    return found;
  }

  forget(): void {
    this.calls.length = 0;
  }

  /** A CALL to the station; its answer must fit the schema. */
  async call<A extends Action>(action: A, request: RequestOf<A>): Promise<ResponseOf<A>> {
    const { response, error } = await this.callRaw(action, request);
    if (error !== undefined) throw new Error(`${action} was answered with ${error}`);
    const rules = await loadRules(this.version);
    const fault = rules.responseFault(action, response);
    if (fault || !rules.isResponse(action, response)) throw new Error(`the answer to ${action}: ${fault?.message ?? ''}`);
    return response;
  }

  callRaw(action: string, request: unknown): Promise<{ response?: unknown; error?: string }> {
    this.#ids += 1;
    const id = `csms-${this.#ids}`;
    this.#socket?.send(JSON.stringify([2, id, action, request]));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  close(): void {
    this.#socket?.close(1001, 'going away');
    this.#socket = undefined;
  }

  #add(action: string, answer: unknown, forever: boolean): void {
    const script: Script = (payload) => {
      if (!forever) this.#scripts.get(action)?.shift();
      if (answer === 'silence') return 'silence';
      if (typeof answer === 'function') return { response: answer(payload) };
      return typeof answer === 'object' && answer !== null && 'error' in answer ? { error: String(answer.error) } : { response: answer };
    };
    const known = this.#scripts.get(action) ?? [];
    this.#scripts.set(action, forever ? [...known, script] : [...known.slice(0, -1), script, ...known.slice(-1)]);
    if (!forever) this.#scripts.set(action, [...known, script]);
  }

  #opened(socket: Socket): void {
    this.#socket = socket;
    this.#open = 0;
    socket.handle({
      text: (data) => this.#received(data, socket),
      binary: () => this.faults.push('binary frame'),
      alive: () => undefined,
      closed: () => {
        if (this.#socket === socket) this.#socket = undefined;
        for (const resolve of this.#waiting.values()) resolve({ error: 'closed' });
        this.#waiting.clear();
      },
    });
  }

  #received(text: string, socket: Socket): void {
    const frame: [number, string, string, never] = JSON.parse(text);
    const [type, id, third, payload] = frame;
    if (type === 3 || type === 4) {
      const resolve = this.#waiting.get(id);
      this.#waiting.delete(id);
      resolve?.(type === 3 ? { response: third } : { error: third });
      return;
    }
    this.#open += 1;
    if (this.#open > 1) this.overlaps += 1;
    this.calls.push({ at: this.#clock.now(), id, action: third, payload });
    const fault = isAction(third) ? this.#rules?.requestFault(third, payload) : undefined;
    if (fault) this.faults.push(`${third}: ${fault.code} ${fault.message}`);
    const answer = (this.#scripts.get(third)?.[0] ?? standard)(payload, this);
    if (answer === 'silence') {
      this.#open -= 1;
      return;
    }
    this.#open -= 1;
    const out = 'error' in answer ? [4, id, answer.error, '', {}] : [3, id, answer.response];
    socket.send(JSON.stringify(out));
  }

  now(): string {
    return formatInstant(this.#clock.now());
  }

  get lastAction(): string {
    return this.calls.at(-1)?.action ?? '';
  }
}

/** A friendly CSMS: accepts everything. */
const standard: Script = (payload, csms) => {
  const action = csms.lastAction;
  if (action === 'BootNotification') return { response: { currentTime: csms.now(), interval: 300, status: 'Accepted' } };
  if (action === 'Heartbeat') return { response: { currentTime: csms.now() } };
  if (action === 'Authorize') return { response: { idTokenInfo: { status: 'Accepted' } } };
  if (action === 'TransactionEvent') return { response: 'idToken' in payload ? { idTokenInfo: { status: 'Accepted' } } : {} };
  if (action === 'DataTransfer') return { response: { status: 'Accepted' } };
  return { response: {} };
};
