import { LENIENCIES, type Leniency } from '@busbar/protocol';
import { BusbarError, type Instant, limits } from '@busbar/runtime';
import type { StationSettings } from './config.ts';
import type { Session } from './session.ts';
import type { Intent, Outcome, StationRecord, StationRow } from './store/intents.ts';
import type { Reader } from './store/store.ts';

/** The same for one that does not exist and for one of a site that somebody may not see. */
export const unknownStation = (id: string): BusbarError => new BusbarError('station-unknown', `No station ${id} is registered.`);

/** One registered station as this process knows it: its record and, while it is connected, its session. */
export class Station {
  record: StationRecord;
  settings: StationSettings;
  session: Session | undefined;
  /** Heard in memory, written when the link closes: heartbeats cost no write. */
  lastSeen: Instant | undefined;
  /** The last wrong password, hashed, of a station that has never booted: somebody may say that it is the right one (D20). */
  offeredPassword: { readonly hash: string; readonly remoteAddress: string } | undefined;
  /** requestIds of reports we asked for: their NotifyReport passes even while Pending (B02.FR.09). */
  readonly askedReports = new Set<number>();
  /** TriggerMessage answered Accepted: one message of that kind may come until then. */
  readonly triggered = new Map<string, Instant>();

  /** Frames that were legal and large, since this process started. */
  largeFrames = 0;
  readonly #oversize: Instant[] = [];
  /** How often each leniency was used since this process started. */
  readonly #forgiven = new Map<Leniency, number>();

  constructor(record: StationRecord) {
    this.record = record;
    this.settings = JSON.parse(record.settings);
  }

  replace(record: StationRecord): void {
    this.record = record;
    this.settings = JSON.parse(record.settings);
  }

  readonly #securityEvents: Instant[] = [];

  /** A04: more of them within an hour than anybody can read. */
  securityFlood(now: Instant): boolean {
    const [oldest] = this.#securityEvents;
    return (
      this.#securityEvents.length >= limits.securityEventsPerHour && oldest !== undefined && now - oldest < limits.securityEventWindowMs
    );
  }

