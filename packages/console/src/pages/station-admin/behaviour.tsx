import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { useWords } from '../../words/language.ts';
import { adminWords } from './admin-words.ts';
import { type OfStation, useAgain } from './station-view.ts';

/** What the CSMS does with this station by itself. */
export function Automations({ station: { id, automations } }: OfStation) {
  const words = useWords(adminWords);
  const may = useMay('installer');
  const { problem, run } = useChange(id);
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.automations}</h2>
      </div>
      <div className="pb members">
        {Object.entries(automations).map(([name, on]) => (
          <Checkbox
            key={name}
            label={words.automation[name] ?? name}
            disabled={!may}
            checked={on}
            onChange={({ currentTarget: { checked } }) =>
              void run(() => api.patch('/stations/:stationId', { params: { stationId: id }, body: { automations: { [name]: checked } } }))
            }
          />
        ))}
        {problem !== '' && (
          <p className="note bad s" role="alert">
            {problem}
          </p>
        )}
      </div>
    </section>
  );
}

const LENIENCIES = ['unknownProperty', 'unknownEnumValue', 'numberAsString', 'overlongString'] as const;

/** Which of its faults are forgiven (D3). */
export function Leniencies({ station: { id, leniencies } }: OfStation) {
  const words = useWords(adminWords);
  const may = useMay('installer');
  const { problem, run } = useChange(id);
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.leniencies}</h2>
      </div>
      <div className="pb members">
        <p className="s dim">{words.lenienciesText}</p>
        {LENIENCIES.map((name) => {
          const used = leniencies.used[name] ?? 0;
          return (
            <Checkbox
              key={name}
              label={used === 0 ? words.leniency[name] : `${words.leniency[name]} (${words.used(used)})`}
              disabled={!may}
              checked={leniencies.on.includes(name)}
              onChange={({ currentTarget: { checked } }) =>
                void run(() =>
                  api.put('/stations/:stationId/leniencies', {
                    params: { stationId: id },
                    body: { on: LENIENCIES.filter((one) => (one === name ? checked : leniencies.on.includes(one))) },
                  }),
                )
              }
            />
          );
        })}
        {problem !== '' && (
          <p className="note bad s" role="alert">
            {problem}
          </p>
        )}
      </div>
    </section>
  );
}

function useChange(id: string) {
  const again = useAgain(id);
  const [problem, setProblem] = useState('');
  const run = async (change: () => Promise<unknown>): Promise<void> => {
    try {
      await change();
      setProblem('');
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    await again();
  };
  return { problem, run };
}
