import { Link } from '@tanstack/react-router';
import { Status, type StatusName } from '../../design/status.tsx';
import type { Figures } from '../../live/fleet-store.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { overviewWords } from './overview-words.ts';

type Counter = keyof (typeof overviewWords)['en']['counters'];

/** Each number opens the list of what it counts. */
const COUNTERS: readonly { readonly name: Counter; readonly status?: StatusName; readonly state?: string }[] = [
  { name: 'stations' },
  { name: 'connected', state: 'connected' },
  { name: 'charging', status: 'Charging', state: 'Charging' },
  { name: 'paused', status: 'SuspendedEVSE', state: 'paused' },
  { name: 'faulted', status: 'Faulted', state: 'Faulted' },
  { name: 'offline', status: 'Offline', state: 'Offline' },
  { name: 'outOfService', status: 'Unavailable', state: 'Unavailable' },
  { name: 'unapproved', status: 'Pending', state: 'unapproved' },
];

export function Counters({ figures }: { figures: Figures | undefined }) {
  const words = useWords(overviewWords);
  return (
    <nav className="counters" aria-label={words.title}>
      {COUNTERS.map(({ name, status, state }) => (
        <Link key={name} to="/fleet" search={{ state }}>
          <span className="n">{figures === undefined ? <span className="sk" style={{ width: 32 }} /> : count(figures[name])}</span>
          <span className="s">
            {status === undefined ? (
              words.counters[name]
            ) : (
              <Status of={status}>{<span className="word-of">{words.counters[name]}</span>}</Status>
            )}
          </span>
        </Link>
      ))}
    </nav>
  );
}
