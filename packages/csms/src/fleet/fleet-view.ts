import { formatInstant, type Instant, limits, s, type Timer } from '@busbar/runtime';
import type { Kernel } from '../kernel.ts';
import type { LiveEvent, Numbered } from '../live.ts';
import type { Station } from '../stations.ts';
import type { StationRow } from '../store/intents.ts';
import type { TxRecord } from '../store/store.ts';
import { connectorKey, type FleetRowView, fleetRow, noFacts, type RunningTransaction, type StationFacts } from './row.ts';

/** What changed since the last one: whole lines, and who was heard of without anything else changing. */
export interface FleetDelta {
  readonly at: Instant;
  readonly rows: readonly FleetRowView[];
  readonly gone: readonly string[];
  readonly seen: readonly (readonly [stationId: string, at: string])[];
}

export interface FleetFollower {
  readonly delta: (delta: FleetDelta) => void;
}

/** As quick as people see, as slow as 5,000 lines allow. */
const TICK_MS = s(0.5);

/**
 * All stations as lines, for as long as somebody looks: read from the store when the first one comes, kept true by what
 * happens, forgotten a minute after the last one left. While nobody looks it costs nothing.
 */
export class FleetView {
  readonly #kernel: Kernel;
  readonly #facts = new Map<StationRow, StationFacts>();
  readonly #followers = new Set<FleetFollower>();
  readonly #changed = new Set<string>();
  readonly #heard = new Map<string, Instant>();
  #opening: Promise<void> | undefined;
  #deaf: (() => void) | undefined;
  #ticker: Timer | undefined;
  #until = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Every line, those of the given sites alone when there are some. */
  async rows(): Promise<readonly FleetRowView[]> {
    await this.open();
    return this.#kernel.stations
      .all()
      .filter(({ record }) => record.approval !== 'retired')
      .map((station) => fleetRow(station, this.facts(station)));
  }

  facts(station: Station): StationFacts {
    const known = this.#facts.get(station.record.row);
    if (known !== undefined) return known;
    const made = noFacts();
    this.#facts.set(station.record.row, made);
    return made;
  }

  /** Hears what changes until the returned function is called. */
  async follow(follower: FleetFollower): Promise<() => void> {
    await this.open();
    this.#followers.add(follower);
    return () => {
      this.#followers.delete(follower);
      this.#until = this.#kernel.clock.monotonic() + limits.eventRingMs;
    };
  }

  /** Makes sure it is filled; it stays so for a while. */
  open(): Promise<void> {
    this.#until = this.#kernel.clock.monotonic() + limits.eventRingMs;
    this.#opening ??= this.#fill();
    return this.#opening;
  }

  async #fill(): Promise<void> {
    const { live, scope, read } = this.#kernel;
    // Listening comes first: what happens while we read is applied again afterwards, and every change is absolute.
    const missed: LiveEvent[] = [];
    let ready = false;
    this.#deaf = live.listen(({ event }: Numbered) => (ready ? this.#happened(event) : missed.push(event)));
    try {
      const [connectors, links, running] = await Promise.all([
        read.connectorsOfAll(),
        read.newestLinks(),
        read.transactions({ state: 'active', limit: limits.fleetRunning }),
      ]);
      for (const { station, ...connector } of connectors)
        this.#of(station).connectors.set(connectorKey(connector.evse, connector.connector), connector);
      for (const { station, openedAt, closedAt, closeCode } of links) {
        const facts = this.#of(station);
        facts.linkSince = closedAt ?? openedAt;
        facts.closeCode = closeCode;
      }
      for (const record of running) if (record.bill.bill !== 'final') this.#of(record.station).running.set(record.txid, runningOf(record));
    } catch (error) {
      this.#close();
      throw error;
    }
    ready = true;
    for (const event of missed) this.#happened(event);
    this.#ticker = scope.every(TICK_MS, 'fleet view', () => this.#tick());
  }

  #of(row: StationRow): StationFacts {
    const known = this.#facts.get(row);
    if (known !== undefined) return known;
    const made = noFacts();
    this.#facts.set(row, made);
    return made;
  }

  #close(): void {
    this.#deaf?.();
    this.#ticker?.cancel();
    this.#deaf = undefined;
    this.#ticker = undefined;
    this.#opening = undefined;
    this.#facts.clear();
    this.#changed.clear();
    this.#heard.clear();
  }

  #tick(): void {
    const { clock, stations } = this.#kernel;
    if (this.#followers.size === 0) {
      if (clock.monotonic() >= this.#until) this.#close();
      return;
    }
    const gone: string[] = [];
    const rows: FleetRowView[] = [];
    for (const id of this.#changed) {
      const station = stations.get(id);
      if (station === undefined || station.record.approval === 'retired') gone.push(id);
      else rows.push(fleetRow(station, this.facts(station)));
    }
    const seen = this.#news(this.#changed);
    this.#changed.clear();
    if (rows.length + gone.length + seen.length === 0) return;
    const delta = { at: clock.now(), rows, gone, seen };
    for (const { delta: tell } of this.#followers) tell(delta);
  }

  /** Heartbeats and the like change nothing but when a station was last heard of. */
  #news(except: ReadonlySet<string>): readonly (readonly [string, string])[] {
    const seen: (readonly [string, string])[] = [];
    for (const { record, lastSeen } of this.#kernel.stations.values()) {
      if (lastSeen === undefined || this.#heard.get(record.identity) === lastSeen) continue;
      this.#heard.set(record.identity, lastSeen);
      if (!except.has(record.identity)) seen.push([record.identity, formatInstant(lastSeen)]);
    }
    return seen;
  }

  #happened(event: LiveEvent): void {
    const station = this.#kernel.stations.get(event.stationId);
    if (station === undefined) {
      if (event.type === 'station') this.#changed.add(event.stationId);
      return;
    }
    const facts = this.facts(station);
    if (event.type === 'station') this.#linkChanged(facts, event);
    else if (event.type === 'connector')
      facts.connectors.set(connectorKey(event.evseId, event.connectorId), {
        evse: event.evseId,
        connector: event.connectorId,
        status: event.status,
        at: this.#kernel.clock.now(),
      });
    else if (event.type === 'transaction') this.#transactionChanged(facts, event);
    else return;
    this.#changed.add(event.stationId);
  }

  #linkChanged(facts: StationFacts, { what, detail }: Extract<LiveEvent, { type: 'station' }>): void {
    if (what !== 'connected' && what !== 'disconnected') return;
    facts.linkSince = this.#kernel.clock.now();
    const { code } = detail;
    facts.closeCode = what === 'disconnected' && typeof code === 'number' ? code : null;
  }

  #transactionChanged(facts: StationFacts, { transactionId, detail }: Extract<LiveEvent, { type: 'transaction' }>): void {
    if (detail.state === 'ended' || detail.bill === 'final') facts.running.delete(transactionId);
    else
      facts.running.set(transactionId, {
        txid: transactionId,
        evse: detail.evseId,
        connector: detail.connectorId,
        chargingState: detail.chargingState,
        powerW: detail.powerW,
        socPercent: detail.socPercent,
        energyWh: detail.energyWh,
        startedAt: detail.startedAt,
      });
  }
}

const runningOf = ({ txid, row, bill }: TxRecord): RunningTransaction => ({
  txid,
  evse: row.evse,
  connector: row.connector,
  chargingState: row.chargingState,
  powerW: row.powerW,
  socPercent: row.socPercent,
  energyWh: bill.energyMWh === null ? null : bill.energyMWh / 1000,
  startedAt: row.startedAt === null ? null : formatInstant(row.startedAt),
});
