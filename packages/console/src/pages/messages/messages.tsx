import { Button, Select, TextInput } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api, urlOf } from '../../api/client.ts';
import { useFleet } from '../../live/fleet-store.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { MessageRows } from './message-rows.tsx';
import { MessageSentence } from './message-sentence.tsx';
import { messagesWords } from './messages-words.ts';
import type { MessageFilter, Pair } from './pairs.ts';
import { useMessages } from './use-messages.ts';
import '../../design/json.css';
import './messages.css';

export function MessagesPage() {
  const words = useWords(messagesWords);
  const filter = useSearch({ from: '/messages' });
  const navigate = useNavigate({ from: '/messages' });
  const stations = useFleet();
  const change = (next: MessageFilter): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <Messages
      filter={filter}
      change={change}
      title={<h1>{words.title}</h1>}
      choice={
        <Select
          w={200}
          searchable
          clearable
          limit={50}
          aria-label={words.station}
          placeholder={words.anyStation}
          value={filter.stationId ?? null}
          data={[...new Set([...stations.map(({ id }) => id), ...(filter.stationId === undefined ? [] : [filter.stationId])])]}
          onChange={(stationId) => change({ stationId: stationId ?? undefined })}
        />
      }
    />
  );
}

/** The section of a station's page. */
export function StationMessages() {
  const words = useWords(messagesWords);
  const { stationId } = useParams({ from: '/stations/$stationId' });
  const filter = useSearch({ from: '/stations/$stationId/messages' });
  const navigate = useNavigate({ from: '/stations/$stationId/messages' });
  const change = (next: MessageFilter): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  return <Messages filter={{ ...filter, stationId }} change={change} title={<h2 className="vh">{words.title}</h2>} ofOne />;
}

interface Props {
  readonly filter: MessageFilter;
  readonly change: (next: MessageFilter) => void;
  readonly title: React.ReactNode;
  readonly choice?: React.ReactNode;
  readonly ofOne?: boolean;
}

interface Imported {
  readonly file: string;
  readonly pairs: readonly Pair[];
}

function Messages({ filter, change, title, choice, ofOne = false }: Props) {
  const words = useWords(messagesWords);
  const { list, rows, added, take, query } = useMessages(filter);
  const [imported, setImported] = useState<Imported | undefined>();
  const [problem, setProblem] = useState('');
  const [open, setOpen] = useState<string | undefined>();
  useTakenAtTop(added, open === undefined && imported === undefined, take);
  const bring = async (file: File): Promise<void> => {
    try {
      setProblem('');
      const pairs = await api.post('/messages/import', { body: await file.text() });
      setImported({ file: file.name, pairs });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const failed = list.error?.message ?? '';
  return (
    <>
      <div className="row between wrap">
        {title}
        <div className="row wrap" style={{ marginLeft: 'auto' }}>
          {choice}
          <Button component="a" href={urlOf('/messages', undefined, { ...query, format: 'jsonl' })} download>
            {words.exportLines}
          </Button>
          <ImportButton bring={bring} />
          <Link to="/send" search={filter.stationId === undefined ? {} : { stationId: filter.stationId }} className="btn p">
            {words.send}
          </Link>
        </div>
      </div>
      {problem !== '' && (
        <div className="note bad" role="alert">
          {problem}
        </div>
      )}
      {imported !== undefined ? (
        <>
          <div className="note info">
            {words.imported(imported.file, count(imported.pairs.length))}{' '}
            <button type="button" className="link" onClick={() => setImported(undefined)}>
              {words.back}
            </button>
          </div>
          <MessageRows rows={imported.pairs} withStation open={open} setOpen={setOpen} foreign />
        </>
      ) : (
        <>
          <div className="row between wrap">
            <MessageSentence filter={filter} change={change} rows={rows} />
            <SearchField key={filter.q === undefined ? 'none' : 'some'} q={filter.q} change={change} />
          </div>
          {failed !== '' && (
            <div className="note bad" role="alert">
              {failed}
            </div>
          )}
          {added > 0 && (
            <button type="button" className="fresh" onClick={take}>
              {words.fresh(added)}
            </button>
          )}
          {rows.length > 0 && <MessageRows rows={rows} withStation={!ofOne} open={open} setOpen={setOpen} />}
          {list.isSuccess && rows.length === 0 && (
            <div className="panel pb dim">{list.hasNextPage ? words.older : isPlain(filter) ? words.none : words.nothing}</div>
          )}
          {list.isPending && <div className="panel pb" aria-busy="true" />}
          {list.hasNextPage && (
            <div>
              <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {words.more}
              </Button>
            </div>
          )}
        </>
      )}
    </>
  );
}

const isPlain = ({ direction, action, result, since, q }: MessageFilter): boolean =>
  [direction, action, result, since, q].every((word) => word === undefined);

/** New rows come by themselves only while one looks at the top and reads none. */
function useTakenAtTop(added: number, may: boolean, take: () => void): void {
  useEffect(() => {
    const main = document.getElementById('content');
    if (added > 0 && may && (main === null || main.scrollTop < 8)) take();
    // biome-ignore lint/correctness/useExhaustiveDependencies: taken when something came, not when the function is another
  }, [added, may]);
}

const TYPED_MS = 400;

/** Asks when one has stopped typing: a search reads far back. */
function SearchField({ q, change }: { q: string | undefined; change: (next: MessageFilter) => void }) {
  const words = useWords(messagesWords);
  const [typed, setTyped] = useState(q ?? '');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <TextInput
      type="search"
      w={220}
      aria-label={words.search}
      placeholder={words.search}
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => change({ q: value === '' ? undefined : value }), TYPED_MS);
      }}
    />
  );
}

function ImportButton({ bring }: { bring: (file: File) => Promise<void> }) {
  const words = useWords(messagesWords);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        className="vh"
        type="file"
        tabIndex={-1}
        aria-label={words.importFile}
        accept=".jsonl,.ndjson,.json,.txt,.log"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file !== undefined) void bring(file);
        }}
      />
      <Button onClick={() => input.current?.click()}>{words.importLines}</Button>
    </>
  );
}
