import { Button, Menu, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { useWords } from '../../words/language.ts';
import type { FleetFilter } from './filter.ts';
import { fleetWords } from './fleet-words.ts';

interface View {
  readonly name: string;
  readonly filter: FleetFilter;
}

/** More than a menu can show helps nobody. */
const MOST = 30;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What is kept may be of an older or newer console: only what is understood is taken. */
export function viewsOf(kept: unknown): readonly View[] {
  return (Array.isArray(kept) ? kept : []).filter(isRecord).flatMap(({ name, filter }) =>
    typeof name === 'string' && isRecord(filter)
      ? [
          {
            name,
            filter: {
              q: textOf(filter['q']),
              state: textOf(filter['state']),
              site: textOf(filter['site']),
              firmware: textOf(filter['firmware']),
              sort: textOf(filter['sort']),
            },
          },
        ]
      : [],
  );
}

/** Named addresses of this page, kept for the person. */
export function SavedViews({ filter, open }: { filter: FleetFilter; open: (filter: FleetFilter) => void }) {
  const words = useWords(fleetWords);
  const { data: me } = useMe();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const views = viewsOf(me?.settings['views']);
  const keep = async (next: readonly View[]): Promise<void> => {
    await api.put('/session/settings', { body: { ...me?.settings, views: next.slice(0, MOST) } });
    await client.invalidateQueries({ queryKey: ['me'] });
  };
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === '') return;
    await keep([{ name: name.trim(), filter }, ...views.filter((view) => view.name !== name.trim())]);
    setName('');
  };
  return (
    <Menu position="bottom-start" closeOnItemClick={false}>
      <Menu.Target>
        <Button>{words.views}</Button>
      </Menu.Target>
      <Menu.Dropdown miw={240}>
        {views.length === 0 && <Menu.Label>{words.noViews}</Menu.Label>}
        {views.map((view) => (
          <div key={view.name} className="row">
            <Menu.Item onClick={() => open(view.filter)}>{view.name}</Menu.Item>
            <Button aria-label={words.forgetView(view.name)} onClick={() => void keep(views.filter((one) => one.name !== view.name))}>
              ×
            </Button>
          </div>
        ))}
        <Menu.Divider />
        <form className="row" style={{ padding: 6 }} onSubmit={(event) => void save(event)}>
          <TextInput
            aria-label={words.viewName}
            placeholder={words.viewName}
            value={name}
            maxLength={60}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" disabled={me?.kind !== 'person'}>
            {words.saveView}
          </Button>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
