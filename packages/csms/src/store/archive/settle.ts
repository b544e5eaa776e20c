import { restarted } from '../programs/restarted.ts';
import { type Program, tell } from '../sql.ts';

const MOST = 2_147_483_647;
/** More numbers than anybody takes between a backup and its restore. */
const AHEAD = 1_000_000;

/** After `move`: what stations were told at their boots is forgotten, so whoever reconnects without one is asked, never refused (D10). */
export function* moved(at: number): Program<void> {
  yield* restarted(at);
  yield* tell('UPDATE station SET registration=NULL');
}

/**
 * After `restore`, besides: numbers that were given after the backup was taken are jumped over, so that no late answer meets
 * a new question. They wrap as the counter itself does.
 */
export function* restored(at: number): Program<void> {
  yield* moved(at);
  for (const column of ['request_id', 'remote_start_id'])
    yield* tell(
      `UPDATE station SET ${column}=CASE WHEN ${column} > ? THEN ${column}-? ELSE ${column}+? END`,
      MOST - AHEAD,
      MOST - AHEAD,
      AHEAD,
    );
  // What waited when the backup was taken may have been done since: jobs for many stations end, nothing is sent twice.
  yield* tell(`UPDATE bulk_item SET state='unknown', reason='restored', ended_at=? WHERE state='waiting'`, at);
  yield* tell(`UPDATE bulk SET state='stopped', ended_at=? WHERE state='running'`, at);
}
