import { type Fields, oneOf } from '../field.ts';
import type { Received } from '../link.ts';
import type { IdToken } from '../settings.ts';
import type { StationTest } from '../station-test.ts';
import type { SutStation } from '../sut-station.ts';

/** The transaction of the station under test as the steps of a case know it. */
export class TransactionView {
  readonly evseId: number;
  readonly connectorId = 1;
  /** Empty until it started. */
  id = '';
  started = false;
  ended = false;
  plugged = false;
  authorized = false;
  chargingState: string | undefined;
  token: IdToken | undefined;
  stoppedBy: 'Local' | 'Remote' | undefined;
  readonly #test: StationTest;
  readonly #station: SutStation;
  readonly #startPoints: ReadonlySet<string>;
  readonly #stopPoints: ReadonlySet<string>;

  constructor(test: StationTest, station: SutStation, evseId: number, startPoints: ReadonlySet<string>, stopPoints: ReadonlySet<string>) {
    this.#test = test;
    this.#station = station;
    this.evseId = evseId;
    this.#startPoints = startPoints;
    this.#stopPoints = stopPoints;
  }

  startsWith(point: string): boolean {
    return this.#startPoints.has(point);
  }
  stopsWith(point: string): boolean {
    return this.#stopPoints.has(point);
  }
  get charging(): boolean {
    return this.chargingState === 'Charging';
  }

  /**
   * Takes the next event of this transaction that is not a mere reading, or the one that `where` describes, and judges it.
   * The first event has to be Started, the ones after it must not be.
   */
  async takes(
    step: number,
    expect: Fields,
    requirements: readonly string[],
    where: Fields = NO_READING,
  ): Promise<Received<'TransactionEvent'>> {
    const event = await this.#station.take(
      step,
      'TransactionEvent',
      {
        ...('eventType' in where ? {} : { eventType: this.started ? oneOf('Updated', 'Ended') : 'Started' }),
        ...(this.started ? { 'transactionInfo.transactionId': this.id } : {}),
        ...expect,
      },
      { where: { ...where, ...(this.started ? { 'transactionInfo.transactionId': this.id } : {}) }, requirements },
    );
    this.sees(event);
    return event;
  }

  /** What an event tells, whoever took it. */
  sees({ payload }: Received<'TransactionEvent'>): void {
    this.id = payload.transactionInfo.transactionId;
    this.started = true;
    this.ended ||= payload.eventType === 'Ended';
    this.chargingState = payload.transactionInfo.chargingState ?? this.chargingState;
  }

  /** Every event of it that came so far, by seqNo. */
  get events(): readonly Received<'TransactionEvent'>[] {
    return this.#station
      .all('TransactionEvent', { 'transactionInfo.transactionId': this.id })
      .toSorted((a, b) => a.payload.seqNo - b.payload.seqNo);
  }

  get test(): StationTest {
    return this.#test;
  }
}
export type SutTransaction = TransactionView;

const NO_READING: Fields = {
  triggerReason: {
    says: 'no mere reading',
    holds: (value) => value !== 'MeterValuePeriodic' && value !== 'MeterValueClock' && value !== 'EnergyLimitReached',
  },
};
