import { type Action, type InboundCall, isOcppVersion, keepAlive, loadRules, maskFrame, Peer, type RpcError } from '@busbar/protocol';
import { OCPPCommCtrlr, SecurityCtrlr } from '@busbar/protocol/device-model';
import { DialError, type DialTls, limits, type Millis, messageOf, type Network, type Socket, s } from '@busbar/runtime';
import { serverFault } from './blocks/a-security/server-check.ts';
import type { Attempt, ConnectionPlan } from './blocks/b-provisioning/connection-plan.ts';
import type { Context } from './context.ts';

export interface LinkEvents {
  readonly serves: ReadonlySet<Action>;
  readonly gate: (action: Action) => RpcError | undefined;
  readonly call: (call: InboundCall) => void;
  readonly opened: (peer: Peer, attempt: Attempt) => void;
  readonly lost: () => void;
  readonly failed: (error: DialError) => void;
  /** The CSMS sent what is no message. */
  readonly invalid: (what: string) => void;
  readonly plan: ConnectionPlan;
  /** Lets the right roots judge a server, in the right order (M05.FR.14). */
  readonly judge: (slot: number, fault: (roots: readonly string[]) => string | undefined) => string | undefined;
  /** The CSMS roots of the station's store; everything else a dial must wait for is done when it resolves. */
  readonly roots: () => Promise<readonly string[]>;
}

/** Keeps one connection to the CSMS alive: dials, backs off, pings, dials again. */
export class Link {
  readonly #context: Context;
  readonly #network: Network;
  readonly #events: LinkEvents;
  #peer: Peer | undefined;
  #failures = 0;
  #waitMs: Millis = 0;
  #wanted = true;
  #lostAt: Millis | undefined;
  #alive: ReturnType<typeof keepAlive> = { heard: () => undefined, stop: () => undefined };

