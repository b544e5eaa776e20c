import { useElementSize } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { useWords } from '../../words/language.ts';
import { useNow } from '../../words/now.ts';
import type { SessionDetail } from './session-data.ts';
import { sessionWords } from './session-words.ts';
import { TimelineDrawing } from './timeline-drawing.tsx';
import { type SessionEvent, type Stretch, timelineOf } from './timeline-model.ts';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Links of the station while the session went on; between them it had none. */
function linksOf(answer: unknown, from: number, to: number): readonly (Stretch<'up'> & { readonly code: string })[] {
  return (Array.isArray(answer) ? answer : [])
    .filter(isRecord)
    .map(({ openedAt, closedAt, closeCode }) => ({
      from: Math.max(from, Date.parse(String(openedAt))),
      to: Math.min(to, typeof closedAt === 'string' ? Date.parse(closedAt) : to),
      kind: 'up' as const,
      code: typeof closeCode === 'number' ? String(closeCode) : '',
    }))
    .filter((link) => link.to > link.from)
    .sort((a, b) => a.from - b.from);
}

export function TimelinePanel({ session, events }: { session: SessionDetail; events: readonly SessionEvent[] }) {
  const words = useWords(sessionWords);
  const { ref, width } = useElementSize();
  const now = useNow();
  const { stationId, transactionId } = session;
  const params = { stationId, transactionId };
  const { data: series = [] } = useQuery({
    queryKey: ['series', stationId, transactionId],
    queryFn: () => api.get('/transactions/:stationId/:transactionId/series', { params }),
  });
  const { data: connections } = useQuery({
    queryKey: ['connections', stationId],
    queryFn: () => api.get('/stations/:stationId/connections', { params: { stationId }, query: { limit: 500 } }),
  });
  const timeline = timelineOf(events, now);
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.happenedWhen}</h2>
      </div>
      <div className="pb">
        <div ref={ref} style={{ minHeight: 300 }}>
          {timeline !== undefined && width > 0 && (
            <TimelineDrawing
              width={width}
              timeline={timeline}
              series={series}
              links={linksOf(connections, timeline.from, timeline.to)}
              missing={session.missingSeqNos ?? []}
              deciding={session.verdict.at === null ? null : Date.parse(session.verdict.at)}
              token={session.idToken?.idToken.slice(-4)}
            />
          )}
        </div>
      </div>
    </section>
  );
}
