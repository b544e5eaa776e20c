import { api } from '../../api/client.ts';
import { Failed } from '../../design/failed.tsx';
import { More, usePages } from '../../design/pages.tsx';
import { dayAndTime, exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { adminWords } from './admin-words.ts';

/** What the station told about its security, and what was noticed here about it (A04). */
export function SecurityEvents({ stationId }: { stationId: string }) {
  const words = useWords(adminWords);
  const { rows, isPending, error, more } = usePages(['station', stationId, 'security-events'], (cursor) =>
    api.page('/stations/:stationId/security-events', { params: { stationId }, query: { ...cursor, limit: 20 } }),
  );
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.events}</h2>
      </div>
      <Failed error={error} />
      {!isPending && error === null && rows.length === 0 && <p className="pb dim">{words.noEvents}</p>}
      {rows.length > 0 && (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={words.events}>
          <table className="c">
            <thead>
              <tr>
                <th scope="col">{words.when}</th>
                <th scope="col">{words.type}</th>
                <th scope="col">{words.source}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((event) => (
                <tr key={event.id}>
                  <td className="nw" title={exactTime(event.at)}>
                    {dayAndTime(event.at)}
                  </td>
                  <td style={{ overflowWrap: 'anywhere' }}>
                    <b>{event.type}</b> {event.critical && <span className="tag bad">{words.critical}</span>}{' '}
                    <span className="dim">{event.techInfo}</span>
                  </td>
                  <td className="nw">{words.sources[event.source] ?? event.source}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <More more={more} inPanel />
    </section>
  );
}
