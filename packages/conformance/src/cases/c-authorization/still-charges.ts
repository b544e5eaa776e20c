import type { SutTransaction } from '../../states/transaction-view.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** The transaction goes on: nothing ended it, and asked for it the station says so. */
export async function stillCharges(t: StationTest, station: SutStation, tx: SutTransaction, step: number): Promise<void> {
  const ended = { eventType: 'Ended', 'transactionInfo.transactionId': tx.id };
  station.came(step, 0, 'TransactionEvent', ended, 'the transaction was not ended');
  const last = tx.events.findLast(({ payload }) => payload.transactionInfo.chargingState !== undefined);
  t.that(step, 'energy still flows', last?.payload.transactionInfo.chargingState === 'Charging', last?.payload.transactionInfo, [], {
    entry: t.trace.entries.length - 1,
    absent: {
      action: 'TransactionEvent',
      where: { 'transactionInfo.transactionId': tx.id, 'transactionInfo.chargingState': 'SuspendedEVSE', seqNo: 1_000_000 },
    },
  });
  await station.call(step, 'GetTransactionStatus', { transactionId: tx.id }, { ongoingIndicator: true }, 'E14.FR.02');
}
