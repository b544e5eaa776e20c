import { Button, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { CsvButton } from '../../design/csv-button.tsx';
import { Segments } from '../../design/segments.tsx';
import { fleet, useFleet, useLoaded } from '../../live/fleet-store.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { BulkJob } from '../bulk/bulk-job.tsx';
import { useLastJob } from '../bulk/last-job.ts';
import { BulkBar } from './bulk-bar.tsx';
import { type FleetFilter, idsOf, matches } from './filter.ts';
import { FilterSentence } from './filter-sentence.tsx';
import { FleetCards, FleetTable } from './fleet-table.tsx';
import { fleetWords } from './fleet-words.ts';
import { useNarrow } from './narrow.ts';
import { SavedViews } from './saved-views.tsx';
import { allOf, chosenOf, NOBODY, ranged, toggled } from './selection.ts';

export const DENSITIES = { dense: 26, normal: 34, roomy: 42 } as const;
export type Density = keyof typeof DENSITIES;

/** Every station as a live row; which ones and in which order stands in the address. */
export function FleetPage() {
  const words = useWords(fleetWords);
  const filter = useSearch({ from: '/fleet' });
  const navigate = useNavigate({ from: '/fleet' });
  const rows = useFleet();
  const loaded = useLoaded();
  const [density, setDensity] = useLocalStorage<Density>({ key: 'busbar.density', defaultValue: 'normal' });
  const narrow = useNarrow();
  const change = (next: FleetFilter): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const { ids, gone, again } = useHeldRows(filter);
  const [selection, setSelection] = useState(NOBODY);
  const chosen = chosenOf(selection, ids);
  const select = (id: string, range: boolean): void => setSelection((before) => (range ? ranged(before, id, ids) : toggled(before, id)));
  const [job, showJob, hideJob] = useLastJob();
  return (
    <>
      <div className="row between wrap">
        <h1>{words.title}</h1>
        <div className="row">
          <SavedViews filter={filter} open={(next) => void navigate({ search: next })} />
          <CsvButton path="/stations" query={queryOf(filter)} />
          <Button variant="filled" renderRoot={(props) => <Link to="/fleet/add" {...props} />}>
            {words.add}
          </Button>
        </div>
      </div>
      <FilterSentence filter={filter} change={change} shown={ids.length} rows={rows} />
      <div className="row between wrap">
        <TextInput
          type="search"
          placeholder={words.search}
          aria-label={words.search}
          w={260}
          value={filter.q ?? ''}
          onChange={(event) => change({ q: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
        />
        <span className="s dim" role="status">
          {gone > 0 && (
            <>
              {words.left(gone)}{' '}
              <button type="button" className="link" onClick={again}>
                {words.clear}
              </button>
            </>
          )}
        </span>
        {!narrow && (
          <Segments
            label={words.density}
            value={density}
            choose={setDensity}
            choices={[
              { value: 'dense', label: words.dense },
              { value: 'normal', label: words.normal },
              { value: 'roomy', label: words.roomy },
            ]}
          />
        )}
      </div>
      {loaded === 'loading' && <Skeleton />}
      {typeof loaded === 'object' && (
        <div className="note bad" role="alert">
          {words.failed}: {loaded.failed}
        </div>
      )}
      {loaded === 'ready' && ids.length === 0 && (
        <div className="panel pb dim">{rows.length === 0 ? words.empty : words.nothing(count(rows.length))}</div>
      )}
      {chosen.length > 0 && (
        <BulkBar
          chosen={chosen}
          all={ids.length}
          filter={filter}
          selectAll={() => setSelection(allOf(ids))}
          clear={() => setSelection(NOBODY)}
          started={showJob}
        />
      )}
      {ids.length > 0 &&
        (narrow ? (
          <FleetCards ids={ids} selection={selection} select={select} />
        ) : (
          <FleetTable
            ids={ids}
            filter={filter}
            height={DENSITIES[density]}
            selection={selection}
            select={select}
            selectEvery={(all) => setSelection(all ? allOf(ids) : NOBODY)}
          />
        ))}
      {job !== undefined && (
        <div className="panel" style={{ flex: 'none' }}>
          <BulkJob bulkId={job} hide={hideJob} />
        </div>
      )}
    </>
  );
}

/** The same stations as a file, as far as the interface knows the filter. */
function queryOf({ q, site, state, firmware }: FleetFilter) {
  const known = state === 'connected' || state === 'unapproved' ? { state } : state === 'Offline' ? { state: 'offline' } : {};
  return { q, site, firmware, ...known };
}

/** Rows keep their place while they are looked at: order and selection are taken when the filter changes, new stations join at the end. */
function useHeldRows(filter: FleetFilter): { readonly ids: readonly string[]; readonly gone: number; readonly again: () => void } {
  const rows = useFleet();
  const [taken, setTaken] = useState(0);
  const key = `${JSON.stringify(filter)} ${taken} ${rows.length === 0}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the order is taken when the filter changes, not when a value does
  const held = useMemo(() => idsOf(fleet.list(), filter), [key]);
  const kept = held.filter((id) => fleet.row(id) !== undefined);
  const known = new Set(held);
  const added = rows.filter((row) => !known.has(row.id) && matches(row, filter)).map(({ id }) => id);
  const gone = kept.filter((id) => {
    const row = fleet.row(id);
    return row !== undefined && !matches(row, filter);
  }).length;
  return { ids: [...kept, ...added], gone, again: () => setTaken((before) => before + 1) };
}

const Skeleton = () => (
  <div className="panel pb" aria-busy="true">
    {[1, 2, 3, 4, 5, 6].map((line) => (
      <div key={line} style={{ padding: '8px 0' }}>
        <span className="sk" style={{ width: `${40 + ((line * 17) % 40)}%` }} />
      </div>
    ))}
  </div>
);
