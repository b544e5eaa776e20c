import { randomUUID } from 'node:crypto';
import type { Ocpp } from '@busbar/protocol';
import { clientFrame, LONG_HEAD, maskAt, SHORT_HEAD } from './frames.ts';

const [ID_DIGITS, SEQ_DIGITS, ENERGY_DIGITS] = [8, 6, 8];
const FIRST_WH = 10_000_000;
const DAY_S = 86_400;
const WH_PER_EVENT = 183;

const sample = (measurand: Ocpp.MeasurandEnumType, value: number, unit: string, phase?: Ocpp.PhaseEnumType): Ocpp.SampledValueType => ({
  value,
  context: 'Sample.Periodic',
  measurand,
  ...(phase === undefined ? {} : { phase }),
  location: 'Outlet',
  unitOfMeasure: { unit },
});

const two = (n: number): string => String(n).padStart(2, '0');
const timestampOf = (second: number): string =>
  `2026-05-04T${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}.123Z`;

/** One event of a session with eight samples, about 1.4 kB: what a station with three phases sends every minute. */
export function transactionEvent(
  transactionId: string,
  seqNo: number,
  eventType: Ocpp.TransactionEventEnumType = 'Updated',
): Ocpp.TransactionEventRequest {
  const timestamp = timestampOf(seqNo % DAY_S);
  return {
    eventType,
    timestamp,
    triggerReason: eventType === 'Started' ? 'CablePluggedIn' : eventType === 'Ended' ? 'EVDeparted' : 'MeterValuePeriodic',
    seqNo,
    offline: false,
    transactionInfo: { transactionId, chargingState: 'Charging', ...(eventType === 'Ended' ? { stoppedReason: 'EVDisconnected' } : {}) },
    evse: { id: 1, connectorId: 1 },
    meterValue: [
      {
        timestamp,
        sampledValue: [
          sample('Energy.Active.Import.Register', FIRST_WH + seqNo * WH_PER_EVENT, 'Wh'),
          sample('Power.Active.Import', 11_040.5, 'W'),
          sample('Current.Import', 15.25, 'A', 'L1'),
          sample('Current.Import', 16.25, 'A', 'L2'),
          sample('Current.Import', 17.25, 'A', 'L3'),
          sample('Voltage', 229.13, 'V', 'L1-N'),
          sample('Voltage', 230.13, 'V', 'L2-N'),
          sample('Voltage', 231.13, 'V', 'L3-N'),
        ],
      },
    ],
  };
}

/** A message that is sent again and again with other numbers in it. */
export interface HotMessage {
  /** The frame with this number; the same bytes every time, so the one before must have left. */
  frame(n: number): Buffer;
}

/** A Heartbeat; only digits of its id change. */
export class HotHeartbeat implements HotMessage {
  readonly #frame: Buffer;
  readonly #id: number;

  constructor() {
    const id = randomUUID();
    const text = JSON.stringify([2, id, 'Heartbeat', {}]);
    this.#frame = clientFrame(Buffer.from(text));
    this.#id = text.indexOf(id) + id.length - ID_DIGITS;
  }

  frame(n: number): Buffer {
    writeDigits(this.#frame, SHORT_HEAD, { at: this.#id, value: n, width: ID_DIGITS });
    return this.#frame;
  }
}

/**
 * The Updated events of one transaction as one masked frame in which only digits change: message id, seqNo (padded with
 * blanks, which JSON allows), both timestamps and the energy register. Making a load must not cost more than bearing it.
 */
export class HotEvent implements HotMessage {
  readonly transactionId: string;
  /** Length of the JSON text. */
  readonly bytes: number;
  readonly #frame: Buffer;
  readonly #id: number;
  readonly #seq: number;
  readonly #times: readonly number[];
  readonly #energy: number;

  constructor(transactionId: string) {
    this.transactionId = transactionId;
    const id = `${randomUUID().slice(0, -ID_DIGITS)}${'0'.repeat(ID_DIGITS)}`;
    const { seqNo, timestamp, ...event } = transactionEvent(transactionId, 0);
    const text = JSON.stringify([2, id, 'TransactionEvent', { ...event, timestamp, seqNo }]).replace(
      `"seqNo":${seqNo}`,
      `"seqNo":${'0'.padStart(SEQ_DIGITS)}`,
    );
    this.bytes = text.length;
    this.#frame = clientFrame(Buffer.from(text));
    this.#id = text.indexOf(id) + id.length - ID_DIGITS;
    this.#seq = text.indexOf('"seqNo":') + '"seqNo":'.length;
    this.#times = [...text.matchAll(/"timestamp":"/g)].map(({ index, 0: key }) => index + key.length + 'YYYY-MM-DDT'.length);
    this.#energy = text.indexOf(`"value":${FIRST_WH}`) + '"value":'.length;
  }

  frame(seqNo: number): Buffer {
    this.#digits(this.#id, seqNo, ID_DIGITS);
    this.#digits(this.#seq, seqNo, SEQ_DIGITS, 0x20);
    this.#digits(this.#energy, FIRST_WH + seqNo * WH_PER_EVENT, ENERGY_DIGITS);
    const second = seqNo % DAY_S;
    for (const at of this.#times) {
      this.#digits(at, Math.floor(second / 3600), 2);
      this.#digits(at + 3, Math.floor(second / 60) % 60, 2);
      this.#digits(at + 6, second % 60, 2);
    }
    return this.#frame;
  }

  #digits(at: number, value: number, width: number, blank = ZERO): void {
    writeDigits(this.#frame, LONG_HEAD, { at, value, width, blank });
  }
}

interface Digits {
  readonly at: number;
  readonly value: number;
  readonly width: number;
  /** What stands before the first digit. */
  readonly blank?: number;
}

const ZERO = 0x30;

function writeDigits(frame: Buffer, head: number, { at, value, width, blank = ZERO }: Digits): void {
  let left = value;
  for (let index = at + width - 1; index >= at; index -= 1) {
    const digit = left === 0 && index < at + width - 1 ? blank : ZERO + (left % 10);
    frame[head + index] = digit ^ maskAt(index);
    left = Math.floor(left / 10);
  }
}
