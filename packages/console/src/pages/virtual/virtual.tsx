import type { VirtualStation } from '@busbar/api';
import { Button, Checkbox, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Failed } from '../../design/failed.tsx';
import { useWords } from '../../words/language.ts';
import { VirtualCard } from './virtual-card.tsx';
import { virtualWords } from './virtual-words.ts';

export type Virtual = Static<typeof VirtualStation>;
type Kind = Virtual['kind'];
const KINDS: readonly Kind[] = ['dc150', 'acThreePhase', 'acSinglePhase'];
const kindOf = (text: string): Kind => KINDS.find((kind) => kind === text) ?? 'dc150';

/** Adds simulated stations, plugs, swipes and breaks them: a demo in ten seconds. */
export function VirtualPage() {
  const words = useWords(virtualWords);
  const may = useMay('operator', 'everywhere');
  const client = useQueryClient();
  const { data: server } = useQuery({ queryKey: ['server'], queryFn: () => api.get('/server') });
  const { data: stations = [], error } = useQuery({ queryKey: ['virtual'], queryFn: () => api.get('/virtual') });
  const [count, setCount] = useState<string | number>(1);
  const [kind, setKind] = useState<Kind>('dc150');
  const [drivers, setDrivers] = useState(false);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await api.post('/virtual', { body: { count: Number(count), kind, drivers } });
      await client.invalidateQueries({ queryKey: ['virtual'] });
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <h1>{words.title}</h1>
      <p className="dim">{server?.virtualStations === false ? words.off : words.what}</p>
      <form className="panel pb row wrap" style={{ alignItems: 'flex-end', gap: 14 }} onSubmit={(event) => void add(event)}>
        <NumberInput label={words.count} value={count} onChange={setCount} min={1} max={50} w={90} />
        <NativeSelect
          label={words.kind}
          value={kind}
          onChange={(event) => setKind(kindOf(event.currentTarget.value))}
          data={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
        />
        <Checkbox label={words.drivers} checked={drivers} onChange={(event) => setDrivers(event.currentTarget.checked)} />
        <Button type="submit" variant="filled" disabled={!may || server?.virtualStations !== true} loading={busy}>
          {words.add}
        </Button>
        {problem !== '' && (
          <p className="note bad" role="alert">
            {problem}
          </p>
        )}
      </form>
      <Failed error={error} />
      {error === null && stations.length === 0 && <div className="panel pb dim">{words.none}</div>}
      <div className="virtual-grid">
        {stations.map((station) => (
          <VirtualCard key={station.stationId} station={station} may={may} />
        ))}
      </div>
    </>
  );
}
