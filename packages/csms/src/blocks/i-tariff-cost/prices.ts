import { type Instant, type Log, messageOf } from '@busbar/runtime';
import { bodyHash } from '../../ledger/canonical.ts';
import { ledgerEvent } from '../../ledger/event.ts';
import type { Bill, TxRow } from '../../ledger/row.ts';
import type { Intent } from '../../store/intents.ts';
import type { Reader } from '../../store/store.ts';
import type { SiteRecord } from '../../store/tariff-intents.ts';
import { TariffBook } from './assignment.ts';
import { printDecimal } from './decimal.ts';
import { idleMs, type Price, price } from './price.ts';
import { segments } from './segments.ts';
import { readTariff, type Tariff } from './tariff.ts';
import { type Timeline, timeline } from './timeline.ts';

/** One transaction, as the ledger tells it. */
export interface Priced {
  readonly id: number;
  readonly txid: string;
  readonly row: TxRow;
  readonly bill: Bill;
}

/** Where it happened. */
export interface Place {
  readonly row: number;
  readonly identity: string;
  readonly site: number;
}

export interface Cost extends Price {
  readonly tariff: Tariff;
  readonly line: Timeline;
  readonly idleMs: number;
}

const CHANGES: ReadonlySet<string> = new Set<Intent['k']>(['tariffPut', 'tariffAssign', 'sitePut', 'sitePatch']);
const NOWHERE: SiteRecord = { id: 0, name: '', zone: 'UTC', currency: 'EUR', latitude: null, longitude: null };

/** What transactions cost: tariffs kept in memory, prices made from the stored events each time somebody asks (ADR 14). */
export class Prices {
  readonly #read: Reader;
  readonly #log: Log;
  #book = new TariffBook([], []);
  #sites: ReadonlyMap<number, SiteRecord> = new Map();
  #loading: Promise<void> = Promise.resolve();

  constructor(read: Reader, log: Log) {
    this.#read = read;
    this.#log = log;
  }

  /** Reads tariffs, assignments and sites anew. */
  load(): Promise<void> {
    this.#loading = this.#loading.catch(() => undefined).then(() => this.#reload());
    return this.#loading;
  }

  async #reload(): Promise<void> {
    const read = this.#read;
    const [records, assignments, places] = await Promise.all([read.tariffs(), read.tariffAssignments(), read.sites()]);
    const known = records.map(({ id, version, validFrom, body }) => ({ ...readTariff(JSON.parse(body)), id, version, validFrom }));
    this.#book = new TariffBook(known, assignments);
    this.#sites = new Map(places.map((site) => [site.id, site]));
  }

  /** Hears every commit; what changed prices is read again. */
  committed({ k }: Intent): void {
    if (!CHANGES.has(k)) return;
    this.load().catch((error: unknown) => this.#log.error('tariffs could not be read', { error: messageOf(error) }));
  }

  /** False when nobody has a tariff: then there is nothing to ask. */
  get any(): boolean {
    return !this.#book.isEmpty;
  }

  site(id: number): SiteRecord {
    return this.#sites.get(id) ?? { ...NOWHERE, id };
  }

  /** Undefined when no tariff applies, or its events are not there any more. */
  async cost(place: Place, transaction: Priced): Promise<Cost | undefined> {
    await this.#loading;
    if (!this.any) return undefined;
    const line = await this.timeline(transaction);
    if (line === undefined) return undefined;
    const tariff = await this.#tariff(place, transaction, line.from);
    if (tariff === undefined) return undefined;
    const parts = segments(line, tariff, this.site(place.site).zone);
    return parts === undefined ? undefined : { ...price(parts, tariff), tariff, line, idleMs: idleMs(parts) };
  }

  /** Undefined when not all of its events are there: past retention (D7), or not yet where the reader looks. */
  async timeline({ id, row }: Priced): Promise<Timeline | undefined> {
    const events = await this.#read.events(id);
    if (events.length < row.events) return undefined;
    return timeline(events.map(({ request, receivedAt }) => ({ ...ledgerEvent(request), hash: bodyHash(request), receivedAt })));
  }

  async #tariff({ row: station, identity, site }: Place, { txid, row }: Priced, started: Instant): Promise<Tariff | undefined> {
    return this.#book.at(started, { group: await this.group(station, txid, row), station: identity, site });
  }

  /** The group of its token, as it was when the token was accepted (D8). */
  async group(station: number, txid: string, { idToken }: TxRow): Promise<string | undefined> {
    if (idToken === null) return undefined;
    const info = await this.#read.authorization(station, txid, idToken.type, idToken.idToken);
    return info?.groupIdToken?.idToken;
  }
}

/** The number that a station is told: with taxes, and not more digits than the sum has. */
export const totalCostOf = ({ total }: Price): number | undefined => (total === null ? undefined : Number(printDecimal(total)));
