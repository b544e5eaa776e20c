import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { CsvButton } from '../../design/csv-button.tsx';
import { Failed } from '../../design/failed.tsx';
import { More, usePages } from '../../design/pages.tsx';
import { Segments } from '../../design/segments.tsx';
import { stream } from '../../live/stream.ts';
import { useWords } from '../../words/language.ts';
import { SessionRows } from './session-rows.tsx';
import { sessionsWords } from './sessions-words.ts';

const CHOICES = ['all', 'active', 'ended', 'provisional'] as const;
type Choice = (typeof CHOICES)[number];

interface Filter {
  readonly stationId?: string | undefined;
  readonly choice: Choice;
}

const queryOf = ({ stationId, choice }: Filter) => ({
  ...(stationId === undefined ? {} : { stationId }),
  ...(choice === 'active' || choice === 'ended' ? { state: choice } : {}),
  ...(choice === 'provisional' ? { bill: 'provisional' } : {}),
});

/** Newest first, a page at a time; the first page is read again when a session begins or ends. */
function useSessions(filter: Filter) {
  const client = useQueryClient();
  useEffect(() => {
    const again = (): void => void client.invalidateQueries({ queryKey: ['sessions'] });
    return stream.on('transaction', ({ kind }) => kind !== 'updated' && again());
  }, [client]);
  return usePages(['sessions', filter.stationId, filter.choice], (cursor) =>
    api.page('/transactions', { query: { ...queryOf(filter), ...cursor, limit: 50 } }),
  );
}

function Sessions({ filter, choose }: { filter: Filter; choose: (choice: Choice) => void }) {
  const words = useWords(sessionsWords);
  const { rows, isPending, error, again, more } = useSessions(filter);
  return (
    <>
      <div className="row between wrap">
        <Segments
          label={words.show}
          value={filter.choice}
          choose={choose}
          choices={CHOICES.map((value) => ({ value, label: words.filter[value] }))}
        />
        <div className="row">
          <CsvButton path="/transactions" query={queryOf(filter)} />
          <CsvButton path="/cdrs" query={{ stationId: filter.stationId }} label={words.cdrs} />
        </div>
      </div>
      <Failed error={error} again={again} />
      {!isPending && error === null && rows.length === 0 ? (
        <div className="panel pb dim">{filter.choice === 'all' ? words.noneYet : words.none}</div>
      ) : (
        <SessionRows rows={rows} withStation={filter.stationId === undefined} />
      )}
      <More more={more} />
    </>
  );
}

const choiceOf = (state: string | undefined, bill: string | undefined): Choice =>
  bill === 'provisional' ? 'provisional' : (CHOICES.find((choice) => choice === state) ?? 'all');

export function SessionsPage() {
  const words = useWords(sessionsWords);
  const { state, bill, stationId } = useSearch({ from: '/sessions' });
  const navigate = useNavigate({ from: '/sessions' });
  const choose = (choice: Choice): void =>
    void navigate({
      search: {
        stationId,
        state: choice === 'active' || choice === 'ended' ? choice : undefined,
        bill: choice === 'provisional' ? choice : undefined,
      },
      replace: true,
    });
  return (
    <>
      <h1>
        {words.title} {stationId !== undefined && <Link to="/sessions">{stationId} ×</Link>}
      </h1>
      <Sessions filter={{ stationId, choice: choiceOf(state, bill) }} choose={choose} />
    </>
  );
}

/** The section of a station's page. */
export function StationSessions() {
  const { stationId } = useParams({ from: '/stations/$stationId' });
  const navigate = useNavigate();
  return (
    <Sessions
      filter={{ stationId, choice: 'all' }}
      choose={(choice) =>
        void navigate({
          to: '/sessions',
          search: {
            stationId,
            state: choice === 'active' || choice === 'ended' ? choice : undefined,
            bill: choice === 'provisional' ? choice : undefined,
          },
        })
      }
    />
  );
}
