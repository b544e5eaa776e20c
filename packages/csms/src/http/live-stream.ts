import { formatInstant, limits, s } from '@busbar/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FleetDelta } from '../fleet/fleet-view.ts';
import type { Kernel } from '../kernel.ts';
import type { Live, LiveEvent, Numbered } from '../live.ts';
import type { UseCases } from '../use-cases.ts';
import type { Access, AccessControl } from './access.ts';
import { Sight } from './sight.ts';

/** What a client wants to hear. */
export interface Topics {
  /** Views by name, and kinds of events; every kind and no view when left out. */
  readonly names: ReadonlySet<string> | undefined;
  readonly stationId: string | undefined;
}

/** What has no kind of event behind it: lines of the fleet as they change, the list of incidents whenever it is another, whose frames are new. */
const VIEWS = new Set(['fleet', 'incidents', 'messages']);

/** `topics=fleet,incidents,transaction`. */
export const topicsOf = (topics: string | undefined, stationId: string | undefined): Topics => ({
  names: topics === undefined ? undefined : new Set(topics.split(',')),
  stationId,
});

/** How often the rules look again while somebody waits for what they say. */
const INCIDENTS_MS = s(1);
const BEAT_MS = s(15);
const MESSAGES_MS = s(1);
/** Stations of new frames that are named; more of them are `null`: anybody's. */
const MOST_NAMED = 20;

/**
 * Server-sent events. Events of kinds are numbered: a `Last-Event-ID` that is remembered is continued, an older one gets
 * `snapshot` first (the client reads the lists again). The views have no numbers: whoever comes reads them first.
 */
export class EventStreams {
  readonly #useCases: UseCases;
  readonly #access: AccessControl;
  readonly #clients = new Set<Client>();

  constructor(useCases: UseCases, access: AccessControl) {
    this.#useCases = useCases;
    this.#access = access;
  }

  get size(): number {
    return this.#clients.size;
  }

  close(): void {
    for (const client of this.#clients) client.end();
  }

  async open(request: FastifyRequest, reply: FastifyReply, topics: Topics): Promise<void> {
    const { kernel, fleet } = this.#useCases;
    const client = new Client(kernel, this.#access, request, reply, topics);
    this.#clients.add(client);
    client.whenGone(() => this.#clients.delete(client));
    const { names, stationId } = topics;
    if (names?.has('fleet')) client.whenGone(await fleet.view.follow({ delta: (delta) => client.fleet(delta) }));
    if (names?.has('incidents')) this.#tellIncidents(client);
    if (names?.has('messages')) this.#tellMessages(client, stationId);
    client.events(kernel.live);
  }

  /** The frames themselves are read from their list: it knows filters, and nobody is sent what he does not look at. */
  #tellMessages(client: Client, only: string | undefined): void {
    const { messages, scope } = this.#useCases.kernel;
    const heard = new Set<string>();
    const listen = (stationId: string): void => {
      if (heard.size <= MOST_NAMED && (only ?? stationId) === stationId && client.sight.identity(stationId)) heard.add(stationId);
    };
    client.whenGone(messages.listen(listen));
    const timer = scope.every(MESSAGES_MS, 'messages', () => {
      if (heard.size === 0) return;
      client.write(`event: messages\ndata: ${JSON.stringify({ stationIds: heard.size > MOST_NAMED ? null : [...heard] })}\n\n`);
      heard.clear();
    });
    client.whenGone(() => timer.cancel());
  }

  #tellIncidents(client: Client): void {
    const { kernel, fleet } = this.#useCases;
    let last = '';
    const tell = async (): Promise<void> => {
      const text = JSON.stringify((await fleet.incidents()).filter(({ stations }) => stations.some((id) => client.sight.identity(id))));
      if (text !== last) client.write(`event: incidents\ndata: ${text}\n\n`);
      last = text;
    };
    const look = (): void => kernel.scope.run('incidents', tell);
    look();
    const timer = kernel.scope.every(INCIDENTS_MS, 'incidents', look);
    client.whenGone(() => timer.cancel());
  }
}

/** One follower: sees the stations of his sites, while he may. */
class Client {
  sight: Sight;
  readonly #kernel: Kernel;
  readonly #access: AccessControl;
  readonly #lastId: string | undefined;
  readonly #raw: FastifyReply['raw'];
  readonly #topics: Topics;
  readonly #closers: (() => void)[] = [];
  #who: Access | undefined;
  #gone = false;

  constructor(kernel: Kernel, access: AccessControl, request: FastifyRequest, reply: FastifyReply, topics: Topics) {
    this.#kernel = kernel;
    this.#access = access;
    this.#topics = topics;
    this.#who = request.access;
    this.sight = new Sight(kernel, this.#who);
    this.#lastId = request.headers['last-event-id']?.toString();
    this.#raw = reply.raw;
    reply.hijack();
    this.#raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    this.#raw.on('close', () => {
      this.#gone = true;
      for (const close of this.#closers.splice(0)) close();
    });
    this.write(': welcome\n\n');
    this.whenGone(access.onChange(() => this.#askAgain()));
    const beat = kernel.scope.every(BEAT_MS, 'event stream', () => {
      this.#askAgain();
      this.write(': alive\n\n');
    });
    this.whenGone(() => beat.cancel());
  }

  /** Signed out, disabled, revoked or over: the stream ends with it. Other sites count from the next event on. */
  #askAgain(): void {
    this.#who = this.#who && this.#access.again(this.#who);
    this.sight = new Sight(this.#kernel, this.#who);
    if (this.#who === undefined) this.end();
  }

  whenGone(action: () => void): void {
    if (this.#gone) action();
    else this.#closers.push(action);
  }

  end(): void {
    this.#gone = true;
    this.#raw.end();
  }

  /** A client that does not read is closed; it comes back with its Last-Event-ID. */
  write(text: string): void {
    if (this.#gone) return;
    if (this.#raw.writableLength > limits.eventClientBytes) this.#raw.destroy();
    else this.#raw.write(text);
  }

  fleet({ at, rows, gone, seen }: FleetDelta): void {
    const own = rows.filter(({ id }) => this.sight.identity(id));
    const heard = seen.filter(([id]) => this.sight.identity(id));
    if (own.length + gone.length + heard.length === 0) return;
    this.write(`event: fleet\ndata: ${JSON.stringify({ at: formatInstant(at), rows: own, gone, seen: heard })}\n\n`);
  }

  /** The numbered events, from where the client was. */
  events(live: Live): void {
    const { names } = this.#topics;
    if (names !== undefined && [...names].every((name) => VIEWS.has(name))) return;
    const lastId = Number(this.#lastId ?? live.lastId);
    const missed = live.since(lastId);
    if (missed === undefined) this.write(`id: ${live.lastId}\nevent: snapshot\ndata: {}\n\n`);
    else for (const event of missed) this.#send(event);
    this.whenGone(live.listen((event) => this.#send(event)));
  }

  #send({ id, at, event }: Numbered): void {
    if (!this.#wants(event)) return;
    this.write(`id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify({ at: formatInstant(at), ...event })}\n\n`);
  }

  #wants(event: LiveEvent): boolean {
    const { names, stationId } = this.#topics;
    return (
      (names === undefined || names.has(event.type)) &&
      (stationId === undefined || stationId === event.stationId) &&
      this.sight.event(event)
    );
  }
}
