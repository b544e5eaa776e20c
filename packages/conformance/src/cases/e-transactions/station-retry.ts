import { stationCase } from '../../case.ts';
import type { Received } from '../../link.ts';
import { authorizedLocally, booted, transactionOf } from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** Events that the CSMS does not take: how often and how late they are sent again (E13). */

const INTERVAL_S = 1;
const TIMEOUT_S = 2;

interface Retries {
  readonly attempts: number;
  /** The kit answers the attempt of this number; never when left out. */
  readonly answeredAt?: number;
  readonly by: 'silence' | 'callError';
}

const retries = (id: string, title: string, { attempts, answeredAt, by }: Retries) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, {
      variables: {
        'OCPPCommCtrlr.MessageAttempts[TransactionEvent]': String(attempts),
        'OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]': String(INTERVAL_S),
        'OCPPCommCtrlr.MessageTimeout[Default]': String(TIMEOUT_S),
        'SampledDataCtrlr.TxUpdatedInterval': '0',
      },
    });
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx);
    station.forget();
    const expected = answeredAt ?? attempts;
    let seen = 0;
    // The first event of the kit's choice is the one that is not taken; whatever comes after it waits behind it.
    station.answersWith('TransactionEvent', (call) => {
      const first = sameEvent(station)[0];
      if (first !== undefined && first.payload.seqNo !== call.payload.seqNo) return 'take';
      seen += 1;
      if (answeredAt !== undefined && seen >= answeredAt) return 'take';
      return by === 'callError' ? { refuse: 'InternalError' } : 'ignore';
    });
    await station.does('plug', { evse: tx.evseId, connector: tx.connectorId });
    for (let attempt = 1; attempt <= expected; attempt += 1) {
      const wait = (TIMEOUT_S + INTERVAL_S * attempt) * 1000 + t.settings.stepMs;
      await station.take(
        5,
        'TransactionEvent',
        {},
        {
          where: attempt === 1 ? {} : { seqNo: sameEvent(station)[0]?.payload.seqNo ?? -1 },
          within: wait,
          requirements: ['E13.FR.01', 'E13.FR.02'],
        },
      );
    }
    judgeIntervals(t, station, by, expected);
    const seqNo = sameEvent(station)[0]?.payload.seqNo ?? -1;
    await station.silence(
      5,
      INTERVAL_S * (expected + 1) + TIMEOUT_S,
      'TransactionEvent',
      { seqNo },
      answeredAt === undefined ? 'E13.FR.04' : 'E13.FR.01',
    );
  });

/** Every transmission of the event that is not taken: those with the seqNo of the first. */
function sameEvent(station: SutStation): readonly Received<'TransactionEvent'>[] {
  const events = station.since('TransactionEvent');
  const [first] = events;
  return events.filter(({ payload }) => payload.seqNo === first?.payload.seqNo);
}

/** E13.FR.03: the wait grows with the number of transmissions before it, on top of the time-out when nobody answered. */
function judgeIntervals(t: StationTest, station: SutStation, by: Retries['by'], expected: number): void {
  const sent = sameEvent(station);
  const where = { seqNo: sent[0]?.payload.seqNo };
  station.came(5, expected, 'TransactionEvent', where, `the event is sent ${expected} times`, 'E13.FR.01', 'E13.FR.04');
  for (const [n, call] of sent.entries()) {
    const before = sent[n - 1];
    if (before === undefined) continue;
    const due = (INTERVAL_S * n + (by === 'silence' ? TIMEOUT_S : 0)) * 1000;
    const waited = call.at - before.at;
    t.that(
      5,
      `transmission ${n + 1} comes ${due / 1000} s after the one before`,
      Math.abs(waited - due) <= Math.min(t.settings.deviationMs, 900),
      `${Math.round(waited)} ms`,
      ['E13.FR.03'],
      { entry: call.entry },
    );
  }
}

export const stationRetry = [
  retries('TC_E_41_CS', 'An event that nobody answers is given up after the last attempt', { attempts: 3, by: 'silence' }),
  retries('TC_E_50_CS', 'An event that is refused is given up after the last attempt', { attempts: 3, by: 'callError' }),
  retries('TC_E_42_CS', 'An event that is answered at the second attempt is not sent again', { attempts: 3, answeredAt: 2, by: 'silence' }),
  retries('TC_E_51_CS', 'An event that is taken at the second attempt is not sent again', { attempts: 3, answeredAt: 2, by: 'callError' }),
];
