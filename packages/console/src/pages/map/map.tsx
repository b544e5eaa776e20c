import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { StatusShape } from '../../design/status.tsx';
import { useFleet } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { useSites } from '../fleet/filter-sentence.tsx';
import { mapWords } from './map-words.ts';
import { type SiteGlance, sitesAtAGlance } from './sites-at-a-glance.ts';

const Drawing = lazy(() => import('./drawing.tsx').then(({ Drawing: drawing }) => ({ default: drawing })));

/** Sites on bundled shapes of countries, and the same as a list, which comes first. */
export function MapPage() {
  const words = useWords(mapWords);
  const rows = useFleet();
  const { data: sites = [] } = useSites();
  const [selected, select] = useState<number | undefined>();
  const glances = sitesAtAGlance(sites, rows);
  const placed = glances.filter(({ latitude, longitude }) => latitude != null && longitude != null);
  const placeless = glances.filter(({ latitude, longitude }) => latitude == null || longitude == null);
  return (
    <>
      <h1>{words.title}</h1>
      {placed.length === 0 && <div className="note info">{words.none}</div>}
      <div className="map-page">
        <section className="panel" aria-label={words.sites}>
          <ul className="bare">
            {placed.map((site) => (
              <SiteLine key={site.id} site={site} selected={site.id === selected} select={select} />
            ))}
          </ul>
          {placeless.length > 0 && (
            <>
              <h2 className="pb" style={{ paddingBottom: 0 }}>
                {words.noPlace}
              </h2>
              <p className="s dim" style={{ padding: '0 14px' }}>
                {words.noPlaceWhy}
              </p>
              <ul className="bare">
                {placeless.map((site) => (
                  <SiteLine key={site.id} site={site} selected={false} select={select} />
                ))}
              </ul>
            </>
          )}
        </section>
        {placed.length > 0 && (
          <Suspense fallback={<div className="map" />}>
            <Drawing sites={placed} selected={selected} select={select} label={words.map} />
          </Suspense>
        )}
      </div>
    </>
  );
}

function SiteLine({ site, selected, select }: { site: SiteGlance; selected: boolean; select: (id: number) => void }) {
  const words = useWords(mapWords);
  return (
    <li className={`site row between${selected ? ' on' : ''}`} onMouseEnter={() => select(site.id)}>
      <div className="row">
        <StatusShape of={site.worst} />
        <Link to="/fleet" search={{ site: String(site.id) }} onFocus={() => select(site.id)}>
          {site.name}
        </Link>
      </div>
      <span className="s dim">
        {[
          words.stations(site.stations),
          site.charging > 0 ? words.charging(site.charging) : '',
          site.wrong > 0 ? words.wrong(site.wrong) : '',
        ]
          .filter(Boolean)
          .join(', ')}
      </span>
    </li>
  );
}
