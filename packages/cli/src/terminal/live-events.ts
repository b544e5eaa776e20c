import type { Numbered, TransactionNews } from '@busbar/csms';
import { maskToken } from '@busbar/runtime';
import type { EventLine, LiveTotals, Meter } from './event-line.ts';

/** Meter lines of one transaction are at least so far apart; a demo would drown in them. */
const METER_EVERY_MS = 10_000;

interface Known {
  readonly charging: boolean;
  readonly lastMeterAt: number;
}

/** Turns what the CSMS tells live into lines, and counts. Remembers per open transaction what was said last. */
export class LiveEvents {
  readonly #open = new Map<string, Known>();
  readonly #connected = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #occupied = new Set<string>();
  #events = 0;

  get totals(): LiveTotals {
    return {
      connected: this.#connected.size,
      refused: this.#refused.size,
      charging: [...this.#open.values()].filter(({ charging }) => charging).length,
      eventsStored: this.#events,
    };
  }

  /** Undefined: not worth a line. */
  line({ at, event }: Numbered): EventLine | undefined {
    const base = { at, station: event.stationId };
    switch (event.type) {
      case 'handshake':
        this.#refused.add(event.stationId);
        return { ...base, kind: 'refused', status: event.status, reason: event.reason };
      case 'station':
        return this.#station(base, event);
      case 'authorize':
        return { ...base, kind: 'token', token: maskToken(event.idToken), status: event.status, ms: event.ms };
      case 'connector':
        return {
          ...base,
          kind: 'note',
          evseId: event.evseId,
          text: this.#word(`${event.stationId} ${event.evseId} ${event.connectorId}`, event.status),
          ...(event.status === 'Faulted' ? { alarming: true } : {}),
        };
      case 'transaction':
        return this.#transaction(base, event);
      case 'security':
        // That a station started is no alarm, and its boot is a line of its own.
        if (!event.critical || event.event === 'StartupOfTheDevice' || event.event === 'ResetOrReboot') return undefined;
        return {
          ...base,
          kind: 'note',
          text: `security: ${event.event}${event.techInfo === null ? '' : `, ${event.techInfo}`}`,
          alarming: true,
        };
      case 'log':
      case 'firmware':
        return {
          ...base,
          kind: 'note',
          text: `${event.type} ${event.requestId} ${event.status}`,
          ...(/Fail|Invalid|Denied|BadMessage|NotSupported/.test(event.status) ? { alarming: true } : {}),
        };
      case 'customerInformation':
      case 'command':
      case 'bulk':
      case 'notice':
      case 'job':
        return undefined;
    }
  }

  /** Available after a cable was in is worth saying so. */
  #word(connector: string, status: string): string {
    const wasOccupied = this.#occupied.delete(connector);
    if (status === 'Occupied') this.#occupied.add(connector);
    return `${wasOccupied && status === 'Available' ? 'cable out, ' : ''}${WORDS[status] ?? status}`;
  }

  #station(base: Base, event: Extract<Numbered['event'], { type: 'station' }>): EventLine | undefined {
    const { what, detail } = event;
    switch (what) {
      case 'connected':
        this.#connected.add(event.stationId);
        this.#refused.delete(event.stationId);
        return { ...base, kind: 'connected', version: textOf(detail['version']) ?? 'unknown version' };
      case 'disconnected':
        this.#connected.delete(event.stationId);
        return { ...base, kind: 'disconnected', reason: textOf(detail['reason']) ?? `code ${String(detail['code'])}` };
      case 'boot':
        return {
          ...base,
          kind: 'note',
          text: `boot ${textOf(detail['status']) ?? ''}, ${textOf(detail['model']) ?? 'unknown model'}, ${textOf(detail['reason']) ?? ''}`,
          ...(detail['status'] === 'Rejected' ? { alarming: true } : {}),
        };
      case 'created':
      case 'changed':
      case 'deleted':
        return undefined;
    }
  }

  #transaction(base: Base & { at: number }, event: Extract<Numbered['event'], { type: 'transaction' }>): EventLine | undefined {
    const { detail, transactionId, kind } = event;
    const key = `${event.stationId} ${transactionId}`;
    const evseId = detail.evseId ?? 0;
    const meter = meterOf(detail);
    if (kind !== 'final') this.#events += 1;
    if (kind === 'ended' || kind === 'final') {
      this.#open.delete(key);
      return endedLine(base, evseId, detail);
    }
    const known = this.#open.get(key);
    const charging = detail.chargingState === 'Charging';
    const begins = charging && !known?.charging;
    const due = charging && base.at - (known?.lastMeterAt ?? 0) >= METER_EVERY_MS;
    this.#open.set(key, { charging, lastMeterAt: begins || due ? base.at : (known?.lastMeterAt ?? 0) });
    if (begins) return { ...base, kind: 'charging', evseId, transactionId, ...(meter ? { meter } : {}) };
    if (due && meter) return { ...base, kind: 'meter', evseId, meter };
    if (known?.charging && !charging) {
      return {
        ...base,
        kind: 'note',
        evseId,
        text: `paused, ${detail.chargingState ?? 'no state'}`,
        ...(meter ? { meter } : {}),
      };
    }
    return known ? undefined : { ...base, kind: 'note', evseId, text: `transaction ${transactionId.slice(0, 8)} started` };
  }
}

interface Base {
  readonly at: number;
  readonly station: string;
}

function endedLine(base: Base, evseId: number, detail: TransactionNews): EventLine {
  const { events, missingSeqNos, energyWh, stoppedReason, bill, completeness } = detail;
  return {
    ...base,
    kind: 'ended',
    evseId,
    by: stopperOf(stoppedReason ?? undefined),
    events,
    ...(missingSeqNos === null ? {} : { ofEvents: events + missingSeqNos.length }),
    ...(energyWh === null ? {} : { energyWh }),
    bill: bill === 'final' && completeness === 'incomplete' ? 'final, incomplete' : bill,
  };
}

/** A station may leave the reason out when the driver stopped it (E06.FR.09). */
function stopperOf(reason: string | undefined): string {
  if (reason === undefined || reason === 'Local' || reason === 'StoppedByEV') return reason === 'StoppedByEV' ? 'the EV' : 'driver';
  return reason === 'Remote' ? 'command' : reason;
}

function meterOf({ powerW, energyWh, socPercent }: TransactionNews): Meter | undefined {
  if (powerW === null && energyWh === null && socPercent === null) return undefined;
  return {
    ...(powerW === null ? {} : { powerW }),
    ...(energyWh === null ? {} : { energyWh }),
    ...(socPercent === null ? {} : { socPercent }),
  };
}

const WORDS: Record<string, string> = {
  Occupied: 'cable in',
  Available: 'available',
  Unavailable: 'unavailable',
  Reserved: 'reserved',
  Faulted: 'faulted',
};
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
