import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { Ask, type Question } from '../../design/ask.tsx';
import { Ago } from '../../design/figures.tsx';
import { useRowKeys } from '../../design/rows-keys.ts';
import { Status, StatusShape, StatusWord } from '../../design/status.tsx';
import type { IncidentRow } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { incidentWords } from './incident-words.ts';
import { overviewWords } from './overview-words.ts';
import { useSuggestion } from './suggestions.ts';

const GROUPS = ['go', 'fix', 'watch'] as const;

/** Order changes only when asked: under a pointer or a focus rows do not move. */
function useHeldOrder(
  incidents: readonly IncidentRow[],
  held: boolean,
): { readonly rows: readonly IncidentRow[]; readonly moved: number; readonly again: () => void } {
  const [order, setOrder] = useState<readonly string[]>([]);
  const fresh = incidents.map(({ key }) => key);
  const known = new Set(fresh);
  const kept = order.filter((key) => known.has(key));
  const added = fresh.filter((key) => !order.includes(key));
  const shown = [...kept, ...added];
  const moved = shown.filter((key, index) => key !== fresh[index]).length;
  if (!held && (moved > 0 || shown.length !== order.length)) setOrder(fresh);
  const byKey = new Map(incidents.map((incident) => [incident.key, incident]));
  return { rows: (held ? shown : fresh).flatMap((key) => byKey.get(key) ?? []), moved: held ? moved : 0, again: () => setOrder(fresh) };
}

export function Triage({ incidents }: { incidents: readonly IncidentRow[] }) {
  const words = useWords(overviewWords);
  const [held, setHeld] = useState(false);
  const [question, ask] = useState<Question | undefined>();
  const { rows: sorted, moved, again } = useHeldOrder(incidents, held);
  // Groups stay together whatever the order was when the pointer came.
  const rows = GROUPS.flatMap((group) => sorted.filter((incident) => incident.group === group));
  const suggest = useSuggestion(ask);
  const [cursor] = useRowKeys(rows.length, {
    open: (index) => rows[index] !== undefined && suggest.open(rows[index]),
    act: (index) => rows[index] !== undefined && suggest.run(rows[index]),
  });
  if (rows.length === 0)
    return (
      <section className="panel pb" aria-label={words.list}>
        <p className="dim">{words.quiet}</p>
      </section>
    );
  const hold = {
    onMouseEnter: () => setHeld(true),
    onMouseLeave: () => setHeld(false),
    onFocus: () => setHeld(true),
    onBlur: () => setHeld(false),
  };
  return (
    <section aria-label={words.list} className="panel" {...hold}>
      {moved > 0 && (
        <p className="s" style={{ padding: '6px 14px' }}>
          {words.moved(moved)}{' '}
          <button type="button" className="link" onClick={again}>
            {words.sortAgain}
          </button>
        </p>
      )}
      <div className="wide">
        <TriageTable rows={rows} cursor={cursor} run={suggest.run} />
      </div>
      <div className="cards" style={{ padding: 10 }}>
        {rows.map((incident) => (
          <TriageCard key={incident.key} incident={incident} run={suggest.run} />
        ))}
      </div>
      <p className="s dim row between wide-row">
        <span>{words.foot}</span>
        <span className="roomy">{words.keys}</span>
      </p>
      <Ask question={question} close={() => ask(undefined)} />
    </section>
  );
}

type Run = (incident: IncidentRow) => void;

function TriageTable({ rows, cursor, run }: { rows: readonly IncidentRow[]; cursor: number; run: Run }) {
  const words = useWords(overviewWords);
  const said = useWords(incidentWords);
  return (
    <table className="triage">
      <thead>
        <tr>
          <th scope="col">{words.wrong}</th>
          <th scope="col">{words.station}</th>
          <th scope="col" className="r">
            {words.since}
          </th>
          <th scope="col" className="r">
            {words.last}
          </th>
          <th scope="col">{words.affects}</th>
          <th scope="col" className="r">
            {words.suggested}
          </th>
        </tr>
      </thead>
      {GROUPS.map((group) => {
        const own = rows.filter((incident) => incident.group === group);
        if (own.length === 0) return null;
        const stations = new Set(own.flatMap((incident) => incident.stations)).size;
        return (
          <tbody key={group}>
            <tr className="grp">
              <th colSpan={6} scope="rowgroup">
                <b>{said.group[group]}</b> &nbsp; {words.incidentsIn(own.length, stations)}
              </th>
            </tr>
            {own.map((incident, index) => (
              <TriageRow key={incident.key} incident={incident} current={rows.indexOf(incident) === cursor} first={index === 0} run={run} />
            ))}
          </tbody>
        );
      })}
    </table>
  );
}

/** "HB-001 to HB-008" for many, each as a link for few. */
function Stations({ ids }: { ids: readonly string[] }) {
  const words = useWords(overviewWords);
  const shown = ids.slice(0, 2);
  return (
    <>
      {shown.map((id, index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          <Link to="/stations/$stationId" params={{ stationId: id }} className="nw">
            {id}
          </Link>
        </Fragment>
      ))}
      {ids.length > shown.length && <span className="dim"> {words.and(ids.length - shown.length)}</span>}
    </>
  );
}

function Evidence({ incident }: { incident: IncidentRow }) {
  const words = useWords(overviewWords);
  const said = useWords(incidentWords);
  const evidence = said.evidence[incident.code](incident.detail);
  return (
    <>
      <StatusWord of={incident.state} />
      {evidence !== '' && ` · ${evidence}`}
      {incident.clause !== null && ` · ${incident.clause}`}
      {incident.virtual && ` · ${words.virtual}`}
    </>
  );
}

function TriageRow({ incident, current, first, run }: { incident: IncidentRow; current: boolean; first: boolean; run: Run }) {
  const said = useWords(incidentWords);
  return (
    <tr className={current ? 'cur' : ''} aria-current={current}>
      <td>
        <div className="row" style={{ gap: 9 }}>
          <StatusShape of={incident.state} />
          <div style={{ minWidth: 0 }}>
            <div className="b">{said.reason[incident.code](incident.detail)}</div>
            <div className="s dim evidence">
              <Evidence incident={incident} />
            </div>
          </div>
        </div>
      </td>
      <td>
        <Stations ids={incident.stations} />
      </td>
      <td className="r nw">
        <Ago at={incident.since} />
      </td>
      <td className="r nw">
        <Ago at={incident.lastSeen} />
      </td>
      <td className="s">{said.affects[incident.code](incident.detail)}</td>
      <td className="r">
        <Button variant={first && incident.group !== 'watch' ? 'filled' : 'default'} onClick={() => run(incident)}>
          {said.suggestion[incident.suggestion]}
        </Button>
      </td>
    </tr>
  );
}

function TriageCard({ incident, run }: { incident: IncidentRow; run: Run }) {
  const words = useWords(overviewWords);
  const said = useWords(incidentWords);
  return (
    <article className="card">
      <div className="row between s">
        <Status of={incident.state} />
        <span className="dim">
          {words.since} <Ago at={incident.since} />
        </span>
      </div>
      <div className="b" style={{ margin: '3px 0', fontSize: 15 }}>
        {said.reason[incident.code](incident.detail)}
      </div>
      <div className="s">
        <Stations ids={incident.stations} />
      </div>
      <div className="row between" style={{ marginTop: 8 }}>
        <span className="s dim">{said.affects[incident.code](incident.detail)}</span>
        <Button onClick={() => run(incident)}>{said.suggestion[incident.suggestion]}</Button>
      </div>
    </article>
  );
}
