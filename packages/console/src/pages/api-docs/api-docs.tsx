import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Failed } from '../../design/failed.tsx';
import { useWords } from '../../words/language.ts';
import { apiDocsWords } from './api-docs-words.ts';
import { found, grouped, type Operation, operationsOf, type Routes } from './operations.ts';
import { TryOut } from './try-out.tsx';
import '../../design/json.css';
import '../send/send.css';
import './api-docs.css';

/** The document of this very server: made from the contracts that it registers its routes from. */
async function readRoutes(): Promise<Routes> {
  const answer = await fetch('/api/openapi.json');
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return operationsOf(await answer.json());
}

/** Every route, to be read and tried. */
export function ApiDocsPage() {
  const words = useWords(apiDocsWords);
  const { operation: chosen, q = '' } = useSearch({ from: '/api/docs' });
  const navigate = useNavigate({ from: '/api/docs' });
  const { data, error } = useQuery({ queryKey: ['openapi'], queryFn: readRoutes, staleTime: Number.POSITIVE_INFINITY });
  const operation = data?.operations.find(({ id }) => id === chosen);
  return (
    <>
      <div className="row wrap between">
        <h1>{words.title}</h1>
        <a href="/api/openapi.json" download="busbar-openapi.json">
          {words.document}
        </a>
      </div>
      <p className="dim">{words.what}</p>
      <Failed error={error} />
      {data !== undefined && (
        <div className={operation === undefined ? 'api-docs' : 'api-docs chosen'}>
          <section className="panel api-list" aria-label={words.routes}>
            <div className="pb">
              <TextInput
                label={words.find}
                type="search"
                value={q}
                onChange={({ currentTarget: { value } }) =>
                  void navigate({ search: { operation: chosen, q: value === '' ? undefined : value }, replace: true })
                }
              />
            </div>
            <List operations={found(data.operations, q)} chosen={chosen} q={q} />
          </section>
          <div className="api-one">
            {operation === undefined ? (
              <p className="dim">{words.choose}</p>
            ) : (
              <>
                <Link to="/api/docs" search={{ q: q === '' ? undefined : q }} className="api-back">
                  {words.all}
                </Link>
                <TryOut key={operation.id} operation={operation} components={data.components} />
              </>
            )}
          </div>
        </div>
      )}
    </>
  );
}

function List({ operations, chosen, q }: { operations: readonly Operation[]; chosen: string | undefined; q: string }) {
  const words = useWords(apiDocsWords);
  if (operations.length === 0) return <p className="pb dim">{words.none}</p>;
  return (
    <div className="pb">
      {grouped(operations).map(([tag, inside]) => (
        <section key={tag} aria-label={tag}>
          <h2 className="api-tag">{tag}</h2>
          <ul className="bare">
            {inside.map(({ id, method, path, summary, role }) => (
              <li key={id}>
                <Link
                  to="/api/docs"
                  search={{ operation: id, q: q === '' ? undefined : q }}
                  className="api-route"
                  {...(id === chosen ? { 'aria-current': 'true' as const } : {})}
                >
                  <span className="mono wrap-any">
                    <b>{method}</b> {path}
                  </span>
                  <span className="s dim">
                    {summary} ({words.role(role)})
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
