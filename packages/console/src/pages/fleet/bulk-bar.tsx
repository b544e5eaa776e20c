import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../api/me.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { BulkDialog, type BulkKind } from './bulk-dialog.tsx';
import type { FleetFilter } from './filter.ts';
import { fleetBulkWords } from './fleet-bulk-words.ts';

interface Props {
  readonly chosen: readonly string[];
  /** How many the filter means. */
  readonly all: number;
  readonly filter: FleetFilter;
  readonly selectAll: () => void;
  readonly clear: () => void;
  readonly started: (bulkId: string) => void;
}

/** So many ids still make an address; more go as their filter. */
const IN_ADDRESS = 200;

/** What can be done with the selected stations at once. */
export function BulkBar({ chosen, all, filter, selectAll, clear, started }: Props) {
  const words = useWords(fleetBulkWords);
  const may = useMay('installer');
  const [kind, setKind] = useState<BulkKind | undefined>();
  const whole = chosen.length === all && all > 1;
  const tooMany = chosen.length > IN_ADDRESS && !whole;
  const search = whole && chosen.length > IN_ADDRESS ? { ...filter, sort: undefined, of: 'filter' } : { stationId: chosen.join(',') };
  return (
    <section className="bulk-bar" aria-label={words.bar}>
      <div className="row wrap">
        <b role="status">{words.selected(count(chosen.length))}</b>
        <Button disabled={!may} onClick={() => setKind('reset')}>
          {words.reset}
        </Button>
        <Button disabled={!may} onClick={() => setKind('availability')}>
          {words.availability}
        </Button>
        <Button disabled={!may} onClick={() => setKind('setVariables')}>
          {words.setVariables}
        </Button>
        {may && !tooMany ? (
          <Link to="/send" search={search} className="btn">
            {words.send}
          </Link>
        ) : (
          <Button disabled>{words.send}</Button>
        )}
      </div>
      <div className="row wrap s dim">
        {words.keys}
        {chosen.length < all && (
          <button type="button" className="link" onClick={selectAll}>
            {words.selectAll(count(all))}
          </button>
        )}
        <button type="button" className="link" onClick={clear}>
          {words.clear}
        </button>
      </div>
      {kind !== undefined && <BulkDialog kind={kind} ids={chosen} close={() => setKind(undefined)} started={started} />}
    </section>
  );
}
