import 'leaflet/dist/leaflet.css';
import { divIcon, geoJSON, type Map as LeafletMap, latLngBounds, type Marker, map as makeMap, marker } from 'leaflet';
import { useEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { feature } from 'topojson-client';
import countries from 'world-atlas/countries-50m.json?url';
import { StatusShape } from '../../design/status.tsx';
import type { SiteGlance } from './sites-at-a-glance.ts';

interface Props {
  readonly sites: readonly SiteGlance[];
  readonly selected: number | undefined;
  readonly select: (id: number) => void;
  readonly label: string;
}

/** Nothing is asked from the internet: the shapes of the countries lie beside this file. */
async function drawCountries(map: LeafletMap): Promise<void> {
  const atlas: Parameters<typeof feature>[0] = await (await fetch(countries)).json();
  const shapes = atlas.objects['countries'];
  if (shapes === undefined) return;
  geoJSON(feature(atlas, shapes), { interactive: false, style: () => ({ className: 'land', weight: 1 }) }).addTo(map);
}

/** The shape tells the state, its size how many stations stand there. */
function iconOf({ worst, stations }: SiteGlance, selected: boolean) {
  const element = document.createElement('div');
  createRoot(element).render(<StatusShape of={worst} />);
  const size = Math.round(16 + Math.min(16, Math.sqrt(stations) * 3));
  return divIcon({ html: element, className: `site-mark${selected ? ' on' : ''}`, iconSize: [size, size] });
}

export function Drawing({ sites, selected, select, label }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const map = useRef<LeafletMap>(undefined);
  const marks = useRef(new Map<number, Marker>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: the map is made once; marks follow in their own effect
  useEffect(() => {
    if (holder.current === null) return undefined;
    const made = makeMap(holder.current, { attributionControl: false, worldCopyJump: true, zoomSnap: 0.5 });
    map.current = made;
    made.fitBounds(latLngBounds(sites.map(({ latitude, longitude }) => [latitude ?? 0, longitude ?? 0])).pad(0.4), { maxZoom: 6.5 });
    void drawCountries(made);
    return () => {
      marks.current.clear();
      made.remove();
    };
  }, []);
  useEffect(() => {
    for (const site of sites) {
      const known = marks.current.get(site.id);
      const icon = iconOf(site, site.id === selected);
      if (known !== undefined) known.setIcon(icon);
      else if (map.current !== undefined)
        marks.current.set(
          site.id,
          marker([site.latitude ?? 0, site.longitude ?? 0], { icon, title: site.name, alt: site.name, keyboard: true })
            .on('click mouseover focus', () => select(site.id))
            .addTo(map.current),
        );
    }
  }, [sites, selected, select]);
  return <div ref={holder} className="map panel" role="region" aria-label={label} />;
}
