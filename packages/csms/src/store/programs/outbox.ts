import type { StationRow } from '../intents.ts';
import { one, type Program, tell } from '../sql.ts';
import type { OutsideEvent } from '../webhook-intents.ts';

/** What is to leave the house, written with what it tells, and only while somebody outside wants to hear. */
export class Outbox {
  #wanted: boolean | undefined;

  /** Somebody came or went, or a transaction was rolled back: it is read again. */
  forget(): void {
    this.#wanted = undefined;
  }

  *wanted(): Program<boolean> {
    this.#wanted ??= (yield* one('SELECT 1 FROM webhook WHERE active=1 LIMIT 1')) !== undefined;
    return this.#wanted;
  }

  *write(type: OutsideEvent, eventId: string, station: StationRow, at: number, body: Readonly<Record<string, unknown>>): Program<void> {
    if (this.#wanted === false || !(yield* this.wanted())) return;
    yield* tell(
      'INSERT INTO outbox(event_id, type, station, at, body) VALUES(?,?,?,?,?)',
      eventId,
      type,
      station,
      at,
      JSON.stringify(body),
    );
  }
}
