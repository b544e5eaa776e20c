import { NativeSelect, Select } from '@mantine/core';
import { useId } from 'react';
import { useFleet } from '../../live/fleet-store.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { sendWords } from './send-words.ts';

export const KEEP = ['refuse', '3600', '86400', '604800'] as const;
export type Keep = (typeof KEEP)[number];

interface Props {
  readonly ids: readonly string[];
  /** They are what a filter of the fleet means, not chosen one by one. */
  readonly ofFilter: boolean;
  readonly change: (ids: readonly string[]) => void;
  readonly keep: Keep;
  readonly setKeep: (keep: Keep) => void;
}

/** As many as are named; the rest is counted. */
const NAMED = 12;

/** Who gets the message, and what becomes of it where nobody is there. */
export function Targets({ ids, ofFilter, change, keep, setKeep }: Props) {
  const words = useWords(sendWords);
  const heading = useId();
  const rows = useFleet();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const chosen = new Set(ids);
  return (
    <section className="panel pb" aria-labelledby={heading}>
      <div className="row wrap" style={{ gap: '6px 8px' }}>
        <h2 id={heading}>{words.to}</h2>
        {ofFilter ? (
          <span className="tag target">{words.allOf(count(ids.length))}</span>
        ) : (
          ids.slice(0, NAMED).map((id) => (
            <span key={id} className="tag target">
              {id}
              {byId.get(id)?.connected === false && `, ${words.offlineMark}`}
              <button type="button" className="link" aria-label={words.remove(id)} onClick={() => change(ids.filter((one) => one !== id))}>
                ×
              </button>
            </span>
          ))
        )}
        {!ofFilter && ids.length > NAMED && <span className="s dim">{words.more(count(ids.length - NAMED))}</span>}
        {ids.length === 0 && <span className="s dim">{words.noTargets}</span>}
        {!ofFilter && (
          <Select
            w={180}
            searchable
            limit={30}
            aria-label={words.addStation}
            placeholder={words.addStation}
            value={null}
            data={rows.filter(({ id }) => !chosen.has(id)).map(({ id }) => id)}
            onChange={(id) => id !== null && change([...ids, id])}
          />
        )}
        {ids.length > 1 && (
          <button type="button" className="link s" onClick={() => change([])}>
            {words.clear}
          </button>
        )}
        <span className="grow" />
        <NativeSelect
          className="beside"
          label={words.ifOffline}
          value={keep}
          data={KEEP.map((value) => ({ value, label: words.offline[value] }))}
          onChange={({ currentTarget: { value } }) => setKeep(KEEP.find((one) => one === value) ?? 'refuse')}
        />
      </div>
    </section>
  );
}
