import { Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { Ago, Value } from '../../design/figures.tsx';
import { useRowKeys } from '../../design/rows-keys.ts';
import { Status } from '../../design/status.tsx';
import { type Row, useRow } from '../../live/fleet-store.ts';
import { decimal, power } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { type FleetFilter, matches } from './filter.ts';
import { useSites } from './filter-sentence.tsx';
import { fleetBulkWords } from './fleet-bulk-words.ts';
import { fleetWords } from './fleet-words.ts';
import type { Selection } from './selection.ts';

/** Rows beyond the window that are drawn as well: what a quick wheel shows next. */
const OVERSCAN = 8;

interface Table {
  readonly ids: readonly string[];
  readonly filter: FleetFilter;
  readonly height: number;
  readonly selection: Selection;
  readonly select: (id: string, range: boolean) => void;
  readonly selectEvery: (all: boolean) => void;
}

/** Only what is in the window exists; a row is drawn again when its own object is another. */
export function FleetTable({ ids, filter, height, selection, select, selectEvery }: Table) {
  const words = useWords(fleetWords);
  const bulk = useWords(fleetBulkWords);
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const { data: sites = [] } = useSites();
  const siteNames = new Map(sites.map(({ id, name }) => [id, name]));
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const [cursor] = useRowKeys(ids.length, {
    open: (index) => void navigate({ to: '/stations/$stationId', params: { stationId: ids[index] ?? '' } }),
    select: (index, range) => select(ids[index] ?? '', range),
  });
  const every = ids.length > 0 && ids.every((id) => selection.ids.has(id));
  useEffect(() => {
    if (cursor >= 0) virtual.scrollToIndex(cursor);
  }, [virtual, cursor]);
  return (
    <div className="panel grid fleet-grid" role="table" aria-label={words.title} aria-rowcount={ids.length + 1}>
      <div role="rowgroup">
        <div role="row" className="grid-head" aria-rowindex={1}>
          <span role="columnheader">
            <input
              type="checkbox"
              aria-label={bulk.selectEvery}
              checked={every}
              onChange={(event) => selectEvery(event.currentTarget.checked)}
            />
          </span>
          <span role="columnheader">{words.station}</span>
          <span role="columnheader">{words.site}</span>
          <span role="columnheader">
            {words.connectors} <span className="u">kW</span>
          </span>
          <span role="columnheader" className="r">
            {words.power}
          </span>
          <span role="columnheader">{words.firmware}</span>
          <span role="columnheader" className="r">
            {words.last}
          </span>
          <span role="columnheader">{words.note}</span>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard */}
      <div ref={scroller} className="grid-body" role="rowgroup" tabIndex={0} aria-label={words.rows(String(ids.length))}>
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, size }) => (
            <FleetLine
              key={ids[index]}
              id={ids[index] ?? ''}
              index={index}
              start={start}
              size={size}
              current={index === cursor}
              filter={filter}
              siteNames={siteNames}
              selected={selection.ids.has(ids[index] ?? '')}
              select={select}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface Line {
  readonly id: string;
  readonly index: number;
  readonly start: number;
  readonly size: number;
  readonly current: boolean;
  readonly filter: FleetFilter;
  readonly siteNames: ReadonlyMap<number, string>;
  readonly selected: boolean;
  readonly select: (id: string, range: boolean) => void;
}

function FleetLine({ id, index, start, size, current, filter, siteNames, selected, select }: Line) {
  const bulk = useWords(fleetBulkWords);
  const row = useRow(id);
  if (row === undefined) return null;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={current}
      aria-selected={selected}
      className={`grid-row${selected ? ' sel' : ''}${current ? ' cur' : ''}${matches(row, filter) ? '' : ' faded'}`}
      style={{ transform: `translateY(${start}px)`, height: size }}
    >
      <span role="cell">
        <SelectBox id={id} label={bulk.select(id)} selected={selected} select={select} />
      </span>
      <Cells row={row} site={siteNames.get(row.site) ?? ''} />
    </div>
  );
}

