import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { stream } from '../../live/stream.ts';
import { count, dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { figures, type Group, groups, type ItemState, nameOf, shares } from './bulk-progress.ts';
import { bulkWords } from './bulk-words.ts';
import './bulk.css';

/** A job goes on many times a second; the page asks once. */
const ASK_EVERY_MS = 1_000;

function useJob(bulkId: string) {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = stream.on('bulk', (event) => {
      if (event.bulkId !== bulkId || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ['bulk', bulkId] });
      }, ASK_EVERY_MS);
    });
    return () => {
      clearTimeout(timer);
      off();
    };
  }, [client, bulkId]);
  return useQuery({ queryKey: ['bulk', bulkId], queryFn: () => api.get('/bulk/:bulkId', { params: { bulkId } }) });
}

/** How far a job for many stations is: a bar, the same in words, and what was refused first. */
export function BulkJob({ bulkId, hide }: { bulkId: string; hide?: () => void }) {
  const words = useWords(bulkWords);
  const may = useMay('installer');
  const [question, ask] = useState<Question | undefined>();
  const { data: job, error } = useJob(bulkId);
  if (error !== null)
    return (
      <div className="note bad" role="alert">
        {error.message}
      </div>
    );
  if (job === undefined) return <div className="pb" aria-busy="true" />;
  const name = nameOf(job.action);
  const { done, bad } = shares(job);
  const said = figures(job)
    .map(([state, n]) => `${count(n)} ${words.of[state]}`)
    .join(', ');
  return (
    <section className="job" aria-label={`${words.job}: ${name}`}>
      <div className="ph wrap">
        <h2 className="wrap-any">
          {name} {words.on(count(job.total))}
        </h2>
        <div
          className="prog"
          role="progressbar"
          aria-label={words.progress}
          aria-valuemin={0}
          aria-valuemax={job.total}
          aria-valuenow={job.total - job.counts.waiting - job.counts.underWay}
          aria-valuetext={said}
        >
          <i style={{ width: `${done * 100}%`, background: 'var(--charging)' }} />
          <i style={{ width: `${bad * 100}%`, background: 'var(--faulted)' }} />
        </div>
        <span className="s">{said}</span>
        <div className="row s">
          {job.state === 'running' && (
            <button
              type="button"
              className="link"
              disabled={!may}
              onClick={() =>
                ask({
                  title: words.stopTitle(name),
                  text: words.stopText,
                  button: words.stopButton(count(job.counts.waiting)),
                  danger: true,
                  run: async () => void (await api.post('/bulk/:bulkId/stop', { params: { bulkId } })),
                })
              }
            >
              {words.stop}
            </button>
          )}
          <a href={`/api/v1/bulk/${encodeURIComponent(bulkId)}/stations?format=csv`} download>
            {words.csv}
          </a>
          {hide !== undefined && (
            <button type="button" className="link" onClick={hide}>
              {words.hide}
            </button>
          )}
        </div>
      </div>
      <div className="scroll-x">
        <table className="c job-rows">
          <tbody>
            {groups(job.stations, job).map((group) => (
              <GroupRow key={`${group.state} ${group.reason} ${group.clause}`} group={group} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="s dim job-foot">
        {words.by(job.actor)}, {dayAndTime(job.createdAt)}
        {job.state === 'running' && job.expiresAt !== null && `, ${words.until(dayAndTime(job.expiresAt))}`}
      </p>
      <Ask question={question} close={() => ask(undefined)} />
    </section>
  );
}

const TONES: Readonly<Record<ItemState, string>> = {
  done: 'var(--ok)',
  refused: 'var(--faulted)',
  failed: 'var(--warn)',
  unknown: 'var(--faulted)',
  underWay: 'var(--pending)',
  waiting: 'var(--pending)',
  stopped: 'var(--dim)',
};

function GroupRow({ group }: { group: Group }) {
  const words = useWords(bulkWords);
  const { state, reason, clause, stations, more, ms } = group;
  return (
    <tr>
      <td>
        {stations.map((stationId, at) => (
          <span key={stationId}>
            {at > 0 && ', '}
            <Link to="/stations/$stationId" params={{ stationId }}>
              {stationId}
            </Link>
          </span>
        ))}{' '}
        {more > 0 && words.more(count(more))}
      </td>
      <td className="nw">
        <b style={{ color: TONES[state] }}>{words.state[state]}</b>
      </td>
      <td className="wrap-any">
        {reason === null ? (words.why[state] ?? '') : (words.reasons[reason] ?? reason)}{' '}
        {clause !== null && <span className="tag">{clause}</span>}
      </td>
      <td className="r nw">{ms !== null && `${count(ms)} ms`}</td>
    </tr>
  );
}
