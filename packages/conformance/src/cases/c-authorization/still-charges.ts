import type { SutTransaction } from '../../states/transaction-view.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** The transaction goes on: nothing ended it, and asked for it the station says so. */
export async function stillCharges(t: StationTest, station: SutStation, tx: SutTransaction, step: number): Promise<void> {
  const ended = station.all('TransactionEvent', { eventType: 'Ended', 'transactionInfo.transactionId': tx.id }).at(0);
  t.that(step, 'the transaction was not ended', ended === undefined, ended?.payload, [], ended && { entry: ended.entry });
  const last = tx.events.findLast(({ payload }) => payload.transactionInfo.chargingState !== undefined);
  t.that(
    step,
    'energy still flows',
    last?.payload.transactionInfo.chargingState === 'Charging',
    last?.payload.transactionInfo,
    [],
    last && { entry: last.entry, path: 'transactionInfo.chargingState' },
  );
  await station.call(step, 'GetTransactionStatus', { transactionId: tx.id }, { ongoingIndicator: true }, 'E14.FR.02');
}
