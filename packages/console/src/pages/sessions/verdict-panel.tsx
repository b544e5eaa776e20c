import { useWords } from '../../words/language.ts';
import type { SessionDetail } from './session-data.ts';
import { sessionWords } from './session-words.ts';

/** What happened, why, whose fault it is not; then the clause and how sure we are. */
export function VerdictPanel({ session: { verdict } }: { session: SessionDetail }) {
  const words = useWords(sessionWords);
  const [what, why] = words.verdict[verdict.code](verdict.detail);
  const runs = verdict.code === 'running';
  return (
    <section className={`note verdict ${runs ? 'info' : verdict.good ? 'ok' : 'bad'}`} aria-label={runs ? words.whyRuns : words.whyEnded}>
      <h2 className="s dim">{runs ? words.whyRuns : words.whyEnded}</h2>
      <p className="said">
        <b>{what}</b> {why}
      </p>
      {!runs && (
        <p className="s dim">
          {verdict.clause !== null && `${words.by} ${verdict.clause}. `}
          {verdict.certainty === 'certain' ? words.certain : words.likely(Number(verdict.detail['missing'] ?? 0))}
        </p>
      )}
    </section>
  );
}
