import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { designWords } from '../../design/design-words.ts';
import { Failed } from '../../design/failed.tsx';
import { dayAndTime, exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { adminWords } from './admin-words.ts';

/** What the station told about its security, and what was noticed here about it (A04). */
export function SecurityEvents({ stationId }: { stationId: string }) {
  const words = useWords(adminWords);
  const general = useWords(designWords);
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['station', stationId, 'security-events'],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      api.page('/stations/:stationId/security-events', {
        params: { stationId },
        query: { ...Object.fromEntries(new URLSearchParams(pageParam)), limit: 20 },
      }),
    getNextPageParam: ({ next }) => next,
  });
  const rows = data?.pages.flatMap(({ body }) => body) ?? [];
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.events}</h2>
      </div>
      <Failed error={error} />
      {data !== undefined && rows.length === 0 && <p className="pb dim">{words.noEvents}</p>}
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
      {hasNextPage && (
        <div className="pb">
          <Button onClick={() => void fetchNextPage()}>{general.more}</Button>
        </div>
      )}
    </section>
  );
}
