import type { Ocpp } from '@busbar/protocol';
import { AlignedDataCtrlr, OCPPCommCtrlr, SampledDataCtrlr, type VariableKey } from '@busbar/protocol/device-model';
import { type JournalChange, limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { MeterReading, SignedReading } from '../../hardware/hardware.ts';
import { keys, put, remove } from '../../memory.ts';
import type { Transaction } from '../e-transactions/session.ts';
import { meterValue, thin, thinned } from './meter-value.ts';

type Measurands = VariableKey<'MemberList'>;

/** Takes readings and turns them into meter values, signed where that is configured and the meter can. */
export class Metering {
  readonly #context: Context;
  /** Samples kept for Ended per transaction: the numbers that are stored. */
  readonly #samples = new Map<string, { next: number; numbers: readonly number[] }>();

  constructor(context: Context) {
    this.#context = context;
  }

  read(evseId: number): MeterReading {
    return this.#context.hardware.readMeter(evseId);
  }

  /** J02.FR.21, E02.FR.14: signed during a transaction. */
  sample(
    evseId: number,
    measurands: Measurands,
    context: Ocpp.ReadingContextEnumType,
    transaction?: Transaction,
  ): { readonly value: Ocpp.MeterValueType | undefined; readonly keyTold: boolean } {
    const { dm } = this.#context;
    if (!dm.bool(SampledDataCtrlr.Enabled)) return { value: undefined, keyTold: false };
    return this.#taken(evseId, dm.list(measurands), context, dm.bool(SampledDataCtrlr.SignReadings), transaction);
  }

  /** J01.FR.21: signed on the clock. */
  aligned(evseId: number, measurands: Measurands, context: Ocpp.ReadingContextEnumType = 'Sample.Clock'): Ocpp.MeterValueType | undefined {
    const { dm } = this.#context;
    return this.#taken(evseId, dm.list(measurands), context, dm.bool(AlignedDataCtrlr.SignReadings)).value;
  }

  #taken(evseId: number, measurands: readonly string[], context: Ocpp.ReadingContextEnumType, sign: boolean, transaction?: Transaction) {
    if (measurands.length === 0) return { value: undefined, keyTold: false };
    const signed: SignedReading | undefined = sign ? this.#context.hardware.readSignedMeter?.(evseId, context) : undefined;
    const publicKey = this.#context.dm.text(OCPPCommCtrlr.PublicKeyWithSignedMeterValue);
    const withKey = publicKey === 'EveryMeterValue' || (publicKey === 'OncePerTransaction' && !transaction?.keyTold);
    const value = meterValue(this.read(evseId), measurands, context, signed, withKey);
    return { value, keyTold: signed !== undefined && withKey };
  }

  /** Keeps a sample for the Ended event; when there are too many every second inner one goes (E06.FR.12, E06.FR.13). */
  keep(transactionId: string, value: Ocpp.MeterValueType | undefined): readonly JournalChange[] {
    if (!value) return [];
    const known = this.#known(transactionId);
    const changes: JournalChange[] = [put(keys.sample(transactionId, known.next), value)];
    let numbers = [...known.numbers, known.next];
    if (numbers.length > limits.stationSamples) {
      const kept = new Set(thin(numbers));
      changes.push(...numbers.filter((n) => !kept.has(n)).map((n) => remove(keys.sample(transactionId, n))));
      numbers = numbers.filter((n) => kept.has(n));
    }
    this.#samples.set(transactionId, { next: known.next + 1, numbers });
    return changes;
  }

  /** All samples of a transaction for its Ended event, as many as fit (J02.FR.20). */
  kept(transactionId: string): { readonly values: readonly Ocpp.MeterValueType[]; readonly changes: readonly JournalChange[] } {
    const stored = this.#context.memory.list<Ocpp.MeterValueType>(keys.samples(transactionId));
    this.#samples.delete(transactionId);
    return {
      values: thinned(
        stored.map(({ value }) => value),
        limits.stationEndedBytes,
      ),
      changes: stored.map(({ key }) => remove(key)),
    };
  }

  #known(transactionId: string): { next: number; numbers: readonly number[] } {
    const known = this.#samples.get(transactionId);
    if (known) return known;
    const prefix = keys.samples(transactionId);
    const numbers = this.#context.memory.list(prefix).map(({ key }) => Number(key.slice(prefix.length)));
    return { next: (numbers.at(-1) ?? -1) + 1, numbers };
  }
}
