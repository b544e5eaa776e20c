import type { Site } from '@busbar/api';
import { Autocomplete, Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Failed } from '../../design/failed.tsx';
import { FormDialog } from '../../design/form-dialog.tsx';
import { useFleet } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { useSites } from '../fleet/filter-sentence.tsx';
import { settingsWords } from './settings-words.ts';

type SiteView = Static<typeof Site>;
type Open = { readonly kind: 'none' } | { readonly kind: 'form'; readonly before: SiteView | undefined };

/** Where stations stand: the clock and the money their bills go by. */
export function Sites() {
  const words = useWords(settingsWords);
  const may = useMay('operator', 'everywhere');
  const rows = useFleet();
  const { data = [], error } = useSites();
  const [open, setOpen] = useState<Open>({ kind: 'none' });
  return (
    <section className="panel" aria-label={words.sites}>
      <div className="ph">
        <h2>{words.sites}</h2>
        <Button disabled={!may} onClick={() => setOpen({ kind: 'form', before: undefined })}>
          {words.addSite}
        </Button>
      </div>
      <Failed error={error} />
      <div className="scroll-x">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.name}</th>
              <th scope="col">{words.zone}</th>
              <th scope="col">{words.currency}</th>
              <th scope="col">{words.place}</th>
              <th scope="col" className="r">
                {words.stations}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {data.map((site) => (
              <tr key={site.id}>
                <td className="b">{site.name}</td>
                <td className="nw">{site.zone}</td>
                <td>{site.currency}</td>
                <td className="nw">
                  {site.latitude === null || site.latitude === undefined ? (
                    <span className="dim">{words.noPlace}</span>
                  ) : (
                    `${site.latitude}, ${site.longitude ?? ''}`
                  )}
                </td>
                <td className="r">
                  <Link to="/fleet" search={{ site: String(site.id) }}>
                    {rows.filter((row) => row.site === site.id).length}
                  </Link>
                </td>
                <td className="r">
                  <Button disabled={!may} onClick={() => setOpen({ kind: 'form', before: site })} aria-label={`${words.edit} ${site.name}`}>
                    {words.edit}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {open.kind === 'form' && <SiteForm before={open.before} close={() => setOpen({ kind: 'none' })} />}
    </section>
  );
}

const textOf = (value: number | null | undefined): string => (value === null || value === undefined ? '' : String(value));
const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text.replace(',', '.')));

function SiteForm({ before, close }: { before: SiteView | undefined; close: () => void }) {
  const words = useWords(settingsWords);
  const client = useQueryClient();
  const [name, setName] = useState(before?.name ?? '');
  const [zone, setZone] = useState(before?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [currency, setCurrency] = useState(before?.currency ?? 'EUR');
  const [latitude, setLatitude] = useState(textOf(before?.latitude));
  const [longitude, setLongitude] = useState(textOf(before?.longitude));
  const submit = async (): Promise<void> => {
    const body = { name, zone, currency, latitude: numberOf(latitude), longitude: numberOf(longitude) };
    if (before === undefined) await api.post('/sites', { body });
    else await api.patch('/sites/:siteId', { params: { siteId: before.id }, body });
    await client.invalidateQueries({ queryKey: ['sites'] });
  };
  return (
    <FormDialog
      opened
      title={before === undefined ? words.addSite : before.name}
      close={close}
      button={words.save}
      disabled={name.trim() === ''}
      submit={submit}
    >
      <TextInput label={words.name} required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Autocomplete
        size="xs"
        label={words.zone}
        description={words.zoneHint}
        required
        limit={20}
        value={zone}
        onChange={setZone}
        data={Intl.supportedValuesOf('timeZone')}
      />
      <TextInput
        label={words.currency}
        required
        maxLength={3}
        value={currency}
        onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
      />
      <div className="pair">
        <TextInput
          label={words.latitude}
          inputMode="decimal"
          value={latitude}
          onChange={(event) => setLatitude(event.currentTarget.value)}
        />
        <TextInput
          label={words.longitude}
          inputMode="decimal"
          value={longitude}
          onChange={(event) => setLongitude(event.currentTarget.value)}
        />
      </div>
    </FormDialog>
  );
}
