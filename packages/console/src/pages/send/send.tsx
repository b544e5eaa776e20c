import type { MessageAbout, MessageDescriptor } from '@busbar/api';
import { NativeSelect, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { fleet, useFleet } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { Compose } from './compose.tsx';
import { type Draft, draftOf } from './draft.ts';
import type { Values } from './form-model.ts';
import { History } from './history.tsx';
import { targetsOf, VERSIONS, versionIn, versionOf } from './meant.ts';
import type { Preset } from './preset-list.ts';
import { Presets } from './presets.tsx';
import { sendWords } from './send-words.ts';
import { type Keep, Targets } from './targets.tsx';
import '../../design/json.css';
import './send.css';

type About = Static<typeof MessageAbout>;
export type Descriptor = Static<typeof MessageDescriptor>;

const useSendSearch = () => useSearch({ from: '/send' });
type Search = ReturnType<typeof useSendSearch>;

/** Any message of a CSMS to one station or many: form and JSON edit the same one. */
export function SendPage() {
  const words = useWords(sendWords);
  const search = useSendSearch();
  const navigate = useNavigate({ from: '/send' });
  const rows = useFleet();
  const ids = targetsOf(search, rows);
  const targets = ids.flatMap((id) => fleet.row(id) ?? []);
  const spoken = versionOf(targets);
  const version = versionIn(search.version) ?? spoken.version;
  const action = search.action ?? '';
  const [keep, setKeep] = useState<Keep>('refuse');
  const [historyOpen, setHistoryOpen] = useState(false);
  const [start, setStart] = useState<{ readonly of: string; readonly value: Values } | undefined>();
  const go = (next: Partial<Search>): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const { data: actions = [] } = useQuery({
    queryKey: ['schemas', version],
    queryFn: () => api.get('/schemas/:version', { params: { version } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const schema = useQuery({
    queryKey: ['schemas', version, action],
    queryFn: () => api.get('/schemas/:version/:action', { params: { version, action } }),
    enabled: action !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const again = useQuery({
    queryKey: ['command', search.commandId],
    queryFn: () => api.get('/commands/:commandId', { params: { commandId: search.commandId ?? '' } }),
    enabled: search.commandId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const key = `${version} ${action} ${search.commandId ?? ''} ${start?.of ?? ''}`;
  const [draft, setDraft] = useState<{ readonly key: string; readonly draft: Draft } | undefined>();
  const from = start?.value ?? (search.commandId === undefined ? undefined : again.data?.request);
  const waiting = search.commandId !== undefined && again.isPending;
  const current = draft?.key === key ? draft.draft : schema.data === undefined ? undefined : draftOf(schema.data, from);
  const use = (preset: Preset): void => {
    setStart({ of: `${preset.name} ${Date.now()}`, value: preset.payload });
    go({ action: preset.action, version: preset.version, commandId: undefined });
  };
  return (
    <>
      <div className="row between wrap">
        <h1>{words.title}</h1>
        <div className="row wrap">
          <MessagePicker
            actions={actions}
            action={action}
            choose={(next) => {
              setStart(undefined);
              go({ action: next, commandId: undefined });
            }}
          />
          <NativeSelect
            className="beside"
            label={words.version}
            value={version}
            data={VERSIONS.map((value) => ({ value, label: value.replace('ocpp', '') }))}
            onChange={(event) => go({ version: event.currentTarget.value })}
          />
          <Presets version={version} action={action} value={current?.value ?? {}} use={use} />
          <button type="button" className="link s" onClick={() => setHistoryOpen(true)}>
            {words.history}
          </button>
        </div>
      </div>
      <Targets
        ids={ids}
        ofFilter={search.of === 'filter'}
        change={(next) =>
          go({
            stationId: next.length === 0 ? undefined : next.join(','),
            of: undefined,
            q: undefined,
            state: undefined,
            site: undefined,
            firmware: undefined,
          })
        }
        keep={keep}
        setKeep={setKeep}
      />
      {spoken.mixed && search.version === undefined && <div className="note">{words.mixed(version.replace('ocpp', 'OCPP '))}</div>}
      {schema.error !== null && action !== '' && (
        <div className="note bad" role="alert">
          {schema.error.message}
        </div>
      )}
      {schema.data !== undefined && action !== '' && current !== undefined && !waiting && (
        <Compose
          key={key}
          form={schema.data}
          draft={current}
          change={(next) => setDraft({ key, draft: next(current) })}
          ids={ids}
          keep={keep}
        />
      )}
      <History opened={historyOpen} close={() => setHistoryOpen(false)} />
    </>
  );
}

/** Every message of this version, by functional block. */
function MessagePicker({ actions, action, choose }: { actions: readonly About[]; action: string; choose: (action: string) => void }) {
  const words = useWords(sendWords);
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const about of actions.toSorted((a, b) => a.block.localeCompare(b.block) || a.action.localeCompare(b.action))) {
    const group = `${about.block} ${about.blockName}`;
    const [first] = about.useCases;
    groups.set(group, [
      ...(groups.get(group) ?? []),
      { value: about.action, label: first === undefined ? about.action : `${about.action} (${first})` },
    ]);
  }
  return (
    <Select
      className="beside"
      w={360}
      label={words.message}
      placeholder={words.message}
      searchable
      maxDropdownHeight={420}
      value={action === '' ? null : action}
      data={[...groups].map(([group, items]) => ({ group, items }))}
      onChange={(next) => next !== null && choose(next)}
    />
  );
}
