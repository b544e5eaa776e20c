import type { Bill, TxRow } from '../../ledger/row.ts';
import { type Program, tell } from '../sql.ts';

/** What a list of transactions may be asked for; the fold's own types are the truth behind it. */
interface Listed {
  readonly row: TxRow;
  readonly bill: Bill;
}

const isOver = ({ row, bill }: Listed): boolean => row.state === 'ended' || bill.bill === 'final';
/** Where its Started never came, its last event counts. */
const startOf = ({ startedAt, lastAt }: TxRow): number => startedAt ?? lastAt;

/** Nothing changed that a list knows: so it is with almost every Updated. */
const sameInLists = (a: Listed, b: Listed): boolean =>
  startOf(a.row) === startOf(b.row) &&
  a.row.idToken === b.row.idToken &&
  a.row.stoppedReason === b.row.stoppedReason &&
  a.row.state === b.row.state &&
  a.bill.bill === b.bill.bill &&
  a.bill.completeness === b.bill.completeness &&
  (!isOver(b) || a.bill.energyMWh === b.bill.energyMWh);

/** Keeps the row that lists look at, when something in it changed. */
export function* keepListed(station: number, txid: string, id: number, after: Listed, before?: Listed): Program<void> {
  if (before !== undefined && sameInLists(before, after)) return;
  const { row, bill } = after;
  const over = isOver(after);
  yield* tell(
    `INSERT INTO tx_listed VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET started_at=excluded.started_at, energy=excluded.energy, token_type=excluded.token_type, token=excluded.token,
      stopped_reason=excluded.stopped_reason, ended=excluded.ended, final=excluded.final, complete=excluded.complete`,
    id,
    station,
    txid,
    startOf(row),
    over ? bill.energyMWh : null,
    row.idToken?.type ?? null,
    row.idToken?.idToken.toLowerCase() ?? null,
    row.stoppedReason,
    over ? 1 : 0,
    bill.bill === 'final' ? 1 : 0,
    bill.completeness === 'complete' ? 1 : 0,
  );
}
