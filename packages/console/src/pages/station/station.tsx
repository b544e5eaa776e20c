import { Link, Outlet, useParams } from '@tanstack/react-router';
import { Ago } from '../../design/figures.tsx';
import { useLoaded, useRow } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { useSites } from '../fleet/filter-sentence.tsx';
import { stationWords } from './station-words.ts';

const TABS = [
  { name: 'now', to: '/stations/$stationId' },
  { name: 'sessions', to: '/stations/$stationId/sessions' },
  { name: 'messages', to: '/stations/$stationId/messages' },
  { name: 'configuration', to: '/stations/$stationId/configuration' },
  { name: 'admin', to: '/stations/$stationId/admin' },
] as const;

/** Five sections of one station; which one stands in the address. */
export function StationPage() {
  const words = useWords(stationWords);
  const { stationId } = useParams({ from: '/stations/$stationId' });
  const row = useRow(stationId);
  const loaded = useLoaded();
  const { data: sites = [] } = useSites();
  if (row === undefined)
    return loaded === 'loading' ? null : (
      <>
        <h1>{words.unknown(stationId)}</h1>
        <p className="dim">
          {words.unknownWhy} <Link to="/fleet">{words.fleet}</Link>
        </p>
      </>
    );
  const site = sites.find(({ id }) => id === row.site)?.name ?? '';
  return (
    <>
      <div className="row between wrap" style={{ alignItems: 'flex-start' }}>
        <div>
          <div className="s dim">
            <Link to="/fleet">{words.fleet}</Link> /{' '}
            <Link to="/fleet" search={{ site: String(row.site) }}>
              {site}
            </Link>
          </div>
          <h1>
            {row.id}{' '}
            <span className="dim" style={{ fontWeight: 400 }}>
              {[row.vendorName, row.model].filter(Boolean).join(' ')}
            </span>{' '}
            {row.virtual && <span className="tag">{words.virtual}</span>}
          </h1>
        </div>
        <span className="s dim">
          {row.since === null ? (
            words.neverConnected
          ) : (
            <>
              {row.connected ? words.connectedFor : words.offlineFor} <Ago at={row.since} />, {words.lastMessage} <Ago at={row.lastSeen} />{' '}
              {words.ago}
              {row.ocppVersion !== null && `, ${row.ocppVersion.replace('ocpp', 'OCPP ')}`}
            </>
          )}
        </span>
      </div>
      <nav className="tabs" aria-label={words.sections}>
        {TABS.map(({ name, to }) => (
          <Link
            key={name}
            to={to}
            params={{ stationId }}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {words.tabs[name]}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
