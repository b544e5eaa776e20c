import { formatInstant, limits, s } from '@busbar/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FleetDelta } from '../fleet/fleet-view.ts';
import type { Live, LiveEvent, Numbered } from '../live.ts';
import type { UseCases } from '../use-cases.ts';

/** What a client wants to hear. */
export interface Topics {
  /** Kinds of events; all of them when left out. */
  readonly kinds: ReadonlySet<string> | undefined;
  /** Lines of the fleet as they change. */
  readonly fleet: boolean;
  /** The list of incidents, whenever it is another. */
  readonly incidents: boolean;
  readonly stationId: string | undefined;
  /** A station the client may know of. */
  readonly sees: (stationId: string) => boolean;
}

/** `topics=fleet,incidents,transaction`: the two views by name, everything else is a kind of event. */
export function topicsOf(text: string | undefined): Pick<Topics, 'kinds' | 'fleet' | 'incidents'> {
  if (text === undefined) return { kinds: undefined, fleet: false, incidents: false };
  const words = new Set(text.split(','));
  return { kinds: words, fleet: words.has('fleet'), incidents: words.has('incidents') };
}

/** How often the rules look again while somebody waits for what they say. */
const INCIDENTS_MS = s(1);
const BEAT_MS = s(15);

/**
 * Server-sent events. Events of kinds are numbered: a `Last-Event-ID` that is remembered is continued, an older one gets
 * `snapshot` first (the client reads the lists again). The two views have no numbers: whoever comes reads them first.
 */
export class EventStreams {
  readonly #useCases: UseCases;
  readonly #clients = new Set<Client>();

  constructor(useCases: UseCases) {
    this.#useCases = useCases;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Ends all of them, or those that no longer may. */
  close(which: (request: FastifyRequest) => boolean = () => true): void {
    for (const client of this.#clients) if (which(client.request)) client.end();
  }

  async open(request: FastifyRequest, reply: FastifyReply, topics: Topics): Promise<void> {
    const client = new Client(request, reply, topics);
    this.#clients.add(client);
    const { kernel, fleet } = this.#useCases;
    client.whenGone(() => this.#clients.delete(client));
    const beat = kernel.scope.every(BEAT_MS, 'event stream', () => client.write(': alive\n\n'));
    client.whenGone(() => beat.cancel());
    if (topics.fleet) client.whenGone(await fleet.view.follow({ delta: (delta) => client.fleet(delta) }));
    if (topics.incidents) this.#tellIncidents(client);
    client.events(kernel.live);
  }

  #tellIncidents(client: Client): void {
    const { kernel, fleet } = this.#useCases;
    let last = '';
    const tell = async (): Promise<void> => {
      const text = JSON.stringify((await fleet.incidents()).filter(({ stations }) => stations.some(client.sees)));
      if (text !== last) client.write(`event: incidents\ndata: ${text}\n\n`);
      last = text;
    };
    const look = (): void => kernel.scope.run('incidents', tell);
    look();
    const timer = kernel.scope.every(INCIDENTS_MS, 'incidents', look);
    client.whenGone(() => timer.cancel());
  }
}

class Client {
  readonly request: FastifyRequest;
  readonly #raw: FastifyReply['raw'];
  readonly #topics: Topics;
  readonly #closers: (() => void)[] = [];
  #gone = false;

  constructor(request: FastifyRequest, reply: FastifyReply, topics: Topics) {
    this.request = request;
    this.#topics = topics;
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
  }

  readonly sees = (stationId: string): boolean => this.#topics.sees(stationId);

  whenGone(action: () => void): void {
    if (this.#gone) action();
    else this.#closers.push(action);
  }

  end(): void {
    this.#raw.end();
  }

  /** A client that does not read is closed; it comes back with its Last-Event-ID. */
  write(text: string): void {
    if (this.#gone) return;
    if (this.#raw.writableLength > limits.eventClientBytes) this.#raw.destroy();
    else this.#raw.write(text);
  }

  fleet({ at, rows, gone, seen }: FleetDelta): void {
    const own = rows.filter(({ id }) => this.sees(id));
    const heard = seen.filter(([id]) => this.sees(id));
    if (own.length + gone.length + heard.length === 0) return;
    this.write(`event: fleet\ndata: ${JSON.stringify({ at: formatInstant(at), rows: own, gone, seen: heard })}\n\n`);
  }

  /** The numbered events, from where the client was. */
  events(live: Live): void {
    const { kinds } = this.#topics;
    const onlyViews = kinds !== undefined && [...kinds].every((kind) => kind === 'fleet' || kind === 'incidents');
    if (onlyViews) return;
    const lastId = Number(this.request.headers['last-event-id'] ?? live.lastId);
    const missed = live.since(lastId);
    if (missed === undefined) this.write(`id: ${live.lastId}\nevent: snapshot\ndata: {}\n\n`);
    else for (const event of missed) this.#send(event);
    this.whenGone(live.listen((event) => this.#send(event)));
  }

  #send({ id, at, event }: Numbered): void {
    if (!this.#wants(event)) return;
    this.write(`id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify({ at: formatInstant(at), ...event })}\n\n`);
  }

  #wants({ type, stationId }: LiveEvent): boolean {
    const { kinds, stationId: only } = this.#topics;
    return (kinds === undefined || kinds.has(type)) && (only === undefined || only === stationId) && this.sees(stationId);
  }
}
