import { Button, CopyButton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { CsvButton } from '../../design/csv-button.tsx';
import { Value } from '../../design/figures.tsx';
import { stream } from '../../live/stream.ts';
import { dayAndTime, energy, exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { BillPanel } from './bill-panel.tsx';
import { EventTable } from './event-table.tsx';
import { LedgerPanel } from './ledger-panel.tsx';
import { sessionWords } from './session-words.ts';
import { TimelinePanel } from './timeline-panel.tsx';
import { VerdictPanel } from './verdict-panel.tsx';

/** Everything that is shown is read again when the session moves, at most once a second. */
function useMoving(stationId: string, transactionId: string): void {
  const client = useQueryClient();
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const deaf = stream.on('transaction', (event) => {
      if (event.stationId !== stationId || event.transactionId !== transactionId) return;
      waiting ??= setTimeout(() => {
        waiting = undefined;
        for (const name of ['transaction', 'session events', 'series'])
          void client.invalidateQueries({ queryKey: [name, stationId, transactionId] });
      }, 900);
    });
    return () => {
      deaf();
      clearTimeout(waiting);
    };
  }, [client, stationId, transactionId]);
}

/** Why did this session go as it went: verdict, one axis of time, ledger, bill. */
export function SessionPage() {
  const words = useWords(sessionWords);
  const params = useParams({ from: '/sessions/$stationId/$transactionId' });
  const { stationId, transactionId } = params;
  useMoving(stationId, transactionId);
  const { data: session, error } = useQuery({
    queryKey: ['transaction', stationId, transactionId],
    queryFn: () => api.get('/transactions/:stationId/:transactionId', { params }),
  });
  const { data: events = [] } = useQuery({
    queryKey: ['session events', stationId, transactionId],
    queryFn: () => api.get('/transactions/:stationId/:transactionId/events', { params }),
  });
  if (error !== null)
    return (
      <div className="note bad" role="alert">
        {error.message}
      </div>
    );
  if (session === undefined) return null;
  const { startedAt, endedAt, energyWh, idToken, evseId, cost } = session;
  return (
    <>
      <div className="row between wrap" style={{ alignItems: 'flex-start' }}>
        <div>
          <div className="s dim">
            <Link to="/sessions">{words.sessions}</Link> /{' '}
            <Link to="/stations/$stationId" params={{ stationId }}>
              {stationId}
            </Link>
            {evseId !== null && `, EVSE ${evseId}`}
          </div>
          <h1>
            {words.title}{' '}
            <span className="mono" style={{ fontSize: 18 }}>
              {transactionId.slice(0, 8)}
            </span>{' '}
            <span className="dim head-facts">
              {startedAt !== null && <span title={exactTime(startedAt)}>{dayAndTime(startedAt)}</span>}
              {endedAt !== null && <span title={exactTime(endedAt)}> – {dayAndTime(endedAt)}</span>}
              {energyWh !== null && (
                <>
                  , <Value of={energy(energyWh)} />
                </>
              )}
              {idToken !== null && `, ${words.token} …${idToken.idToken.slice(-4)}`}
              {cost !== null && `, ${cost.tariff.id}`}
            </span>
          </h1>
        </div>
        <div className="row">
          <CsvButton path="/transactions/:stationId/:transactionId/series" params={params} label={words.curveCsv} />
          <CopyButton value={location.href}>
            {({ copied, copy }) => <Button onClick={copy}>{copied ? words.copied : words.copyLink}</Button>}
          </CopyButton>
        </div>
      </div>
      <div className="sides">
        <div className="stack">
          <VerdictPanel session={session} />
          <TimelinePanel session={session} events={events} />
          <EventTable events={events} deciding={session.verdict.seqNo} />
        </div>
        <aside>
          <LedgerPanel session={session} events={events} />
          <BillPanel session={session} />
        </aside>
      </div>
    </>
  );
}
