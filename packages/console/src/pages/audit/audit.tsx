import { TextInput } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { CsvButton } from '../../design/csv-button.tsx';
import { Failed } from '../../design/failed.tsx';
import { More, usePages } from '../../design/pages.tsx';
import { useFleet } from '../../live/fleet-store.ts';
import { dayAndTime, exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { auditWords } from './audit-words.ts';

const FIELDS = ['actor', 'action', 'target'] as const;
const TIMES = ['since', 'until'] as const;

/** Who did what, to whom, why, and what became of it. */
export function AuditPage() {
  const words = useWords(auditWords);
  const may = useMay('admin');
  return (
    <>
      <h1>{words.title}</h1>
      {may ? <Entries /> : <div className="note">{words.needAdmin}</div>}
    </>
  );
}

function Entries() {
  const words = useWords(auditWords);
  const filter = useSearch({ from: '/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const change = (next: typeof filter): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const asked = Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, TIMES.some((time) => time === name) ? new Date(value).toISOString() : value] as const];
    }),
  );
  const { rows, error, isPending, again, more } = usePages(['audit', filter], (cursor) =>
    api.page('/audit', { query: { ...asked, ...cursor, limit: 100 } }),
  );
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <>
      <div className="row between wrap" style={{ alignItems: 'flex-end' }}>
        <div className="fields">
          {FIELDS.map((field) => (
            <TextInput
              key={field}
              label={words[field]}
              placeholder={field === 'actor' ? words.actorHint : field === 'action' ? words.actionHint : undefined}
              value={filter[field] ?? ''}
              onChange={({ currentTarget: { value } }) => change({ [field]: value === '' ? undefined : value })}
            />
          ))}
          {TIMES.map((field) => (
            <TextInput
              key={field}
              type="datetime-local"
              label={words[field]}
              value={filter[field] ?? ''}
              onChange={({ currentTarget: { value } }) => change({ [field]: value === '' ? undefined : value })}
            />
          ))}
          {filtered && (
            <Link to="/audit" style={{ paddingBottom: 6 }}>
              {words.clear}
            </Link>
          )}
        </div>
        <CsvButton path="/audit" query={asked} />
      </div>
      <Failed error={error} again={again} />
      {!isPending && error === null && rows.length === 0 && <div className="panel pb dim">{words.nothing}</div>}
      {rows.length > 0 && (
        <section className="panel scroll-x" aria-label={words.title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.at}</th>
                <th scope="col">{words.actor}</th>
                <th scope="col">{words.action}</th>
                <th scope="col">{words.target}</th>
                <th scope="col">{words.reason}</th>
                <th scope="col">{words.result}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((entry) => (
                <tr key={entry.id}>
                  <td className="nw dim" title={exactTime(entry.at)}>
                    {dayAndTime(entry.at)}
                  </td>
                  <td className="nw">
                    <Link to="/audit" search={{ ...filter, actor: entry.actor }} className="q">
                      {entry.actor}
                    </Link>
                  </td>
                  <td className="nw">
                    <Link to="/audit" search={{ ...filter, action: entry.action }} className="q">
                      {entry.action}
                    </Link>
                  </td>
                  <td style={{ overflowWrap: 'anywhere' }}>
                    <Target text={entry.target} />
                  </td>
                  <td>{entry.reason}</td>
                  <td style={{ overflowWrap: 'anywhere' }}>{entry.result}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <More more={more} />
    </>
  );
}

/** A station that is named first leads there. */
function Target({ text }: { text: string }) {
  const rows = useFleet();
  const [first = '', ...rest] = text.split(' ');
  if (!rows.some(({ id }) => id === first)) return <>{text}</>;
  return (
    <>
      <Link to="/stations/$stationId/admin" params={{ stationId: first }}>
        {first}
      </Link>{' '}
      {rest.join(' ')}
    </>
  );
}
