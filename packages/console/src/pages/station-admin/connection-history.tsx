import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { designWords } from '../../design/design-words.ts';
import { Failed } from '../../design/failed.tsx';
import { dayAndTime, exactTime, span } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useNow } from '../../words/now.ts';
import { adminWords } from './admin-words.ts';

/** Every link it had, and how each ended. */
export function ConnectionHistory({ stationId }: { stationId: string }) {
  const words = useWords(adminWords);
  const general = useWords(designWords);
  const now = useNow();
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['station', stationId, 'connections'],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      api.page('/stations/:stationId/connections', {
        params: { stationId },
        query: { ...Object.fromEntries(new URLSearchParams(pageParam)), limit: 20 },
      }),
    getNextPageParam: ({ next }) => next,
  });
  const rows = data?.pages.flatMap(({ body }) => body) ?? [];
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.connections}</h2>
      </div>
      <Failed error={error} />
      {data !== undefined && rows.length === 0 && <p className="pb dim">{words.noConnections}</p>}
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
      {hasNextPage && (
        <div className="pb">
          <Button onClick={() => void fetchNextPage()}>{general.more}</Button>
        </div>
      )}
    </section>
  );
}
