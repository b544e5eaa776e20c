import { type Program, tell } from '../sql.ts';

/** At the start of the CSMS: nobody is connected, and whatever was under way ended unseen. Nothing is ever sent again by itself. */
export function* restarted(at: number): Program<void> {
  yield* tell(`UPDATE command SET state='unknown', ended_at=?, result='{"reason":"csmsRestarted"}' WHERE state='sent'`, at);
  yield* tell(
    `UPDATE command SET state='notSent', ended_at=?, result='{"reason":"csmsRestarted"}' WHERE state='queued' AND expires_at IS NULL`,
    at,
  );
  yield* tell(`UPDATE bulk_item SET state='unknown', ended_at=?, reason='csmsRestarted' WHERE state='underWay'`, at);
  yield* tell('UPDATE connection SET closed_at=?, close_code=0, close_reason=? WHERE closed_at IS NULL', at, 'CSMS stopped');
  yield* tell('UPDATE station SET connected=0 WHERE connected=1');
}
