import type { TariffAssignment } from '@busbar/api';
import { Autocomplete, Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Failed } from '../../design/failed.tsx';
import { FormDialog } from '../../design/form-dialog.tsx';
import { useFleet } from '../../live/fleet-store.ts';
import { dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useSites } from '../fleet/filter-sentence.tsx';
import { settingsWords } from './settings-words.ts';
import { newest, useTariffs } from './tariffs.tsx';

type Assignment = Static<typeof TariffAssignment>;
const SCOPES = ['site', 'station', 'group'] as const;
type Scope = (typeof SCOPES)[number];

/** The last word about each target; one without a tariff says that it has none of its own any more. */
function current(assignments: readonly Assignment[]): readonly Assignment[] {
  const byTarget = new Map<string, Assignment>();
  for (const assignment of assignments) byTarget.set(`${assignment.scope} ${assignment.target}`, assignment);
  return [...byTarget.values()].filter(({ tariff }) => tariff !== null);
}

export function Assignments() {
  const words = useWords(settingsWords);
  const client = useQueryClient();
  const may = useMay('operator', 'everywhere');
  const { data: sites = [] } = useSites();
  const { data: tariffs = [] } = useTariffs();
  const { data, error } = useQuery({ queryKey: ['assignments'], queryFn: () => api.get('/tariff-assignments') });
  const [adding, setAdding] = useState(false);
  const [question, ask] = useState<Question | undefined>();
  const nameOf = ({ scope, target }: Assignment): string =>
    scope === 'site' ? (sites.find(({ id }) => String(id) === target)?.name ?? target) : target;
  const unassign = (assignment: Assignment): Question => ({
    ...words.askUnassign(nameOf(assignment)),
    danger: true,
    run: async () => {
      await api.delete('/tariff-assignments/:scope/:target', { params: { scope: assignment.scope, target: assignment.target } });
      await client.invalidateQueries({ queryKey: ['assignments'] });
    },
  });
  const rows = current(data ?? []);
  return (
    <section className="panel" aria-label={words.assignments}>
      <div className="ph">
        <h2>{words.assignments}</h2>
        <Button disabled={!may || tariffs.length === 0} onClick={() => setAdding(true)}>
          {words.assign}
        </Button>
      </div>
      <Failed error={error} />
      <p className="pb s dim">{words.order}</p>
      {rows.length > 0 && (
        <div className="scroll-x">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.scope}</th>
                <th scope="col">{words.target}</th>
                <th scope="col">{words.tariff}</th>
                <th scope="col">{words.validFrom}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.scope} ${row.target}`}>
                  <td>{words.scopes[row.scope]}</td>
                  <td className="b">{nameOf(row)}</td>
                  <td>{row.tariff}</td>
                  <td className="nw">{dayAndTime(row.validFrom)}</td>
                  <td className="r">
                    <Button disabled={!may} onClick={() => ask(unassign(row))} aria-label={`${words.unassign} ${nameOf(row)}`}>
                      {words.unassign}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {adding && <AssignForm close={() => setAdding(false)} />}
      <Ask question={question} close={() => ask(undefined)} />
    </section>
  );
}

function AssignForm({ close }: { close: () => void }) {
  const words = useWords(settingsWords);
  const client = useQueryClient();
  const rows = useFleet();
  const { data: sites = [] } = useSites();
  const { data: tariffs = [] } = useTariffs();
  const [scope, setScope] = useState<Scope>('site');
  const [target, setTarget] = useState('');
  const [tariff, setTariff] = useState(tariffs[0]?.id ?? '');
  const site = target === '' ? String(sites[0]?.id ?? '') : target;
  const submit = async (): Promise<void> => {
    await api.put('/tariff-assignments/:scope/:target', {
      params: { scope, target: scope === 'site' ? site : target },
      body: { tariff },
    });
    await client.invalidateQueries({ queryKey: ['assignments'] });
  };
  return (
    <FormDialog
      opened
      title={words.assign}
      close={close}
      button={words.assign}
      disabled={tariff === '' || (scope !== 'site' && target.trim() === '')}
      submit={submit}
    >
      <NativeSelect
        label={words.scope}
        value={scope}
        onChange={({ currentTarget: { value } }) => {
          setScope(SCOPES.find((one) => one === value) ?? 'site');
          setTarget('');
        }}
        data={SCOPES.map((value) => ({ value, label: words.scopes[value] }))}
      />
      {scope === 'site' ? (
        <NativeSelect
          label={words.target}
          value={site}
          onChange={(event) => setTarget(event.currentTarget.value)}
          data={sites.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
      ) : (
        <Autocomplete
          size="xs"
          label={words.target}
          required
          limit={20}
          value={target}
          onChange={setTarget}
          data={scope === 'station' ? rows.map(({ id }) => id) : []}
        />
      )}
      <NativeSelect
        label={words.tariff}
        value={tariff}
        onChange={(event) => setTariff(event.currentTarget.value)}
        data={newest(tariffs).map(({ id, name }) => ({ value: id, label: name }))}
      />
    </FormDialog>
  );
}
