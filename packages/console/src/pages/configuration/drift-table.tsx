import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Failed } from '../../design/failed.tsx';
import { More, usePages } from '../../design/pages.tsx';
import { useWords } from '../../words/language.ts';
import { type Column, columnsOf, countsOf, type DriftRow, mayBeFixed, type State } from './drift-matrix.ts';
import { templatesWords } from './templates-words.ts';

const TAGS: Readonly<Record<State, string>> = { differs: 'warn', refused: 'bad', afterReboot: 'new', unknown: '' };
/** Columns that are drawn; the filter reaches the others. */
const MOST_COLUMNS = 12;

interface Props {
  readonly templateId: string;
  readonly site: string | undefined;
  readonly started: (bulkId: string) => void;
}

/** Stations as rows, variables as columns, only where something differs. */
export function DriftTable({ templateId, site, started }: Props) {
  const words = useWords(templatesWords);
  const may = useMay('installer');
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [waits, setWaits] = useState(false);
  const [question, ask] = useState<Question | undefined>();
  const template = useQuery({
    queryKey: ['template', templateId],
    queryFn: () => api.get('/templates/:templateId', { params: { templateId } }),
  });
  const drift = usePages(['drift', templateId, site], (cursor) =>
    api.page('/templates/:templateId/drift', {
      params: { templateId },
      query: {
        ...cursor,
        limit: 100,
        ...(site === undefined ? {} : { site: Number(site) }),
      },
    }),
  );
  const error = template.error ?? drift.error;
  if (error !== null) return <Failed error={error} again={drift.again} />;
  if (template.data === undefined || drift.isPending) return null;
  const { name, size, variables } = template.data;
  const { rows } = drift;
  const columns = columnsOf(variables, rows, search);
  const fixable = rows.filter(mayBeFixed).map(({ stationId }) => stationId);
  const meant = fixable.filter((id) => chosen.size === 0 || chosen.has(id));
  const counts = countsOf(rows);
  const fix = async (): Promise<void> => {
    const job = await api.post('/templates/:templateId/fix', {
      params: { templateId },
      body: { stations: [...meant], ...(waits ? { offline: 'queue' } : {}) },
    });
    setChosen(new Set());
    started(job.bulkId);
  };
  if (rows.length === 0) return <div className="note ok">{words.noDrift(size)}</div>;
  return (
    <section className="panel">
      <div className="ph wrap">
        <div>
          <h2>{words.summary(rows.length, columnsOf(variables, rows, '').length)}</h2>
          <span className="s dim">
            {(['differs', 'refused', 'afterReboot', 'unknown'] as const)
              .filter((state) => counts[state] > 0)
              .map((state) => `${counts[state]} ${words.counts[state]}`)
              .join(', ')}
          </span>
        </div>
        <div className="row wrap">
          <TextInput
            type="search"
            aria-label={words.filterVariable}
            placeholder={words.filterVariable}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Checkbox label={words.fixWait} checked={waits} onChange={(event) => setWaits(event.currentTarget.checked)} />
          <Button
            variant="filled"
            disabled={!may || meant.length === 0}
            onClick={() => ask({ ...words.askFix(meant.length, name), run: fix })}
          >
            {words.fix(meant.length)}
          </Button>
        </div>
      </div>
      <Matrix rows={rows} columns={columns.slice(0, MOST_COLUMNS)} templateId={templateId} chosen={chosen} choose={setChosen} />
      <div className="pb s dim" style={{ borderTop: '1px solid var(--line)' }}>
        {columns.length > MOST_COLUMNS && <p>{words.columns(columns.length - MOST_COLUMNS)}</p>}
        {counts.unknown > 0 && <p>{words.neverTold}</p>}
        <More more={drift.more} />
      </div>
      <Ask question={question} close={() => ask(undefined)} />
    </section>
  );
}

interface MatrixProps {
  readonly rows: readonly DriftRow[];
  readonly columns: readonly Column[];
  readonly templateId: string;
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
}

function Matrix({ rows, columns, templateId, chosen, choose }: MatrixProps) {
  const words = useWords(templatesWords);
  const fixable = rows.filter(mayBeFixed).map(({ stationId }) => stationId);
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    choose(next);
  };
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={words.drift}>
      <table className="c">
        <thead>
          <tr>
            <th>
              <Checkbox
                aria-label={words.selectAll}
                checked={chosen.size > 0 && chosen.size === fixable.length}
                indeterminate={chosen.size > 0 && chosen.size < fixable.length}
                onChange={() => choose(chosen.size === fixable.length ? new Set() : new Set(fixable))}
              />
            </th>
            <th scope="col">{words.station}</th>
            {columns.map((column) => (
              <th key={column.index} scope="col" title={`${column.component}.${column.name}`}>
                {column.component}
                <br />
                {column.name}
              </th>
            ))}
          </tr>
          <tr>
            <td />
            <th scope="row">{words.wanted}</th>
            {columns.map((column) => (
              <td key={column.index} className="b" style={{ overflowWrap: 'anywhere' }}>
                {column.wanted}
              </td>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.stationId} className={chosen.has(row.stationId) ? 'sel' : undefined}>
              <td>
                <Checkbox
                  aria-label={words.select(row.stationId)}
                  disabled={!mayBeFixed(row)}
                  checked={chosen.has(row.stationId)}
                  onChange={() => toggle(row.stationId)}
                />
              </td>
              <td className="nw">
                <Link to="/stations/$stationId/configuration" params={{ stationId: row.stationId }} search={{ template: templateId }}>
                  {row.stationId}
                </Link>
                {!row.connected && <span className="dim s"> {words.away}</span>}
              </td>
              {columns.map(({ index }) => (
                <Cell key={index} row={row} index={index} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ row, index }: { row: DriftRow; index: number }) {
  const words = useWords(templatesWords);
  const found = row.variables.find((one) => one.index === index);
  if (found === undefined) return <td className="dim s">{words.state.same}</td>;
  return (
    <td className="nw" title={found.value ?? ''}>
      <span className="ell" style={{ display: 'inline-block', maxWidth: 140, verticalAlign: 'bottom' }}>
        {found.value}
      </span>{' '}
      <span className={`tag ${TAGS[found.state]}`}>{words.state[found.state]}</span>
    </td>
  );
}
