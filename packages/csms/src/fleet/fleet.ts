import { type Instant, s } from '@busbar/runtime';
import type { Kernel } from '../kernel.ts';
import type { TxRecord } from '../store/store.ts';
import { FleetView } from './fleet-view.ts';
import { type IncidentView, incidentsOf, type Picture } from './incidents.ts';
import { dayStart, type OverviewView, overviewOf } from './overview.ts';
import type { FleetRowView } from './row.ts';

/** What the rules need from the store is asked again when it is older than this; links, faults and refusals are always true. */
const SLOW_MS = s(15);
/** How old a judgement may be that is told again. */
const JUDGED_MS = s(0.5);
const HALF_HOUR_MS = s(1800);
const DAY_MS = s(86_400);
const CERTIFICATES_MS = 30 * DAY_MS;
/** Enough for the busiest day of 10,000 connectors; beyond it the oldest of the day are not in the figures. */
const MOST_ENDED = 50_000;

type Slow = Pick<Picture, 'links' | 'certificates' | 'ended' | 'provisional' | 'invalid' | 'security'>;

/** All stations at a glance: their lines, what is wrong with them, what they do in sum. */
export class Fleet {
  readonly view: FleetView;
  readonly #kernel: Kernel;
  #judged: { readonly at: number; readonly found: Promise<readonly IncidentView[]> } | undefined;
  #slow: { readonly at: Instant; readonly facts: Promise<Slow> } | undefined;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.view = new FleetView(kernel);
  }

  /** Worst first. Judged at most twice a second, however many look. */
  incidents(): Promise<readonly IncidentView[]> {
    const now = this.#kernel.clock.monotonic();
    if (this.#judged === undefined || now - this.#judged.at >= JUDGED_MS) {
      const found = this.#judge();
      this.#judged = { at: now, found };
      found.catch(() => (this.#judged = undefined));
    }
    return this.#judged.found;
  }

  async #judge(): Promise<readonly IncidentView[]> {
    const { clock, stations } = this.#kernel;
    await this.view.open();
    return incidentsOf({
      ...(await this.#slowFacts()),
      now: clock.now(),
      stations: stations.all().filter(({ record }) => record.approval !== 'retired'),
      factsOf: (station) => this.view.facts(station),
      refused: stations.refusedHandshakes(),
    });
  }

  async overview(sees: (row: FleetRowView) => boolean = () => true): Promise<OverviewView> {
    const { clock, read } = this.#kernel;
    const now = clock.now();
    const [first] = await read.sites();
    const since = dayStart(first?.zone ?? 'UTC', now);
    const { ended } = await this.#slowFacts();
    const today = ended.filter(({ row }) => (row.endedAt ?? 0) >= since);
    return overviewOf((await this.view.rows()).filter(sees), today, since);
  }

  #slowFacts(): Promise<Slow> {
    const now = this.#kernel.clock.now();
    if (this.#slow === undefined || now - this.#slow.at > SLOW_MS || now < this.#slow.at) {
      const facts = this.#ask(now);
      this.#slow = { at: now, facts };
      facts.catch(() => (this.#slow = undefined));
    }
    return this.#slow.facts;
  }

  async #ask(now: Instant): Promise<Slow> {
    const { read } = this.#kernel;
    const [links, certificates, ended, open, invalid, security] = await Promise.all([
      read.linksSince(now - HALF_HOUR_MS),
      read.certificatesEnding(now + CERTIFICATES_MS),
      read.endedSince(now - DAY_MS - s(7200), MOST_ENDED),
      read.transactions({ notFinal: true, state: 'ended', limit: 200 }),
      read.openInvalidEvents(),
      read.securityEvents({ limit: 200 }),
    ]);
    return { links, certificates, ended, provisional: open.filter(isProvisional), invalid, security };
  }
}

const isProvisional = ({ bill }: TxRecord): boolean => bill.bill === 'provisional';
