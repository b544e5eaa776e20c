import type { Transaction } from '@busbar/api';
import { Link } from '@tanstack/react-router';
import type { Static } from 'typebox';
import { Value } from '../../design/figures.tsx';
import { Status, type StatusName } from '../../design/status.tsx';
import { dayAndTime, energy, exactTime, span } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useNow } from '../../words/now.ts';
import { sessionsWords } from './sessions-words.ts';

export type Session = Static<typeof Transaction>;

const STATES: Readonly<Record<string, StatusName>> = {
  Charging: 'Charging',
  SuspendedEV: 'SuspendedEV',
  SuspendedEVSE: 'SuspendedEVSE',
  EVConnected: 'Occupied',
  Idle: 'Occupied',
};

export function Bill({ session: { state, bill, completeness, missingSeqNos } }: { session: Session }) {
  const words = useWords(sessionsWords);
  if (state === 'active') return <span className="dim">{words.running}</span>;
  const missing = missingSeqNos?.length ?? 0;
  const kind = bill === 'final' ? (completeness === 'complete' ? 'ok' : 'warn') : 'warn';
  return (
    <span className={`tag ${kind}`}>
      {words[bill]}
      {bill === 'final' && completeness === 'incomplete' && `, ${words.incomplete}`}
      {missing > 0 && `, ${words.missing(missing)}`}
    </span>
  );
}

function Duration({ session: { startedAt, endedAt } }: { session: Session }) {
  const now = useNow();
  if (startedAt === null) return null;
  return <>{span(((endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt)) / 1000)}</>;
}

export function SessionRows({ rows, withStation }: { rows: readonly Session[]; withStation: boolean }) {
  const words = useWords(sessionsWords);
  return (
    <section className="panel scroll-x" tabIndex={0} aria-label={words.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.started}</th>
            {withStation && <th scope="col">{words.station}</th>}
            <th scope="col">{words.token}</th>
            <th scope="col" className="r">
              {words.duration}
            </th>
            <th scope="col" className="r">
              {words.energy}
            </th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.bill}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((session) => (
            <SessionRow
              key={`${session.stationId} ${session.transactionId} ${session.generation}`}
              session={session}
              withStation={withStation}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function SessionRow({ session, withStation }: { session: Session; withStation: boolean }) {
  const { stationId, transactionId, startedAt, idToken, energyWh, chargingState, state, stoppedReason } = session;
  return (
    <tr>
      <td className="nw">
        <Link
          to="/sessions/$stationId/$transactionId"
          params={{ stationId, transactionId }}
          title={startedAt === null ? '' : exactTime(startedAt)}
        >
          {startedAt === null ? transactionId.slice(0, 8) : dayAndTime(startedAt)}
        </Link>
      </td>
      {withStation && (
        <td className="nw">
          <Link to="/stations/$stationId" params={{ stationId }}>
            {stationId}
          </Link>{' '}
          <span className="dim">{session.evseId}</span>
        </td>
      )}
      <td className="mono nw">{idToken === null ? '' : `…${idToken.idToken.slice(-4)}`}</td>
      <td className="r nw">
        <Duration session={session} />
      </td>
      <td className="r nw">{energyWh === null ? '' : <Value of={energy(energyWh)} />}</td>
      <td>
        {state === 'active' ? <Status of={STATES[chargingState ?? ''] ?? 'Occupied'} /> : <span className="dim">{stoppedReason}</span>}
      </td>
      <td>
        <Bill session={session} />
      </td>
    </tr>
  );
}