  securityEvent(at: Instant): void {
    this.#securityEvents.push(at);
    if (this.#securityEvents.length > limits.securityEventsPerHour) this.#securityEvents.shift();
  }

  /** A frame above the limit closed the link; true when there are too many of them within the hour (D3). */
  oversize(at: Instant): boolean {
    this.#oversize.push(at);
    if (this.#oversize.length > limits.oversizeFrames) this.#oversize.shift();
    const [oldest = at] = this.#oversize;
    return this.#oversize.length === limits.oversizeFrames && at - oldest <= limits.oversizeWindowMs;
  }

  forgave(leniency: Leniency, times: number): void {
    this.#forgiven.set(leniency, (this.#forgiven.get(leniency) ?? 0) + times);
  }

  /** What is forgiven this station, and what was (D3). */
  get leniencies(): { readonly on: readonly Leniency[]; readonly used: Readonly<Partial<Record<Leniency, number>>> } {
    const on = LENIENCIES.filter((name) => this.settings.leniencies?.includes(name));
    return { on, used: Object.fromEntries(this.#forgiven) };
  }
}

export interface RefusedHandshake {
  readonly at: Instant;
  readonly stationId: string;
  readonly remoteAddress: string;
  readonly status: number;
  readonly reason: string;
  /** How often, the last one counted: who tries again and again fills one line, not the list. */
  readonly times: number;
}

const sameRefusal = (a: Omit<RefusedHandshake, 'times'>, b: Omit<RefusedHandshake, 'times'>): boolean =>
  a.stationId === b.stationId && a.remoteAddress === b.remoteAddress && a.status === b.status && a.reason === b.reason;

/** The registry in memory: all stations by identity and by row, kept true by the outcomes of commits. */
export class Stations {
  readonly #read: Reader;
  readonly #byIdentity = new Map<string, Station>();
  readonly #byRow = new Map<StationRow, Station>();
  readonly #refused: RefusedHandshake[] = [];

  constructor(read: Reader) {
    this.#read = read;
  }

  async load(): Promise<void> {
    for (const record of await this.#read.stations()) this.#add(record);
  }

  get(identity: string): Station | undefined {
    return this.#byIdentity.get(identity);
  }
  byRow(row: StationRow): Station | undefined {
    return this.#byRow.get(row);
  }
  all(): readonly Station[] {
    return [...this.#byIdentity.values()].sort((a, b) => (a.record.identity < b.record.identity ? -1 : 1));
  }
  /** In no order. */
  values(): Iterable<Station> {
    return this.#byIdentity.values();
  }
  get size(): number {
    return this.#byIdentity.size;
  }

  refused(entry: Omit<RefusedHandshake, 'times'>): void {
    const at = this.#refused.findIndex((known) => sameRefusal(known, entry));
    const [before] = at < 0 ? [] : this.#refused.splice(at, 1);
    this.#refused.unshift({ ...entry, times: (before?.times ?? 0) + 1 });
    if (this.#refused.length > limits.refusedHandshakes) this.#refused.pop();
  }
  refusedHandshakes(): readonly RefusedHandshake[] {
    return this.#refused;
  }

  /** Reads one record again after it was written. */
  async refresh(identity: string): Promise<Station | undefined> {
    const record = await this.#read.station(identity);
    const known = this.#byIdentity.get(identity);
    if (record === undefined) {
      if (known) this.#byRow.delete(known.record.row);
      this.#byIdentity.delete(identity);
      return undefined;
    }
    if (known === undefined) return this.#add(record);
    known.replace(record);
    return known;
  }

  /** Keeps the records true without reading: what a commit changed is known from its intents. */
  apply(intent: Intent, outcome: Outcome): void {
    if (!('station' in intent) || typeof intent.station !== 'number' || outcome.result === 'notFound') return;
    const station = this.#byRow.get(intent.station);
    if (station === undefined) return;
    const { record } = station;
    if (intent.k === 'boot') {
      const { chargingStation: cs, reason } = intent.request;
      const serialNumber = record.serialNumber ?? (intent.status === 'Accepted' ? (cs.serialNumber ?? null) : null);
      const { status, interval, at } = intent;
      const securityProfile =
        status === 'Accepted' ? Math.max(record.securityProfile, intent.securityProfile ?? 0) : record.securityProfile;
      station.record = {
        ...record,
        registration: status,
        interval,
        bootAt: at,
        bootReason: reason,
        vendorName: cs.vendorName,
        model: cs.model,
        firmwareVersion: cs.firmwareVersion ?? null,
        serialNumber,
        securityProfile,
      };
    } else if (intent.k === 'securityEvent') {
      if (outcome.result === 'new' && intent.source === 'station') station.securityEvent(intent.receivedAt);
    } else if (intent.k === 'stationPatch') {
      station.replace({ ...record, ...defined(intent.patch) });
    } else if (intent.k === 'hardwareReplaced') {
      station.record = {
        ...record,
        password: intent.password,
        pendingPassword: null,
        serialNumber: intent.serialNumber,
        registration: null,
        vendorName: null,
        model: null,
        firmwareVersion: null,
        bootReason: null,
        bootAt: null,
        interval: null,
        anomalies: [],
        securityProfile: Math.min(record.securityProfile, 2),
      };
    } else if (intent.k === 'anomaly' || (intent.k === 'invalidEvent' && intent.txid === undefined)) {
      const anomaly = intent.k === 'anomaly' ? intent.anomaly : 'invalidEvent';
      station.record = { ...record, anomalies: [...new Set([...record.anomalies, anomaly])].sort() };
    } else if (intent.k === 'connectionOpened') {
      station.record = { ...record, connected: true, version: intent.version, epoch: outcome.assigned ?? record.epoch };
    } else if (intent.k === 'connectionClosed' && intent.epoch === record.epoch) {
      station.record = { ...record, connected: false, lastSeen: intent.lastSeen };
    }
  }

  #add(record: StationRecord): Station {
    const station = new Station(record);
    this.#byIdentity.set(record.identity, station);
    this.#byRow.set(record.row, station);
    return station;
  }
}

type Patch = Extract<Intent, { k: 'stationPatch' }>['patch'];

function defined(patch: Patch): Partial<StationRecord> {
  const { password, pendingPassword, serialNumber, approval, site, settings, registration, securityProfile } = patch;
  return {
    ...(password === undefined ? {} : { password }),
    ...(pendingPassword === undefined ? {} : { pendingPassword }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(approval === undefined ? {} : { approval }),
    ...(site === undefined ? {} : { site }),
    ...(settings === undefined ? {} : { settings }),
    ...(securityProfile === undefined ? {} : { securityProfile }),
    ...(registration === null ? { registration: null } : {}),
  };
}
