import { api } from '../../api/client.ts';
import { Failed } from '../../design/failed.tsx';
import { More, usePages } from '../../design/pages.tsx';
import { dayAndTime, exactTime, span } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useNow } from '../../words/now.ts';
import { adminWords } from './admin-words.ts';

/** Every link it had, and how each ended. */
export function ConnectionHistory({ stationId }: { stationId: string }) {
  const words = useWords(adminWords);
  const now = useNow();
  const { rows, isPending, error, more } = usePages(['station', stationId, 'connections'], (cursor) =>
    api.page('/stations/:stationId/connections', { params: { stationId }, query: { ...cursor, limit: 20 } }),
  );
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.connections}</h2>
      </div>
      <Failed error={error} />
      {!isPending && error === null && rows.length === 0 && <p className="pb dim">{words.noConnections}</p>}
      {rows.length > 0 && (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={words.connections}>
          <table className="c">
            <thead>
              <tr>
                <th scope="col">{words.opened}</th>
                <th scope="col">{words.closed}</th>
                <th scope="col" className="r">
                  {words.lasted}
                </th>
                <th scope="col">{words.code}</th>
                <th scope="col">{words.from}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ epoch, openedAt, closedAt, closeCode, closeReason, remote, version }) => (
                <tr key={epoch}>
                  <td className="nw" title={exactTime(openedAt)}>
                    {dayAndTime(openedAt)}
                  </td>
                  <td className="nw" title={closedAt === null ? '' : exactTime(closedAt)}>
                    {closedAt === null ? <span className="tag ok">{words.open}</span> : dayAndTime(closedAt)}
                  </td>
                  <td className="r nw">{span(((closedAt === null ? now : Date.parse(closedAt)) - Date.parse(openedAt)) / 1000)}</td>
                  <td>
                    {closeCode} <span className="dim">{closeReason}</span>
                  </td>
                  <td className="nw dim">
                    {remote} {version}
                  </td>
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
