import { monitorEventLoopDelay } from 'node:perf_hooks';
import { cpuUsage, memoryUsage, versions } from 'node:process';
import { type Instant, s, VERSION } from '@busbar/runtime';
import { dayStart } from '../fleet/overview.ts';
import type { Histogram } from '../histogram.ts';
import type { Kernel } from '../kernel.ts';
import type { StationFigures } from '../store/fleet-reader.ts';
import type { StationRow } from '../store/intents.ts';
import type { Tally } from '../tally.ts';

type Kind = 'gauge' | 'counter';
type Labels = Readonly<Record<string, string>>;

/** Label values are words of our own lists; a value from outside would be escaped here. */
const labelled = (labels: Labels): string => {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll(/["\\\n]/g, '_')}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
};

function family(name: string, kind: Kind, help: string, values: readonly (readonly [labels: Labels, value: number])[]): string {
  const lines = values.map(([labels, value]) => `busbar_${name}${labelled(labels)} ${value}\n`);
  return `# HELP busbar_${name} ${help}\n# TYPE busbar_${name} ${kind}\n${lines.join('')}`;
}

const single = (name: string, kind: Kind, help: string, value: number): string => family(name, kind, help, [[{}, value]]);

const tally = (name: string, label: string, help: string, counts: Tally<string>): string =>
  family(
    name,
    'counter',
    help,
    counts.entries().map(([word, count]) => [{ [label]: word }, count]),
  );

function buckets(name: string, help: string, { bounds, counts, sum, count }: Histogram): string {
  let below = 0;
  const lines = bounds.map((bound, index) => {
    below += counts[index] ?? 0;
    return `busbar_${name}_bucket{le="${bound}"} ${below}\n`;
  });
  return [
    `# HELP busbar_${name} ${help}\n# TYPE busbar_${name} histogram\n`,
    ...lines,
    `busbar_${name}_bucket{le="+Inf"} ${count}\nbusbar_${name}_sum ${sum}\nbusbar_${name}_count ${count}\n`,
  ].join('');
}

/** The states of OCPP, and one for what a station may invent. */
const CONNECTOR_STATES = ['Available', 'Occupied', 'Reserved', 'Unavailable', 'Faulted', 'other'];
const NS = 1e9;
/** How old figures from the store may be that are told again: several may scrape, and somebody in a loop. */
const FIGURES_MS = s(10);
/** Prometheus gives a scrape ten seconds. */
const FIGURES_WAIT_MS = s(2);
const DEAD_MS = s(24 * 3600);

/** What Prometheus scrapes (text format 0.0.4). It costs nothing until somebody asks for the first time. */
export class Metrics {
  readonly #kernel: Kernel;
  readonly #followers: () => number;
  #figures: { readonly at: Instant; readonly found: Promise<StationFigures> } | undefined;
  #loop: ReturnType<typeof monitorEventLoopDelay> | undefined;

  constructor(kernel: Kernel, followers: () => number) {
    this.#kernel = kernel;
    this.#followers = followers;
  }

  async text(draining: boolean): Promise<string> {
    return [this.#process(draining), this.#durability(), this.#traffic(), await this.#fleet()].join('');
  }

  close(): void {
    this.#loop?.disable();
  }

  #process(draining: boolean): string {
    const { user, system } = cpuUsage();
    return [
      family('build_info', 'gauge', 'Always 1; what runs here.', [[{ version: VERSION, node: versions.node }, 1]]),
      single('draining', 'gauge', '1 once this process was told to stop.', draining ? 1 : 0),
      single('resident_memory_bytes', 'gauge', 'Resident memory of the process.', memoryUsage.rss()),
      single('cpu_seconds_total', 'counter', 'Processor time of all threads of the process.', (user + system) / 1e6),
      this.#eventLoop(),
    ].join('');
  }

  /** Between two looks; a look begins the next span. */
  #eventLoop(): string {
    const loop = this.#loop;
    if (loop === undefined) {
      this.#loop = monitorEventLoopDelay({ resolution: 20 });
      this.#loop.enable();
    }
    const seconds = (quantile: number): number => (loop === undefined || loop.count === 0 ? 0 : loop.percentile(quantile * 100) / NS);
    const values = ([0.5, 0.99, 1] as const).map((quantile) => [{ quantile: `${quantile}` }, seconds(quantile)] as const);
    loop?.reset();
    return family('event_loop_delay_seconds', 'gauge', 'How late timers ran since the last scrape; about 0.02 is none.', values);
  }

  #durability(): string {
    const { queue, messages } = this.#kernel;
    return [
      single('queue_depth', 'gauge', 'Groups of intents that wait for their commit.', queue.depth),
      single('queue_oldest_seconds', 'gauge', 'How long the oldest of them has waited.', queue.oldestMs / 1000),
      single('queue_pressure', 'gauge', '1 while sockets are not read because the store is behind.', queue.pressure === 'ok' ? 0 : 1),
      single('store_healthy', 'gauge', '0 while the store cannot write.', queue.healthy ? 1 : 0),
      single('stored_total', 'counter', 'Groups of intents that are durable.', queue.stored),
      buckets('batch_groups', 'Groups handed over to the store in one loop turn.', queue.batches),
      buckets('commit_seconds', 'From handing over to durable.', queue.commitSeconds),
      single('messages_kept_total', 'counter', 'Raw frames handed to the message log.', messages.kept),
      single('messages_dropped_total', 'counter', 'Raw frames that were not kept because the message log was behind.', messages.dropped),
    ].join('');
  }

  #traffic(): string {
    const { queue, live, counted } = this.#kernel;
    return [
      single('answered_total', 'counter', 'CALLs of stations that were answered.', queue.answered),
      tally('refused_handshakes_total', 'status', 'Links that were refused, by HTTP status; 0 = TLS failed.', counted.refusedHandshakes),
      tally('callerrors_sent_total', 'code', 'CALLERRORs that stations got.', counted.callErrorsSent),
      tally('callerrors_received_total', 'code', 'CALLERRORs that stations sent.', counted.callErrorsReceived),
      tally('commands_total', 'end', 'Commands to stations by how they ended.', counted.commands),
      tally('webhook_attempts_total', 'result', 'Attempts to deliver to webhooks.', counted.webhookAttempts),
      single('live_events_total', 'counter', 'Events told to followers.', live.lastId),
      single('event_streams', 'gauge', 'Followers of the event stream.', this.#followers()),
    ].join('');
  }

  async #fleet(): Promise<string> {
    const { stations } = this.#kernel;
    const known = [...stations.values()].filter(({ record }) => record.approval !== 'retired');
    const figures = await this.#inTime();
    return [
      single('stations', 'gauge', 'Stations that are registered.', stations.size),
      single('stations_connected', 'gauge', 'Stations with a link.', known.filter(({ session }) => session !== undefined).length),
      single(
        'stations_unapproved',
        'gauge',
        'Stations that wait for approval.',
        known.filter(({ record }) => record.approval === 'unapproved').length,
      ),
      ...(figures === undefined ? [] : [this.#fromStore(figures)]),
    ].join('');
  }

  /** Simulated stations are never counted with real ones. */
  #fromStore({ connectors, running, ended, deliveries }: StationFigures): string {
    const split = <T extends { readonly station: StationRow }>(rows: readonly T[], of: (row: T) => number) =>
      [false, true].map((virtual) => {
        const own = rows.filter(({ station }) => this.#isVirtual(station) === virtual);
        return [{ virtual: `${virtual}` }, own.reduce((sum, row) => sum + of(row), 0)] as const;
      });
    const stateOf = (status: string): string => (CONNECTOR_STATES.includes(status) ? status : 'other');
    const inState = (state: string) =>
      split(connectors, ({ status, count }) => (stateOf(status) === state ? count : 0)).map(
        ([labels, count]) => [{ state, ...labels }, count] as const,
      );
    const energy = split(ended, ({ energyMWh }) => energyMWh).map(([labels, mWh]) => [labels, mWh / 1000] as const);
    return [
      family('connectors', 'gauge', 'Connectors by the state their station told.', CONNECTOR_STATES.flatMap(inState)),
      family(
        'transactions_running',
        'gauge',
        'Transactions that have not ended.',
        split(running, ({ count }) => count),
      ),
      family(
        'transactions_ended_today',
        'gauge',
        'Transactions that ended since midnight.',
        split(ended, ({ count }) => count),
      ),
      family('energy_today_wh', 'gauge', 'Energy of the transactions that ended since midnight at the first site.', energy),
      family('webhook_deliveries', 'gauge', 'Deliveries that wait, and those given up within a day.', [
        [{ state: 'pending' }, deliveries.pending],
        [{ state: 'dead' }, deliveries.dead],
      ]),
    ].join('');
  }

  /** A store in trouble must not take the rest of the figures with it: they say that it is. */
  async #inTime(): Promise<StationFigures | undefined> {
    const { scope, log } = this.#kernel;
    const late = Promise.withResolvers<undefined>();
    const timer = scope.after(FIGURES_WAIT_MS, 'figures of the store', () => late.resolve(undefined));
    try {
      return await Promise.race([this.#asked(), late.promise]);
    } catch (error) {
      log.warn('metrics without the figures of the store', { error });
      return undefined;
    } finally {
      timer.cancel();
    }
  }

  #isVirtual(row: StationRow): boolean {
    return this.#kernel.stations.byRow(row)?.settings.virtual === true;
  }

  #asked(): Promise<StationFigures> {
    const now = this.#kernel.clock.now();
    if (this.#figures === undefined || now - this.#figures.at > FIGURES_MS || now < this.#figures.at) {
      const found = this.#ask(now);
      this.#figures = { at: now, found };
      found.catch(() => (this.#figures = undefined));
    }
    return this.#figures.found;
  }

  async #ask(now: Instant): Promise<StationFigures> {
    const { read } = this.#kernel;
    const [first] = await read.sites();
    return read.figures({ ended: dayStart(first?.zone ?? 'UTC', now), dead: now - DEAD_MS });
  }
}
