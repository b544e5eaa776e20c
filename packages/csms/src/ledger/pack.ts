import type { Ocpp } from '@busbar/protocol';
import { formatInstant, type Instant, parseInstant } from '@busbar/runtime';

type MeterValue = Ocpp.MeterValueType;
type Sample = Ocpp.SampledValueType;

/** What two samples of the same kind share; kept once per installation. */
export interface SampleKeys {
  idOf(key: string): number;
  /** Kinds that were met before: a meter says the same things in the same order, so each remembers what followed it. */
  readonly met: MetKind;
  /** What samples of a kind look like without their value. */
  readonly shapes: Map<number, Shape>;
  keyOf(id: number): string;
}

/** A kind as it stood in a message. */
export interface MetKind {
  readonly id: number;
  readonly sample: Sample | undefined;
  next: MetKind | undefined;
}

/**
 * Packs meter values losslessly: per sample the number of its kind and its value, 30 bytes instead of 1,400 for eight samples.
 * Undefined when something does not fit (a signature, customData, an odd time): then the JSON is kept as it is.
 */
export function packSamples(meterValue: readonly MeterValue[], base: Instant, keys: SampleKeys): Uint8Array | undefined {
  if (!meterValue.every(fits)) return undefined;
  const out: number[] = [];
  varint(out, meterValue.length);
  for (const { timestamp, sampledValue } of meterValue) {
    zigzag(out, parseInstant(timestamp) - base);
    varint(out, sampledValue.length);
    let before = keys.met;
    for (const sample of sampledValue) {
      before = kindOf(sample, before, keys);
      varint(out, before.id);
      number(out, sample.value);
    }
  }
  return Uint8Array.from(out);
}

export function unpackSamples(bytes: Uint8Array, base: Instant, keys: SampleKeys): MeterValue[] {
  const reader = new Reader(bytes);
  return Array.from({ length: reader.varint() }, () => {
    const timestamp = formatInstant(base + reader.zigzag());
    const sampledValue = Array.from({ length: reader.varint() }, () => {
      const shape = shapeOf(reader.varint(), keys);
      return { value: reader.number(), ...shape };
    });
    return { timestamp, sampledValue };
  });
}

const fits = ({ timestamp, sampledValue, customData }: MeterValue): boolean =>
  customData === undefined && formatInstant(parseInstant(timestamp)) === normal(timestamp) && sampledValue.every(plain);

function kindOf(sample: Sample, before: MetKind, keys: SampleKeys): MetKind {
  const guess = before.next;
  if (guess?.sample !== undefined && alike(guess.sample, sample)) return guess;
  const kind: MetKind = { id: keys.idOf(keyText(sample)), sample, next: undefined };
  before.next = kind;
  return kind;
}

const alike = (a: Sample, b: Sample): boolean =>
  a.measurand === b.measurand &&
  a.phase === b.phase &&
  a.context === b.context &&
  a.location === b.location &&
  a.unitOfMeasure?.unit === b.unitOfMeasure?.unit &&
  a.unitOfMeasure?.multiplier === b.unitOfMeasure?.multiplier &&
  (a.unitOfMeasure === undefined) === (b.unitOfMeasure === undefined);

/** The same instant in the spelling `formatInstant` uses, for texts that name UTC; others keep their own spelling in JSON. */
export const normal = (timestamp: string): string => {
  if (timestamp.length === 24 && timestamp.endsWith('Z')) return timestamp;
  const [, head, fraction = ''] = /^(.{19})(?:\.(\d{1,3}))?Z$/.exec(timestamp) ?? [];
  return head === undefined ? timestamp : `${head}.${fraction.padEnd(3, '0')}Z`;
};

const plain = (sample: Sample): boolean =>
  sample.signedMeterValue === undefined &&
  sample.customData === undefined &&
  sample.unitOfMeasure?.customData === undefined &&
  !Object.is(sample.value, -0);

/** [context, measurand, phase, location, unit, multiplier, has unitOfMeasure] as JSON: readable in the database. */
const keyText = ({ context, measurand, phase, location, unitOfMeasure }: Sample): string =>
  JSON.stringify([
    context,
    measurand,
    phase,
    location,
    unitOfMeasure?.unit,
    unitOfMeasure?.multiplier,
    unitOfMeasure === undefined ? 0 : 1,
  ]);

type Shape = Omit<Sample, 'value'>;

function shapeOf(id: number, keys: SampleKeys): Shape {
  const known = keys.shapes.get(id);
  if (known !== undefined) return known;
  const [context, measurand, phase, location, unit, multiplier, hasUnit] = JSON.parse(keys.keyOf(id));
  const shape: Shape = {
    ...(context === null ? {} : { context }),
    ...(measurand === null ? {} : { measurand }),
    ...(phase === null ? {} : { phase }),
    ...(location === null ? {} : { location }),
    ...(hasUnit === 1 ? { unitOfMeasure: { ...(unit === null ? {} : { unit }), ...(multiplier === null ? {} : { multiplier }) } } : {}),
  };
  keys.shapes.set(id, shape);
  return shape;
}

const FLOAT = 4;
const POWERS = [1, 10, 100, 1000];

/** First byte: how many decimals (0–3), then the zigzag integer; or FLOAT, then the eight bytes. */
function number(out: number[], value: number): void {
  for (const [digits, power] of POWERS.entries()) {
    const whole = Math.round(value * power);
    if (Number.isSafeInteger(whole) && Math.abs(whole) < 2 ** 51 && whole / power === value) {
      out.push(digits);
      zigzag(out, whole);
      return;
    }
  }
  out.push(FLOAT);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  out.push(...bytes);
}

function zigzag(out: number[], value: number): void {
  varint(out, value >= 0 ? value * 2 : -value * 2 - 1);
}

function varint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Error('packed samples end too early');
    this.#at += 1;
    return byte;
  }
  varint(): number {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  number(): number {
    const digits = this.#byte();
    if (digits !== FLOAT) return this.zigzag() / (POWERS[digits] ?? 1);
    if (this.#at + 8 > this.#bytes.length) throw new Error('packed samples end too early');
    const { buffer, byteOffset } = this.#bytes; // an engine may hand over a window into something larger
    const value = new DataView(buffer, byteOffset + this.#at, 8).getFloat64(0, true);
    this.#at += 8;
    return value;
  }
}
