import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Failed } from '../../design/failed.tsx';
import { stream } from '../../live/stream.ts';
import { dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { templatesWords } from './templates-words.ts';

const TONES: Readonly<Record<string, string>> = { refused: 'bad', failed: 'warn', unknown: 'warn', done: 'ok' };

/** A job for many stations: it lives on the server, so it is here after a reload as well. */
export function BulkPanel({ bulkId, close }: { bulkId: string; close: () => void }) {
  const words = useWords(templatesWords);
  const may = useMay('installer');
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ['bulk', bulkId],
    queryFn: () => api.get('/bulk/:bulkId', { params: { bulkId } }),
  });
  useEffect(
    () =>
      stream.on('bulk', (event) => {
        if (event.bulkId !== bulkId) return;
        void client.invalidateQueries({ queryKey: ['bulk', bulkId] });
        if (event['state'] !== 'running') void client.invalidateQueries({ queryKey: ['drift'] });
      }),
    [client, bulkId],
  );
  if (data === undefined) return <Failed error={error} />;
  const { counts, total, state } = data;
  const over = total - counts.waiting - counts.underWay;
  const bar: readonly (readonly [number, string])[] = [
    [counts.refused + counts.failed, 'var(--faulted)'],
    [counts.unknown + counts.stopped, 'var(--warn)'],
    [counts.done, 'var(--ok)'],
  ];
  return (
    <section className="panel" aria-label={words.job}>
      <div className="ph wrap">
        <h2>
          {words.job} {words.jobState[state]}, {words.of(over, total)}{' '}
          <span className="dim s" style={{ fontWeight: 400 }}>
            {data.actor} {dayAndTime(data.createdAt)}
          </span>
        </h2>
        <div className="row">
          {state === 'running' && (
            <Button disabled={!may} onClick={() => void api.post('/bulk/:bulkId/stop', { params: { bulkId } })}>
              {words.stop}
            </Button>
          )}
          <Button onClick={close}>{words.close}</Button>
        </div>
      </div>
      <div className="pb">
        <div className="prog" aria-hidden="true">
          {bar.map(([part, color]) => (
            <i key={color} style={{ width: `${total === 0 ? 0 : (part / total) * 100}%`, background: color }} />
          ))}
        </div>
        <p className="s dim" role="status" style={{ marginTop: 6 }}>
          {Object.entries(counts)
            .filter(([, n]) => n > 0)
            .map(([name, n]) => `${n} ${words.itemState[name] ?? name}`)
            .join(', ')}
        </p>
      </div>
      <div className="scroll-x" style={{ maxHeight: 320, overflowY: 'auto' }} tabIndex={0} role="region" aria-label={words.result}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.station}</th>
              <th scope="col">{words.result}</th>
              <th scope="col">{words.reason}</th>
            </tr>
          </thead>
          <tbody>
            {data.stations.map((item) => (
              <tr key={item.stationId}>
                <td className="nw">
                  {item.stationId !== null && (
                    <Link to="/stations/$stationId/configuration" params={{ stationId: item.stationId }}>
                      {item.stationId}
                    </Link>
                  )}
                </td>
                <td>
                  <span className={`tag ${TONES[item.state] ?? ''}`}>{words.itemState[item.state] ?? item.state}</span>
                </td>
                <td style={{ overflowWrap: 'anywhere' }}>
                  {item.reason} {item.clause !== null && <span className="tag">{item.clause}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