  constructor(context: Context, network: Network, events: LinkEvents) {
    this.#context = context;
    this.#network = network;
    this.#events = events;
    events.plan.fromFirst();
    context.scope.onClose(() => this.#drop());
    context.dm.onChange(OCPPCommCtrlr.WebSocketPingInterval, () => this.#peer && this.#listen(this.#peer.socket));
  }

  /** How long there has been no link; since power-on when there was none yet. */
  get offlineMs(): Millis {
    return this.#lostAt === undefined ? 0 : this.#context.clock.monotonic() - this.#lostAt;
  }

  get peer(): Peer | undefined {
    return this.#peer;
  }

  start(): void {
    this.#wanted = true;
    this.#context.scope.run('dial', () => this.#dial());
  }

  /** The cable to the network is pulled or plugged (control API). */
  pull(): void {
    this.#wanted = false;
    this.#peer?.socket.terminate();
  }

  /** Leaves and comes back at once, with what changed in between (a new password). */
  reconnect(): void {
    const peer = this.#peer;
    if (!peer) return;
    this.#failures = 0;
    this.#peer = undefined;
    this.#lostAt = this.#context.clock.monotonic();
    peer.close(1000, 'reconnecting');
    this.#events.lost();
    this.#events.plan.fromActive();
    this.start();
  }

  /** Says goodbye properly. */
  close(code: number, reason: string): void {
    this.#wanted = false;
    this.#peer?.close(code, reason);
  }

  /** Power is gone: the socket just dies. */
  #drop(): void {
    this.#wanted = false;
    const peer = this.#peer;
    this.#peer = undefined;
    peer?.socket.terminate();
  }

  async #dial(): Promise<void> {
    const { config, clock, scope, log, trace } = this.#context;
    if (!this.#wanted || scope.closed || this.#peer) return;
    const roots = await this.#events.roots();
    const attempt = this.#events.plan.next();
    if (!attempt) return this.#again();
    const url = `${attempt.profile.ocppCsmsUrl.replace(/\/+$/, '')}/${encodeURIComponent(attempt.identity)}`;
    trace({ kind: 'link', state: 'dialling', detail: url });
    let socket: Socket;
    try {
      socket = await this.#network.dial({
        url,
        subprotocols: config.versions ?? ['ocpp2.1', 'ocpp2.0.1'],
        deflate: config.deflate ?? false,
        timeoutMs: config.dialTimeoutMs ?? limits.callTimeoutMs,
        ...(attempt.password === undefined ? {} : { basic: { user: attempt.identity, password: attempt.password } }),
        ...(url.startsWith('wss:') ? { tls: await this.#tls(attempt, roots) } : {}),
      });
    } catch (error) {
      if (!(error instanceof DialError)) throw error;
      log.warn('cannot connect', { failure: error.failure, reason: error.message });
      trace({ kind: 'link', state: 'failed', detail: `${error.failure}: ${messageOf(error)}` });
      this.#events.failed(error);
      this.#events.plan.failed();
      this.#again();
      return;
    }
    if (!this.#wanted || scope.closed) return socket.terminate();
    if (!isOcppVersion(socket.subprotocol)) {
      socket.close(1002, 'no common subprotocol');
      this.#events.plan.failed();
      this.#again();
      return;
    }
    const rules = await loadRules(socket.subprotocol);
    if (scope.closed) return socket.terminate();
    this.#failures = 0; // errata 4.12: success ends the back-off
    trace({ kind: 'link', state: 'open', detail: socket.subprotocol });
    log.info('connected', { subprotocol: socket.subprotocol, at: clock.now() });
    this.#open(socket, rules, attempt);
  }

  /** D19: trust is the station's own store, the check is its own. An expired client certificate is shown all the same (A00.FR.430). */
  async #tls({ profile, certificate, slot }: Attempt, roots: readonly string[]): Promise<DialTls> {
    const { clock, dm } = this.#context;
    const crypto = await this.#context.crypto().catch((error: unknown) => {
      throw new DialError('tls', messageOf(error), undefined, error);
    });
    return {
      roots,
      judge: (server) =>
        this.#events.judge(slot, (trusted) =>
          serverFault({ crypto, server, roots: trusted, at: clock.now(), wildcards: dm.bool(SecurityCtrlr.AllowCSMSTLSWildcards) }),
        ),
      ...(profile.securityProfile === 3 && certificate ? { certificate: certificate.chain, key: certificate.key } : {}),
    };
  }

  #open(socket: Socket, rules: Awaited<ReturnType<typeof loadRules>>, attempt: Attempt): void {
    const { scope, ids, log, dm, trace } = this.#context;
    this.#listen(socket);
    const peer = new Peer({
      socket,
      rules,
      side: 'station',
      scope,
      ids,
      log,
      callTimeoutMs: s(attempt.profile.messageTimeout),
      serves: this.#events.serves,
      gate: (action) => this.#events.gate(action),
      call: (call) => {
        if (!scope.closed) this.#events.call(call);
      },
      frame: (direction, text) => {
        if (direction === 'in') this.#alive.heard(); // what we say ourselves proves nothing
        trace({ kind: 'frame', direction, text: maskFrame(text) });
      },
      invalidCall: (call) => {
        this.#events.invalid(`${call.action}: ${call.error.code}`);
        call.answer();
      },
      alive: () => this.#alive.heard(),
      closed: (code, reason) => {
        this.#alive.stop();
        if (scope.closed || this.#peer !== peer) return;
        this.#peer = undefined;
        this.#lostAt = this.#context.clock.monotonic();
        trace({ kind: 'link', state: 'lost', detail: `${code} ${reason}`.trim() });
        log.warn('connection lost', { code, reason });
        this.#events.lost();
        this.#events.plan.fromActive();
        this.#again();
      },
    });
    this.#peer = peer;
    dm.version = rules.version;
    this.#events.opened(peer, attempt);
  }

  #listen(socket: Socket): void {
    const { scope, dm } = this.#context;
    this.#alive.stop();
    this.#alive = keepAlive(socket, scope, s(dm.number(OCPPCommCtrlr.WebSocketPingInterval)), () => socket.terminate());
  }

  /** Part 4, 5.3: minimum plus random; doubled after each failure up to RepeatTimes; the random part is new each time (P04). */
  #again(): void {
    const { scope, dm, random } = this.#context;
    if (!this.#wanted || scope.closed) return;
    const minimumMs = s(dm.number(OCPPCommCtrlr.RetryBackOffWaitMinimum));
    const doublings = Math.min(this.#failures, dm.number(OCPPCommCtrlr.RetryBackOffRepeatTimes));
    this.#failures += 1;
    this.#waitMs = minimumMs * 2 ** doublings + Math.floor(random.next() * s(dm.number(OCPPCommCtrlr.RetryBackOffRandomRange)));
    scope.after(this.#waitMs, 'reconnect (Part 4, 5.3)', () => scope.run('dial', () => this.#dial()));
  }
}
