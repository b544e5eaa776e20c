import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { Row } from '../../live/fleet-store.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { type FleetFilter, SORTS, STATES, sortOf, stateOf } from './filter.ts';
import { fleetWords } from './fleet-words.ts';

export const useSites = () => useQuery({ queryKey: ['sites'], queryFn: () => api.get('/sites'), staleTime: 60_000 });

/** The filter as a sentence; each dashed word opens what it may be. */
export function FilterSentence(props: { filter: FleetFilter; change: (next: FleetFilter) => void; shown: number; rows: readonly Row[] }) {
  const { filter, change, shown, rows } = props;
  const words = useWords(fleetWords);
  const { data: sites = [] } = useSites();
  const firmwares = [...new Set(rows.flatMap(({ firmwareVersion }) => firmwareVersion ?? []))].sort().slice(0, 50);
  const state = stateOf(filter);
  const filtered = filter.q !== undefined || filter.state !== undefined || filter.site !== undefined || filter.firmware !== undefined;
  return (
    <p className="sentence">
      {words.sentence.stations}{' '}
      <Word
        text={sites.find(({ id }) => String(id) === filter.site)?.name ?? words.anySite}
        choices={[{ text: words.anySite, set: undefined }, ...sites.map(({ id, name }) => ({ text: name, set: String(id) }))]}
        choose={(site) => change({ site })}
      />{' '}
      {words.sentence.that}{' '}
      <Word
        text={state === undefined ? words.anyState : words.states[state]}
        choices={[{ text: words.anyState, set: undefined }, ...STATES.map((one) => ({ text: words.states[one], set: one }))]}
        choose={(next) => change({ state: next })}
      />{' '}
      {words.sentence.firmware}{' '}
      <Word
        text={filter.firmware ?? words.anyFirmware}
        choices={[{ text: words.anyFirmware, set: undefined }, ...firmwares.map((one) => ({ text: one, set: one }))]}
        choose={(firmware) => change({ firmware })}
      />
      , {words.sentence.sorted}{' '}
      <Word
        text={words.sort[sortOf(filter)]}
        choices={SORTS.map((one) => ({ text: words.sort[one], set: one === 'worst' ? undefined : one }))}
        choose={(sort) => change({ sort })}
      />
      . <b>{words.sentence.of(count(shown), count(rows.length))}</b>{' '}
      {filtered && (
        <button
          type="button"
          className="link"
          onClick={() => change({ q: undefined, state: undefined, site: undefined, firmware: undefined })}
        >
          {words.clear}
        </button>
      )}
    </p>
  );
}

interface Choice {
  readonly text: string;
  readonly set: string | undefined;
}

/** A dashed word that opens what it may be. */
export function Word({ text, choices, choose }: { text: string; choices: readonly Choice[]; choose: (value: string | undefined) => void }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className="word">
          {text}
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {choices.map((choice) => (
          <Menu.Item key={choice.text} onClick={() => choose(choice.set)}>
            {choice.text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
