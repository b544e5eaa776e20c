import type { Clock } from '../clock.ts';
import type { Millis } from '../instant.ts';
import { limits } from '../limits.ts';
import { type Acceptor, DialError, type DialRequest, type Network, oversizeReason, type Socket, type SocketHandlers } from '../network.ts';

/** A network in memory: listeners by origin, latency, partitions and cut cables, all on the virtual clock. */
export class VirtualNetwork implements Network {
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Acceptor>();
  readonly #certificates = new Map<string, () => string>();
  readonly #open = new Set<VirtualSocket>();
  /** Counts what happened to all connections at once; a handshake under way is concerned too. */
  #breaks = 0;
  /** One way, per frame. */
  latencyMs: () => Millis = () => 1;
  /** While true nothing passes: dialling times out and frames vanish until `heal`. */
  partitioned = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `origin` is scheme, host and port, as `ws://csms`; a wss one shows this chain. Returns the way to stop listening. */
  listen(origin: string, acceptor: Acceptor, chain?: () => string): () => void {
    this.#listeners.set(origin, acceptor);
    if (chain) this.#certificates.set(origin, chain);
    return () => this.#listeners.delete(origin);
  }

  async dial(request: DialRequest): Promise<Socket> {
    const [, origin = '', path = ''] = /^(wss?:\/\/[^/]+)(\/[^?#]*)/.exec(request.url) ?? [];
    const acceptor = this.#listeners.get(origin);
    if (this.partitioned) {
      await this.#sleep(request.timeoutMs);
      throw new DialError('timeout', `no answer from ${origin}`);
    }
    await this.#sleep(this.latencyMs());
    if (!acceptor) throw new DialError('refused', `nobody listens at ${origin}`);
    const chain = this.#certificates.get(origin)?.();
    const host = /^wss?:\/\/([^/:]+)/.exec(origin)?.[1] ?? '';
    const refused = chain === undefined ? undefined : request.tls?.judge?.({ chain, host });
    if (refused !== undefined) throw new DialError('tls', refused, undefined, undefined, 'certificate');
    const breaks = this.#breaks;
    const verdict = await acceptor({
      path,
      subprotocols: request.subprotocols,
      authorization: request.basic
        ? `Basic ${Buffer.from(`${request.basic.user}:${request.basic.password.reveal()}`).toString('base64')}`
        : undefined,
      remoteAddress: '127.0.0.1',
      secure: request.url.startsWith('wss:'),
      ...(request.tls?.certificate === undefined ? {} : { clientCertificate: request.tls.certificate }),
    });
    await this.#sleep(this.latencyMs());
    if (verdict.kind === 'refuse') throw new DialError('http', verdict.reason, verdict.status);
    if (verdict.kind === 'acceptAndClose') throw new DialError('subprotocol', verdict.reason);
    // The other side died meanwhile, or the wire did: nobody is there to take the connection.
    if (breaks !== this.#breaks || this.partitioned || this.#listeners.get(origin) !== acceptor)
      throw new DialError('closed', `${origin} went away during the handshake`);
    const [near, far] = this.#pair(verdict.subprotocol);
    verdict.opened(far);
    return near;
  }

  /** Breaks every open connection without a goodbye; both ends notice. */
  breakAll(): void {
    this.#breaks += 1;
    for (const socket of this.#open) socket.lost(1006, 'connection lost');
  }

  /** Every open connection dies and nobody is told: what a lost power supply or a forgetful router does. */
  abandonAll(): void {
    this.#breaks += 1;
    for (const socket of this.#open) socket.abandoned = true;
  }

  #sleep(ms: Millis): Promise<void> {
    return new Promise((resolve) => this.#clock.after(ms, 'network', resolve));
  }

  #pair(subprotocol: string): [VirtualSocket, VirtualSocket] {
    const near = new VirtualSocket(subprotocol, this.#clock, this);
    const far = new VirtualSocket(subprotocol, this.#clock, this);
    near.other = far;
    far.other = near;
    for (const socket of [near, far]) {
      this.#open.add(socket);
      socket.onGone = () => this.#open.delete(socket);
    }
    return [near, far];
  }
}

class VirtualSocket implements Socket {
  readonly subprotocol: string;
  readonly clock: Clock;
  readonly network: VirtualNetwork;
  readonly remoteAddress = '127.0.0.1';
  readonly bufferedBytes = 0;
  other: VirtualSocket | undefined;
  onGone: () => void = () => undefined;
  /** Nothing passes any more, in either direction, not even a goodbye. */
  abandoned = false;
  #handlers: SocketHandlers | undefined;
  readonly #early: ((handlers: SocketHandlers) => void)[] = [];
  #open = true;
  #paused = false;
  #lastArrival: Millis = 0;

  constructor(subprotocol: string, clock: Clock, network: VirtualNetwork) {
    this.subprotocol = subprotocol;
    this.clock = clock;
    this.network = network;
  }

  send(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (bytes > limits.frameBytes) this.#deliver(() => this.other?.tooLarge(bytes));
    else this.#deliver((handlers) => handlers.text(text));
  }

  tooLarge(bytes: number): void {
    this.#handlers?.oversize?.(bytes);
    this.close(1009, oversizeReason(bytes, limits.frameBytes));
  }

  ping(): void {
    this.#deliver((handlers) => handlers.alive());
    this.other?.pongTo(this);
  }

  pongTo(asker: VirtualSocket): void {
    if (this.#open && !this.abandoned && !this.network.partitioned) {
      this.clock.after(2 * this.network.latencyMs(), 'pong', () => asker.receive((handlers) => handlers.alive()));
    }
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.#deliverClose(code, reason);
    this.lost(code, reason);
  }

  terminate(): void {
    this.close(1006, 'terminated');
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#flush();
  }

  handle(handlers: SocketHandlers): void {
    this.#handlers = handlers;
    this.#flush();
  }

  lost(code: number, reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.onGone();
    this.receive((handlers) => handlers.closed(code, reason), true);
  }

  #deliverClose(code: number, reason: string): void {
    const { other } = this;
    if (this.abandoned || this.network.partitioned) return;
    this.clock.after(this.#arrival(), 'close frame', () => other?.lost(code, reason));
  }

  #deliver(what: (handlers: SocketHandlers) => void): void {
    const { other } = this;
    if (!this.#open || this.abandoned || this.network.partitioned) return;
    this.clock.after(this.#arrival(), 'frame', () => other?.receive(what));
  }

  /** Frames of one direction never overtake each other, whatever the latency draws. */
  #arrival(): Millis {
    const at = Math.max(this.#lastArrival, this.clock.monotonic() + this.network.latencyMs());
    this.#lastArrival = at;
    return at - this.clock.monotonic();
  }

  receive(what: (handlers: SocketHandlers) => void, evenClosed = false): void {
    if (!this.#open && !evenClosed) return;
    this.#early.push(what);
    this.#flush();
  }

  #flush(): void {
    if (this.#handlers === undefined || this.#paused) return;
    for (const what of this.#early.splice(0)) what(this.#handlers);
  }
}
