import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { clockTime, dayAndTime, decimal, exactTime, span } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useNow } from '../../words/now.ts';
import { stationWords } from './station-words.ts';

interface LinkPart {
  readonly from: number;
  readonly to: number;
  readonly closeCode: number | null;
}

const DAY_MS = 86_400_000;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Links of the last day, oldest first, cut to it. */
function partsOf(answer: unknown, now: number): readonly LinkPart[] {
  return (Array.isArray(answer) ? answer : [])
    .filter(isRecord)
    .map(({ openedAt, closedAt, closeCode }) => ({
      from: Math.max(Date.parse(String(openedAt)), now - DAY_MS),
      to: typeof closedAt === 'string' ? Date.parse(closedAt) : now,
      closeCode: typeof closeCode === 'number' ? closeCode : null,
    }))
    .filter(({ to }) => to > now - DAY_MS)
    .sort((a, b) => a.from - b.from);
}

/** Gaps to scale, but never too thin to see. */
const LEAST_PERCENT = 0.3;

export function LinkStrip({ stationId, connected }: { stationId: string; connected: boolean }) {
  const words = useWords(stationWords);
  const now = useNow();
  const { data } = useQuery({
    queryKey: ['connections', stationId, connected],
    queryFn: () => api.get('/stations/:stationId/connections', { params: { stationId }, query: { limit: 200 } }),
  });
  const parts = partsOf(data, now);
  const up = parts.reduce((sum, { from, to }) => sum + (to - from), 0);
  const known = Math.max(1, now - (parts[0]?.from ?? now));
  const share = decimal((up / known) * 100, 1);
  const gaps = parts
    .slice(1)
    .map(({ from }, index) => ({ from: parts[index]?.to ?? from, to: from, closeCode: parts[index]?.closeCode ?? null }));
  const left = (at: number): string => `${((at - (now - DAY_MS)) / DAY_MS) * 100}%`;
  const width = (from: number, to: number): string => `${Math.max(LEAST_PERCENT, ((to - from) / DAY_MS) * 100)}%`;
  return (
    <section className="panel">
      <div className="ph wrap">
        <h2>{words.connection}</h2>
        <span className="s dim">{words.connectedShare(share, gaps.length)}</span>
      </div>
      <div className="pb">
        <div className="strip" role="img" aria-label={words.connectedShare(share, gaps.length)}>
          {parts.map(({ from, to }) => (
            <i key={from} className="up" style={{ left: left(from), width: width(from, to) }} />
          ))}
          {gaps.map(({ from, to, closeCode }) => (
            <i
              key={`gap ${from}`}
              className="gap"
              style={{ left: left(from), width: width(from, to) }}
              title={`${closeCode ?? ''} ${exactTime(new Date(from).toISOString())}`}
            />
          ))}
        </div>
        <div className="row between s dim">
          <span>{dayAndTime(new Date(now - DAY_MS).toISOString())}</span>
          <span>{dayAndTime(new Date(now).toISOString())}</span>
        </div>
        {gaps.length > 0 && (
          <ul className="bare s" style={{ marginTop: 6 }}>
            {gaps
              .slice(-4)
              .toReversed()
              .map(({ from, to, closeCode }) => (
                <li key={from}>
                  <span className="dim">{clockTime(new Date(from).toISOString())}</span> {closeCode ?? ''}, {span((to - from) / 1000)}
                </li>
              ))}
          </ul>
        )}
      </div>
    </section>
  );
}
