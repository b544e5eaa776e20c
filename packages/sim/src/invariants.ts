import type { TxRecord } from '@busbar/csms/store';
import type { Instant } from '@busbar/runtime';
import type { TraceEvent } from '@busbar/station';
import type { Duet } from './duet.ts';

/** What the station's journal may have had no time for when the power went. */
const NOT_DURABLE_MS = 100;
/** After this a CALL counts as unanswered, and the next one may go. */
const CALL_TIMEOUT_MS = 30_000;
const QUEUE_LIMIT = 1_000;

/** What must hold at any moment, and what must hold once everything is at rest. */
export class Invariants {
  readonly #duet: Duet;
  readonly #faults: string[] = [];
  readonly #cuts: Instant[] = [];

  constructor(duet: Duet) {
    this.#duet = duet;
  }

  /** The power of the station goes now. */
  cut(): void {
    this.#cuts.push(this.#duet.clock.now());
  }

  look(): void {
    const { powered } = this.#duet;
    if (powered.station) this.#contactors();
    if (powered.station && this.#duet.station.facts().queuedEvents > QUEUE_LIMIT) this.#fault('more events wait than the queue may hold');
    if (powered.csms && this.#duet.csms.kernel.queue.depth > QUEUE_LIMIT) this.#fault('more intents wait than the store can take');
  }

  async atRest(): Promise<readonly string[]> {
    this.look();
    const records = await this.#duet.transactions();
    for (const record of records) await this.#transaction(record);
    this.#energy(records);
    this.#generated(await this.#stored(records));
    this.#calls();
    await this.#connectors();
    this.#cables();
    await this.#commands();
    this.#link();
    for (const error of new Set(this.#duet.errors)) this.#fault(`logged: ${error}`);
    return this.#faults;
  }

  /** E04.FR.08: what the station dropped on purpose stands in its own log. */
  #dropped(txid: string, seqNo: number): boolean {
    return this.#duet.disk.durable.has(`drop/${txid}/${`${seqNo}`.padStart(12, '0')}`);
  }

  #fault(text: string): void {
    if (!this.#faults.includes(text)) this.#faults.push(text);
  }

  /** C01.FR.01: nothing flows for nobody. */
  #contactors(): void {
    const { evses } = this.#duet.station.facts();
    for (const { id, contactor } of this.#duet.hardware.facts().evses) {
      if (contactor === 'closed' && evses[id - 1]?.authorized !== true) this.#fault(`contactor of EVSE ${id} is closed for nobody`);
    }
  }

  async #transaction(record: TxRecord): Promise<void> {
    const { txid, bill, row } = record;
    const numbers = (await this.#duet.events(record)).map(({ seqNo }) => seqNo);
    const all = Array.from({ length: (numbers.at(-1) ?? -1) + 1 }, (_, seqNo) => seqNo);
    const missing = all.filter((seqNo) => !numbers.includes(seqNo));
    const thinned = missing.length > 0 && missing.every((seqNo) => this.#dropped(txid, seqNo));
    const completeness = thinned ? 'incomplete' : 'complete';
    if (bill.bill !== 'final' || bill.completeness !== completeness)
      this.#fault(`${txid}: ${bill.bill}, ${bill.completeness}: ${bill.reason}`);
    if (missing.length > 0 && !thinned) this.#fault(`${txid}: ${missing.length} numbers are missing, from ${missing[0]}`);
    if (new Set(numbers).size < numbers.length) this.#fault(`${txid}: stored twice: ${numbers.join()}`);
    const anomalies = row.anomalies.filter((anomaly) => !(thinned && anomaly === 'seqNoScattered'));
    if (anomalies.length > 0) this.#fault(`${txid}: ${anomalies.join()}`);
  }

  #energy(records: readonly TxRecord[]): void {
    const billed = records.reduce((sum, { bill }) => sum + (bill.energyMWh ?? 0), 0);
    const meter = this.#duet.worldMWh();
    if (billed !== meter) this.#fault(`billed ${billed} mWh, the meter counted ${meter}`);
  }

  async #stored(records: readonly TxRecord[]): Promise<ReadonlySet<string>> {
    const all = await Promise.all(
      records.map(async (record) => (await this.#duet.events(record)).map(({ seqNo }) => `${record.txid}/${seqNo}`)),
    );
    return new Set(all.flat());
  }

  /** Every number the station gave out is at the CSMS, but for what was not on disk yet when the power went. */
  #generated(stored: ReadonlySet<string>): void {
    for (const event of this.#duet.trace) {
      if (event.kind !== 'transaction' || stored.has(`${event.transactionId}/${event.seqNo}`)) continue;
      if (event.eventType === 'Updated' && this.#dropped(event.transactionId, event.seqNo)) continue;
      const lost = this.#cuts.some((at) => at >= event.at && at - event.at <= NOT_DURABLE_MS);
      if (!lost) this.#fault(`${event.transactionId}/${event.seqNo} (${event.eventType}, ${event.triggerReason}) never arrived`);
    }
  }

  /** One open CALL per direction (P01), as the station's end of the wire saw it. */
  #calls(): void {
    const open = new Map<'in' | 'out', { id: string; at: Instant } | undefined>();
    for (const event of this.#duet.trace) {
      if (event.kind === 'link') open.clear();
      if (event.kind !== 'frame') continue;
      const { type, id } = headOf(event);
      const other = event.direction === 'in' ? 'out' : 'in';
      if (type === 2) {
        const before = open.get(event.direction);
        if (before !== undefined && event.at - before.at < CALL_TIMEOUT_MS - 1_000)
          this.#fault(`two open CALLs (${event.direction}): ${before.id} and ${id}`);
        open.set(event.direction, { id, at: event.at });
      } else if (open.get(other)?.id === id) open.set(other, undefined);
    }
  }

  async #connectors(): Promise<void> {
    for (const { id, connectors } of this.#duet.station.facts().evses) {
      for (const connector of connectors) {
        const told = await this.#duet.connectorStatus(id, connector.id);
        if (told !== connector.status) this.#fault(`connector ${id}.${connector.id} is ${connector.status}, the CSMS believes ${told}`);
      }
    }
  }

  /** A lock holds a cable that the station does not know of: its owner would never get it back. */
  #cables(): void {
    const { evses } = this.#duet.station.facts();
    for (const { id, connectors } of this.#duet.hardware.facts().evses) {
      const trapped = connectors.some(({ lock }) => lock === 'locked') && evses[id - 1]?.lock === 'open';
      if (trapped) this.#fault(`the cable in EVSE ${id} is locked and the station thinks it is not`);
    }
  }

  async #commands(): Promise<void> {
    const commands = await this.#duet.csms.kernel.read.commands(this.#duet.row, QUEUE_LIMIT);
    for (const { action, state, origin } of commands)
      if (state === 'queued' || state === 'sent') this.#fault(`${action} of a ${origin} is still ${state}`);
  }

  #link(): void {
    const { link, registration, queuedEvents } = this.#duet.station.facts();
    if (link !== 'open' || registration !== 'accepted') this.#fault(`the station is ${link}, ${registration}`);
    if (queuedEvents > 0) this.#fault(`${queuedEvents} events still wait`);
    if (this.#duet.csms.kernel.stations.get(this.#duet.identity)?.record.connected !== true)
      this.#fault('the CSMS believes the station is away');
  }
}

function headOf({ text }: Extract<TraceEvent, { kind: 'frame' }>): { readonly type: number; readonly id: string } {
  const [, type = '0', id = ''] = /^\[(\d),"([^"]*)"/.exec(text) ?? [];
  return { type: Number(type), id };
}
