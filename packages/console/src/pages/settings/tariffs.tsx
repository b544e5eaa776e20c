import type { Tariff } from '@busbar/api';
import { Button, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Failed } from '../../design/failed.tsx';
import { FormDialog } from '../../design/form-dialog.tsx';
import { dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { settingsWords } from './settings-words.ts';

type TariffView = Static<typeof Tariff>;
type Open = { readonly kind: 'none' } | { readonly kind: 'form'; readonly before: TariffView | undefined };

export const useTariffs = () => useQuery({ queryKey: ['tariffs'], queryFn: () => api.get('/tariffs') });

/** The newest version of each. */
export function newest(tariffs: readonly TariffView[]): readonly TariffView[] {
  const byId = new Map<string, TariffView>();
  for (const tariff of tariffs) {
    const known = byId.get(tariff.id);
    if (known === undefined || known.version < tariff.version) byId.set(tariff.id, tariff);
  }
  return [...byId.values()];
}

export function Tariffs() {
  const words = useWords(settingsWords);
  const may = useMay('operator', 'everywhere');
  const { data, error } = useTariffs();
  const [open, setOpen] = useState<Open>({ kind: 'none' });
  const rows = newest(data ?? []);
  return (
    <section className="panel" aria-label={words.tariffs}>
      <div className="ph">
        <h2>{words.tariffs}</h2>
        <Button disabled={!may} onClick={() => setOpen({ kind: 'form', before: undefined })}>
          {words.addTariff}
        </Button>
      </div>
      <Failed error={error} />
      {data !== undefined && rows.length === 0 && <p className="pb dim">{words.noTariffs}</p>}
      {rows.length > 0 && (
        <div className="scroll-x">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.name}</th>
                <th scope="col" className="r">
                  {words.perKWh}
                </th>
                <th scope="col" className="r">
                  {words.perMinute}
                </th>
                <th scope="col" className="r">
                  {words.perSession}
                </th>
                <th scope="col" className="r">
                  {words.vat}
                </th>
                <th scope="col">{words.validFrom}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {rows.map((tariff) => {
                const last = tariff.periods.at(-1);
                return (
                  <tr key={tariff.id}>
                    <td>
                      <b>{tariff.name}</b> <span className="mono dim">{tariff.id}</span>
                      {tariff.periods.length > 1 && <div className="s dim">{words.periods(tariff.periods.length)}</div>}
                    </td>
                    <td className="r nw">
                      {last?.perKWh} {last?.perKWh !== undefined && tariff.currency}
                    </td>
                    <td className="r">{last?.perMinute}</td>
                    <td className="r">{tariff.perSession}</td>
                    <td className="r">{tariff.vatPercent}</td>
                    <td className="nw">
                      {dayAndTime(tariff.validFrom)} <span className="dim">v{tariff.version}</span>
                    </td>
                    <td className="r">
                      <Button
                        disabled={!may}
                        onClick={() => setOpen({ kind: 'form', before: tariff })}
                        aria-label={`${words.newVersion} ${tariff.id}`}
                      >
                        {words.newVersion}
                      </Button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {open.kind === 'form' && <TariffForm before={open.before} close={() => setOpen({ kind: 'none' })} />}
    </section>
  );
}

const FIGURES = ['perKWh', 'perMinute', 'idlePerMinute'] as const;
/** A field that is empty is not there. */
const some = <Name extends string>(name: Name, value: string): Partial<Record<Name, string>> => {
  const out: Partial<Record<Name, string>> = {};
  if (value.trim() !== '') out[name] = value.trim().replace(',', '.');
  return out;
};

function TariffForm({ before, close }: { before: TariffView | undefined; close: () => void }) {
  const words = useWords(settingsWords);
  const client = useQueryClient();
  const last = before?.periods.at(-1);
  const [id, setId] = useState(before?.id ?? '');
  const [name, setName] = useState(before?.name ?? '');
  const [currency, setCurrency] = useState(before?.currency ?? 'EUR');
  const [vat, setVat] = useState(before?.vatPercent ?? '');
  const [figures, setFigures] = useState({
    perKWh: last?.perKWh ?? '',
    perMinute: last?.perMinute ?? '',
    idlePerMinute: last?.idlePerMinute ?? '',
  });
  const [perSession, setPerSession] = useState(before?.perSession ?? '');
  const [grace, setGrace] = useState(before?.idleGraceMinutes === undefined ? '' : String(before.idleGraceMinutes));
  const [from, setFrom] = useState('');
  const submit = async (): Promise<void> => {
    const period = {
      ...some('perKWh', figures.perKWh),
      ...some('perMinute', figures.perMinute),
      ...some('idlePerMinute', figures.idlePerMinute),
    };
    await api.put('/tariffs/:tariffId', {
      params: { tariffId: id },
      body: {
        name,
        currency,
        ...some('vatPercent', vat),
        ...some('perSession', perSession),
        ...(grace.trim() === '' ? {} : { idleGraceMinutes: Number(grace) }),
        periods: [...(before?.periods.slice(0, -1) ?? []), period],
        ...(from === '' ? {} : { validFrom: new Date(from).toISOString() }),
      },
    });
    await client.invalidateQueries({ queryKey: ['tariffs'] });
  };
  return (
    <FormDialog
      opened
      title={before === undefined ? words.addTariff : before.name}
      close={close}
      button={words.saveTariff}
      disabled={id.trim() === '' || name.trim() === ''}
      submit={submit}
    >
      {(before?.periods.length ?? 0) > 1 && <p className="note info s">{words.periodsKept}</p>}
      <p className="s dim">{words.netHint}</p>
      <div className="pair">
        <TextInput
          label={words.tariffId}
          required
          disabled={before !== undefined}
          maxLength={48}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
        />
        <TextInput label={words.name} required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput
          label={words.currency}
          required
          maxLength={3}
          value={currency}
          onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
        />
        <TextInput label={words.vat} inputMode="decimal" value={vat} onChange={(event) => setVat(event.currentTarget.value)} />
        {FIGURES.map((figure) => (
          <TextInput
            key={figure}
            label={words[figure]}
            inputMode="decimal"
            value={figures[figure]}
            onChange={({ currentTarget: { value } }) => setFigures((now) => ({ ...now, [figure]: value }))}
          />
        ))}
        <TextInput label={words.grace} inputMode="numeric" value={grace} onChange={(event) => setGrace(event.currentTarget.value)} />
        <TextInput
          label={words.perSession}
          inputMode="decimal"
          value={perSession}
          onChange={(event) => setPerSession(event.currentTarget.value)}
        />
      </div>
      <TextInput
        type="datetime-local"
        label={words.validFrom}
        description={words.fromNow}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
