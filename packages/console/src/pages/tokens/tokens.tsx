import { TOKEN_STATUSES } from '@busbar/api';
import { Button, Menu, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { CsvButton } from '../../design/csv-button.tsx';
import { Failed } from '../../design/failed.tsx';
import { More, usePages } from '../../design/pages.tsx';
import { dayAndTime, exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useNow } from '../../words/now.ts';
import { TokenDialog } from './token-dialog.tsx';
import type { TokenView } from './token-form.ts';
import { TokenImportDialog } from './token-import.tsx';
import { tokensWords } from './tokens-words.ts';

type Open = { readonly kind: 'none' } | { readonly kind: 'import' } | { readonly kind: 'token'; readonly before: TokenView | undefined };

/** Who may charge. */
export function TokensPage() {
  const words = useWords(tokensWords);
  const filter = useSearch({ from: '/tokens' });
  const navigate = useNavigate({ from: '/tokens' });
  const may = useMay('operator', 'everywhere');
  const [open, setOpen] = useState<Open>({ kind: 'none' });
  const [question, ask] = useState<Question | undefined>();
  const [said, say] = useState('');
  const change = (next: typeof filter): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const asked = Object.fromEntries(Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const { rows, error, isPending, again, more } = usePages(['tokens', 'list', filter.q, filter.group, filter.status], (cursor) =>
    api.page('/tokens', { query: { ...asked, ...cursor, limit: 100 } }),
  );
  const filtered = filter.q !== undefined || filter.group !== undefined || filter.status !== undefined;
  return (
    <>
      <div className="row between wrap">
        <h1>{words.title}</h1>
        <div className="row wrap">
          <Button variant="filled" disabled={!may} onClick={() => setOpen({ kind: 'token', before: undefined })}>
            {words.add}
          </Button>
          <Button disabled={!may} onClick={() => setOpen({ kind: 'import' })}>
            {words.import}
          </Button>
          <CsvButton path="/tokens" query={filter} />
        </div>
      </div>
      <div className="fields">
        <TextInput
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={filter.q ?? ''}
          onChange={({ currentTarget: { value } }) => change({ q: value === '' ? undefined : value })}
        />
        <TextInput
          aria-label={words.group}
          placeholder={words.anyGroup}
          value={filter.group ?? ''}
          onChange={({ currentTarget: { value } }) => change({ group: value === '' ? undefined : value })}
        />
        <NativeSelect
          aria-label={words.status}
          value={filter.status ?? ''}
          onChange={({ currentTarget: { value } }) => change({ status: value === '' ? undefined : value })}
          data={[{ value: '', label: words.anyStatus }, ...TOKEN_STATUSES]}
        />
        {filtered && (
          <button type="button" className="link" onClick={() => change({ q: undefined, group: undefined, status: undefined })}>
            {words.clear}
          </button>
        )}
      </div>
      {filter.group !== undefined && rows.length > 0 && <p className="s dim">{words.membersOf(filter.group)}</p>}
      {said !== '' && (
        <div className="note ok" role="status">
          {said}
        </div>
      )}
      <Failed error={error} again={again} />
      {!isPending && error === null && rows.length === 0 && <div className="panel pb dim">{filtered ? words.nothing : words.empty}</div>}
      {rows.length > 0 && <TokenTable rows={rows} may={may} edit={(before) => setOpen({ kind: 'token', before })} ask={ask} say={say} />}
      <More more={more} />
      {open.kind === 'token' && <TokenDialog before={open.before} close={() => setOpen({ kind: 'none' })} />}
      {open.kind === 'import' && <TokenImportDialog close={() => setOpen({ kind: 'none' })} />}
      <Ask question={question} close={() => ask(undefined)} />
    </>
  );
}

interface TableProps {
  readonly rows: readonly TokenView[];
  readonly may: boolean;
  readonly edit: (token: TokenView) => void;
  readonly ask: (question: Question) => void;
  readonly say: (text: string) => void;
}

function TokenTable({ rows, may, edit, ask, say }: TableProps) {
  const words = useWords(tokensWords);
  const client = useQueryClient();
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ['tokens'] });
  const remove = (token: TokenView): Question => ({
    ...words.askRemove(token.idToken),
    danger: true,
    run: async () => {
      await api.delete('/tokens/:type/:idToken', { params: { type: token.type, idToken: token.idToken } });
      await again();
    },
  });
  const erase = (token: TokenView): Question => ({
    ...words.askErase(token.idToken),
    danger: true,
    reason: true,
    run: async (reason) => {
      const params = { type: token.type, idToken: token.idToken };
      const { transactions, messageLogUntil } = await api.post('/tokens/:type/:idToken/erase', { params, body: { reason } });
      say(words.erased(transactions, exactTime(messageLogUntil)));
      await again();
    },
  });
  return (
    <section className="panel scroll-x" aria-label={words.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.id}</th>
            <th scope="col">{words.type}</th>
            <th scope="col">{words.status}</th>
            <th scope="col">{words.group}</th>
            <th scope="col">{words.validUntil}</th>
            <th scope="col" className="r">
              {words.priority}
            </th>
            <th>
              <span className="vh">{words.edit}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((token) => (
            <tr key={`${token.type} ${token.idToken}`}>
              <td className="mono">
                <button type="button" className="link mono" onClick={() => edit(token)} disabled={!may}>
                  {token.idToken === '' ? token.type : token.idToken}
                </button>{' '}
                {token.masterPass === true && <span className="tag">{words.masterShort}</span>}
              </td>
              <td>{token.type}</td>
              <td>
                <span className={`tag ${token.status === 'Accepted' ? 'ok' : 'warn'}`}>{token.status}</span>
              </td>
              <td>
                {token.groupIdToken !== undefined && (
                  <Link to="/tokens" search={{ group: token.groupIdToken.idToken }}>
                    {token.groupIdToken.idToken}
                  </Link>
                )}
              </td>
              <td className="nw">
                <Until at={token.validUntil} />
              </td>
              <td className="r">{token.chargingPriority}</td>
              <td className="r">
                <Menu position="bottom-end" withinPortal>
                  <Menu.Target>
                    <Button disabled={!may} aria-label={words.actions(token.idToken)}>
                      …
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={() => edit(token)}>{words.edit}</Menu.Item>
                    <Menu.Item onClick={() => ask(remove(token))}>{words.remove}</Menu.Item>
                    <Menu.Item c="var(--faulted)" onClick={() => ask(erase(token))}>
                      {words.erase}
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Until({ at }: { at: string | undefined }) {
  const words = useWords(tokensWords);
  const now = useNow();
  if (at === undefined) return null;
  return (
    <span title={exactTime(at)}>
      {dayAndTime(at)} {Date.parse(at) < now && <span className="tag bad">{words.over}</span>}
    </span>
  );
}
