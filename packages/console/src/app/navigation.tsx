import { Link } from '@tanstack/react-router';
import { useFleet } from '../live/fleet-store.ts';
import { count } from '../words/figures.ts';
import { useWords } from '../words/language.ts';
import { openPalette } from './keys.tsx';
import { Logo } from './logo.tsx';
import { PAGES } from './pages.ts';
import { shellWords } from './shell-words.ts';

export function Navigation() {
  const words = useWords(shellWords);
  const rows = useFleet();
  const running = rows.reduce((sum, row) => sum + row.connectors.filter(({ transactionId }) => transactionId !== null).length, 0);
  const counts: Readonly<Record<string, string>> = { fleet: count(rows.length), sessions: running === 0 ? '' : count(running) };
  const item = ({ name, to }: (typeof PAGES)[number]) => (
    <Link
      key={name}
      to={to}
      className="i"
      activeOptions={{ exact: to === '/', includeSearch: false }}
      activeProps={{ 'aria-current': 'page' }}
    >
      {words.page[name]}
      <span>{counts[name] ?? ''}</span>
    </Link>
  );
  return (
    <nav className="nav" aria-label={words.main}>
      <Link to="/" className="brand">
        <Logo />
        Busbar
      </Link>
      {PAGES.filter(({ group }) => group === 'work').map(item)}
      <div className="g">{words.administration}</div>
      {PAGES.filter(({ group }) => group === 'admin').map(item)}
      <div style={{ marginTop: 'auto' }}>{PAGES.filter(({ group }) => group === 'foot').map(item)}</div>
    </nav>
  );
}

/** Five words at the bottom of a phone. */
export function NavBar() {
  const words = useWords(shellWords);
  return (
    <nav className="bar" aria-label={words.main}>
      {PAGES.filter(({ phone }) => phone).map(({ name, to }) => (
        <Link key={name} to={to} activeOptions={{ exact: to === '/', includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
          {words.page[name]}
        </Link>
      ))}
      <button type="button" onClick={openPalette}>
        {words.more}
      </button>
    </nav>
  );
}