/** A click with Shift selects everything up to here. */
function SelectBox({ id, label, selected, select }: { id: string; label: string; selected: boolean; select: Table['select'] }) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={selected}
      onChange={({ nativeEvent }) => select(id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
    />
  );
}

const Cells = memo(function Cells({ row, site }: { row: Row; site: string }) {
  const words = useWords(fleetWords);
  return (
    <>
      <span role="cell" className="ell">
        <Link to="/stations/$stationId" params={{ stationId: row.id }} className="b">
          {row.id}
        </Link>{' '}
        <span className="dim">{row.model}</span>
      </span>
      <span role="cell" className="ell">
        {site}
      </span>
      <span role="cell" className="slots">
        <Connectors row={row} />
      </span>
      <span role="cell" className="r">
        {row.powerW === null ? <span className="dim">{words.noData}</span> : <Value of={power(row.powerW)} />}
      </span>
      <span role="cell" className="ell">
        {row.firmwareVersion}
      </span>
      <span role="cell" className="r">
        <Ago at={row.lastSeen} none={words.never} />
      </span>
      <span role="cell" className="ell s">
        <Note row={row} />
      </span>
    </>
  );
});

/** As many as fit; the rest is counted. */
const SLOTS = 2;

function Connectors({ row }: { row: Row }) {
  if (row.connectors.length === 0) return row.connected ? null : <Status of="Offline" />;
  return (
    <>
      {row.connectors.slice(0, SLOTS).map((connector) => (
        <span className="slot" key={`${connector.evseId}.${connector.connectorId}`}>
          <Status of={connector.state} /> {connector.powerW !== null && connector.powerW > 0 && decimal(connector.powerW / 1000, 1)}
        </span>
      ))}
      {row.connectors.length > SLOTS && <span className="dim s">+{row.connectors.length - SLOTS}</span>}
    </>
  );
}

function Note({ row }: { row: Row }) {
  const words = useWords(fleetWords);
  const notes = [
    row.approval === 'unapproved' ? words.waits : '',
    row.approval === 'rejected' ? words.rejected : '',
    row.virtual ? words.virtual : '',
  ].filter((note) => note !== '');
  return <>{notes.join(', ')}</>;
}

/** On a phone a row is a card. */
export function FleetCards({ ids, selection, select }: Pick<Table, 'ids' | 'selection' | 'select'>) {
  const scroller = useRef<HTMLElement>(document.getElementById('content'));
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 108,
    overscan: 4,
    gap: 10,
  });
  return (
    <div style={{ height: virtual.getTotalSize(), position: 'relative', flex: 'none' }}>
      {virtual.getVirtualItems().map(({ index, start }) => (
        <div
          key={ids[index]}
          data-index={index}
          ref={virtual.measureElement}
          style={{ position: 'absolute', left: 0, right: 0, transform: `translateY(${start}px)` }}
        >
          <FleetCard id={ids[index] ?? ''} selected={selection.ids.has(ids[index] ?? '')} select={select} />
        </div>
      ))}
    </div>
  );
}

function FleetCard({ id, selected, select }: { id: string; selected: boolean; select: Table['select'] }) {
  const words = useWords(fleetWords);
  const bulk = useWords(fleetBulkWords);
  const row = useRow(id);
  if (row === undefined) return null;
  return (
    <article className="card">
      <div className="row between">
        <span className="row">
          <SelectBox id={id} label={bulk.select(id)} selected={selected} select={select} />
          <Link to="/stations/$stationId" params={{ stationId: id }} className="b">
            {id}
          </Link>
        </span>
        <span>{row.powerW === null ? <span className="dim">{words.noData}</span> : <Value of={power(row.powerW)} />}</span>
      </div>
      <div className="s dim">{[row.vendorName, row.model, row.firmwareVersion].filter(Boolean).join(' ')}</div>
      <div className="row wrap" style={{ marginTop: 6, columnGap: 14 }}>
        <Connectors row={row} />
      </div>
      <div className="row between s dim" style={{ marginTop: 4 }}>
        <Note row={row} />
        <Ago at={row.lastSeen} none={words.never} />
      </div>
    </article>
  );
}
