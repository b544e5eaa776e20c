import { useState } from 'react';
import { exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { sessionWords } from './session-words.ts';
import type { SessionEvent } from './timeline-model.ts';

/** What one reads at a glance; the rest comes on demand. */
const SHOWN = 40;

const clock = (iso: string): string => new Date(iso).toLocaleTimeString('en-GB', { hour12: false });
const registerOf = (event: SessionEvent['event']): string => {
  const { chargingState, stoppedReason } = event.transactionInfo;
  const token = event.idToken === undefined ? '' : `…${event.idToken.idToken.slice(-4)}`;
  return [chargingState, stoppedReason, token].filter((part) => part !== undefined && part !== '').join(', ');
};

/** The same as the axis of time, as text; the event that decided stands out. */
export function EventTable({ events, deciding }: { events: readonly SessionEvent[]; deciding: number | null }) {
  const words = useWords(sessionWords);
  const [all, setAll] = useState(false);
  const rows =
    all || events.length <= SHOWN ? events : events.filter(({ event }) => event.triggerReason !== 'MeterValuePeriodic').slice(0, SHOWN);
  return (
    <section className="panel scroll-x" tabIndex={0} aria-label={words.events}>
      <table className="c">
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col" className="r">
              seqNo
            </th>
            <th scope="col">{words.event}</th>
            <th scope="col">{words.trigger}</th>
            <th scope="col">{words.details}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ event, receivedAt, conflict }) => (
            <tr key={`${event.seqNo} ${receivedAt} ${conflict}`} className={event.seqNo === deciding ? 'sel' : ''}>
              <td className="nw" title={exactTime(event.timestamp)}>
                {clock(event.timestamp)} {event.offline === true && <span className="tag warn">{words.offline}</span>}
              </td>
              <td className="r">{event.seqNo}</td>
              <td>{event.eventType}</td>
              <td>{event.triggerReason}</td>
              <td className="dim">{registerOf(event)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < events.length && (
        <p className="s" style={{ padding: '6px 10px' }}>
          <button type="button" className="link" onClick={() => setAll(true)}>
            {words.events}: {events.length}
          </button>
        </p>
      )}
    </section>
  );
}
