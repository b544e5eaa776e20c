import './configuration.css';
import { flat } from '@busbar/api';
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { api } from '../../api/client.ts';
import { type CommandEnd, callStation } from '../../api/command.ts';
import { useMay } from '../../api/me.ts';
import { Failed } from '../../design/failed.tsx';
import { useRow } from '../../live/fleet-store.ts';
import { stream } from '../../live/stream.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { configurationWords } from './configuration-words.ts';
import { Result } from './connectors.tsx';
import { componentName, matches, type Node, treeOf, type Variable, variableKey, variableName, type Write } from './device-model.ts';
import { VariablePanel } from './variable-panel.tsx';

/** After asking for a report: how long the list is read again and again. */
const READING_MS = 30_000;
const READ_AGAIN_MS = 5_000;

function useDeviceModel(stationId: string) {
  const client = useQueryClient();
  const [until, setUntil] = useState(0);
  const variables = useQuery({
    queryKey: ['variables', stationId],
    queryFn: () => api.get('/stations/:stationId/variables', { params: { stationId } }),
    refetchInterval: () => (Date.now() < until ? READ_AGAIN_MS : false),
  });
  const writes = useQuery({
    queryKey: ['variable-writes', stationId],
    queryFn: () => api.get('/stations/:stationId/variables/writes', { params: { stationId } }),
  });
  useEffect(() => {
    const again = (event: { readonly stationId: string }): void => {
      if (event.stationId !== stationId) return;
      void client.invalidateQueries({ queryKey: ['variables', stationId] });
      void client.invalidateQueries({ queryKey: ['variable-writes', stationId] });
      void client.invalidateQueries({ queryKey: ['drift-of', stationId] });
    };
    const offCommand = stream.on('command', (event) => event.state === 'answered' && event.action.endsWith('Variables') && again(event));
    const offStation = stream.on('station', again);
    return () => {
      offCommand();
      offStation();
    };
  }, [client, stationId]);
  return { variables, writes, reading: Date.now() < until, read: () => setUntil(Date.now() + READING_MS) };
}

interface DriftOf {
  readonly name: string;
  readonly size: number;
  readonly wanted: ReadonlyMap<string, string>;
  readonly states: ReadonlyMap<string, 'differs' | 'refused' | 'afterReboot' | 'unknown'>;
}

/** How this station differs from one template. */
function useDriftOf(stationId: string, templateId: string | undefined): DriftOf | undefined {
  const { data } = useQuery({
    queryKey: ['drift-of', stationId, templateId],
    enabled: templateId !== undefined,
    queryFn: async () => {
      const params = { templateId: templateId ?? '' };
      const [template, drifts] = await Promise.all([
        api.get('/templates/:templateId', { params }),
        api.get('/templates/:templateId/drift', { params, query: { q: stationId, limit: 500 } }),
      ]);
      const keys = template.variables.map((variable) => ({ key: variableKey(flat(variable)), wanted: variable.attributeValue }));
      const own = drifts.find((drift) => drift.stationId === stationId);
      return {
        name: template.name,
        size: template.size,
        wanted: new Map(keys.map(({ key, wanted }) => [key, wanted] as const)),
        states: new Map((own?.variables ?? []).map(({ index, state }) => [keys[index]?.key ?? '', state] as const)),
      };
    },
  });
  return templateId === undefined ? undefined : data;
}

/** The device model of a station: what it is set to, what it may be, and setting it (B05 to B07). */
export function ConfigurationSection() {
  const words = useWords(configurationWords);
  const { stationId } = useParams({ from: '/stations/$stationId' });
  const { q, variable: chosen, template } = useSearch({ from: '/stations/$stationId/configuration' });
  const navigate = useNavigate({ from: '/stations/$stationId/configuration' });
  const row = useRow(stationId);
  const may = useMay('installer');
  const { variables, writes, reading, read } = useDeviceModel(stationId);
  const drift = useDriftOf(stationId, template);
  const [node, setNode] = useState<string | undefined>();
  const [onlyWritable, setOnlyWritable] = useState(false);
  const [onlyChanged, setOnlyChanged] = useState(false);
  const [end, setEnd] = useState<CommandEnd | undefined>();
  const tree = useMemo(() => treeOf(variables.data ?? []), [variables.data]);
  const written = writes.data ?? [];
  const changed = useMemo(() => new Set(drift === undefined ? written.map(variableKey) : drift.states.keys()), [drift, written]);
  const wanted = { search: q ?? '', onlyWritable, only: onlyChanged ? changed : undefined };
  const shownTree = tree
    .map((one) => ({ ...one, variables: one.variables.filter((variable) => matches(variable, wanted)) }))
    .filter(({ variables: own }) => own.length > 0);
  const shown = node === undefined ? shownTree : shownTree.filter(({ key }) => key === node);
  const selected = tree.flatMap((one) => one.variables).find(({ key }) => key === chosen);
  const waiting = written.filter(({ afterReboot }) => afterReboot);
  const connected = row?.connected === true;
  const readAll = async (): Promise<void> => {
    read();
    setEnd(await callStation(stationId, 'GetBaseReport', { reportBase: 'FullInventory' }));
    await variables.refetch();
  };
  const choose = (key: string): void => void navigate({ search: (before) => ({ ...before, variable: key }), replace: true });
  return (
    <>
      <div className="row between wrap">
        <div className="row wrap">
          <TemplateChoice
            chosen={template}
            choose={(next) => void navigate({ search: (before) => ({ ...before, template: next }), replace: true })}
          />
        </div>
        <div className="row wrap">
          {end !== undefined && <Result end={end} />}
          <Button disabled={!may || !connected} onClick={() => void readAll()}>
            {words.readAll}
          </Button>
          <Button renderRoot={(props) => <Link to="/configuration" search={template === undefined ? {} : { template }} {...props} />}>
            {words.compareLink}
          </Button>
        </div>
      </div>
      <Failed error={variables.error} again={() => void variables.refetch()} />
      {reading && (
        <div className="note info" role="status">
          {words.reading(count(variables.data?.length ?? 0))}
        </div>
      )}
      {drift !== undefined && <DriftNote drift={drift} template={template} />}
      {waiting.length > 0 && <Waiting stationId={stationId} writes={waiting} may={may && connected} said={setEnd} />}
      {variables.data?.length === 0 && <div className="panel pb dim">{words.noneYet}</div>}
      {tree.length > 0 && (
        <div className="config">
          <Tree
            nodes={shownTree}
            drift={drift}
            node={node}
            choose={setNode}
            search={q ?? ''}
            look={(value) => void navigate({ search: (before) => ({ ...before, q: value === '' ? undefined : value }), replace: true })}
            flags={{ onlyChanged, onlyWritable }}
            flag={(next) => {
              setOnlyChanged(next.onlyChanged);
              setOnlyWritable(next.onlyWritable);
            }}
          />
          <VariableTable nodes={shown} drift={drift} writes={written} chosen={chosen} choose={choose} />
          <aside className="stack">
            {selected === undefined ? (
              <div className="panel pb dim s">{words.choose}</div>
            ) : (
              <VariablePanel
                stationId={stationId}
                connected={connected}
                variable={selected}
                writes={written.filter((write) => variableKey(write) === selected.key)}
                wanted={drift?.wanted.get(selected.key)}
                written={() => {
                  void variables.refetch();
                  void writes.refetch();
                }}
              />
            )}
          </aside>
        </div>
      )}
    </>
  );
}

function DriftNote({ drift, template }: { drift: DriftOf; template: string | undefined }) {
  const words = useWords(configurationWords);
  return (
    <div className={`note ${drift.states.size === 0 ? 'ok' : 'info'}`}>
      <b>{drift.states.size === 0 ? words.noDrift(drift.size, drift.name) : words.summary(drift.states.size, drift.size, drift.name)}</b>{' '}
      <Link to="/configuration" search={{ template }}>
        {words.toMatrix}
      </Link>
    </div>
  );
}

interface Flags {
  readonly onlyChanged: boolean;
  readonly onlyWritable: boolean;
}
interface TreeProps {
  readonly nodes: readonly Node[];
  readonly drift: DriftOf | undefined;
  readonly node: string | undefined;
  readonly choose: (node: string | undefined) => void;
  readonly search: string;
  readonly look: (text: string) => void;
  readonly flags: Flags;
  readonly flag: (next: Flags) => void;
}

function Tree({ nodes, drift, node, choose, search, look, flags, flag }: TreeProps) {
  const words = useWords(configurationWords);
  return (
    <nav className="panel tree" aria-label={words.components}>
      <div className="pb" style={{ display: 'grid', gap: 8 }}>
        <TextInput
          type="search"
          aria-label={words.filter}
          placeholder={words.filter}
          value={search}
          onChange={(event) => look(event.currentTarget.value)}
        />
        <Checkbox
          label={words.onlyChanged}
          checked={flags.onlyChanged}
          onChange={(event) => flag({ ...flags, onlyChanged: event.currentTarget.checked })}
        />
        <Checkbox
          label={words.onlyWritable}
          checked={flags.onlyWritable}
          onChange={(event) => flag({ ...flags, onlyWritable: event.currentTarget.checked })}
        />
      </div>
      <ul className="bare" style={{ padding: '0 6px 8px' }}>
        <TreeRow
          label={words.all}
          depth={0}
          current={node === undefined}
          choose={() => choose(undefined)}
          note={nodes.reduce((sum, one) => sum + one.variables.length, 0)}
        />
        {nodes.map((one) => (
          <TreeRow
            key={one.key}
            label={one.label}
            depth={one.depth}
            current={node === one.key}
            choose={() => choose(one.key)}
            note={one.variables.length}
            differing={drift === undefined ? 0 : one.variables.filter(({ key }) => drift.states.has(key)).length}
          />
        ))}
      </ul>
    </nav>
  );
}

function TemplateChoice({ chosen, choose }: { chosen: string | undefined; choose: (id: string | undefined) => void }) {
  const words = useWords(configurationWords);
  const { data = [] } = useQuery({ queryKey: ['templates'], queryFn: () => api.get('/templates') });
  return (
    <label className="row s dim">
      {words.compareWith}
      <NativeSelect
        value={chosen ?? ''}
        onChange={({ currentTarget: { value } }) => choose(value === '' ? undefined : value)}
        data={[{ value: '', label: words.noTemplate }, ...data.map(({ templateId, name }) => ({ value: templateId, label: name }))]}
      />
    </label>
  );
}

interface TreeRowProps {
  readonly label: string;
  readonly depth: number;
  readonly current: boolean;
  readonly choose: () => void;
  readonly note: number;
  readonly differing?: number;
}

function TreeRow({ label, depth, current, choose, note, differing = 0 }: TreeRowProps) {
  const words = useWords(configurationWords);
  return (
    <li>
      <button type="button" aria-current={current ? 'true' : undefined} style={{ paddingLeft: 8 + depth * 14 }} onClick={choose}>
        <span>{label}</span>
        <span className={differing > 0 ? 'n warn' : 'n'}>{differing > 0 ? `${differing} ${words.state.differs}` : note}</span>
      </button>
    </li>
  );
}

interface TableProps {
  readonly nodes: readonly Node[];
  readonly drift: DriftOf | undefined;
  readonly writes: readonly Write[];
  readonly chosen: string | undefined;
  readonly choose: (key: string) => void;
}

/** Rows that are drawn; who wants to see more looks for it. */
const MOST_ROWS = 400;

function VariableTable({ nodes, drift, writes, chosen, choose }: TableProps) {
  const words = useWords(configurationWords);
  const afterReboot = new Map(writes.filter((write) => write.afterReboot).map((write) => [variableKey(write), write.wanted] as const));
  const rows = nodes.reduce((sum, { variables }) => sum + variables.length, 0);
  let left = MOST_ROWS;
  return (
    <section className="panel scroll-x" aria-label={words.title}>
      <div className="ph">
        <h2>
          {nodes.length === 1 ? nodes[0]?.label : words.all}{' '}
          <span className="dim" style={{ fontWeight: 400 }}>
            {words.variables(rows)}
          </span>
        </h2>
      </div>
      {rows === 0 && <p className="pb dim">{words.nothing}</p>}
      {rows > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{words.variable}</th>
              <th scope="col">{words.value}</th>
              {drift !== undefined && <th scope="col">{words.wanted}</th>}
              {drift !== undefined && <th scope="col">{words.drift}</th>}
              <th scope="col">{words.type}</th>
              <th scope="col">{words.access}</th>
            </tr>
          </thead>
          {nodes.map((node) => {
            const own = node.variables.slice(0, Math.max(0, left));
            left -= own.length;
            return (
              <tbody key={node.key}>
                {nodes.length > 1 && own[0] !== undefined && (
                  <tr className="grp">
                    <th scope="rowgroup" colSpan={6}>
                      {componentName(own[0].attributes[0])}
                    </th>
                  </tr>
                )}
                {own.map((variable) => (
                  <VariableRow
                    key={variable.key}
                    variable={variable}
                    drift={drift}
                    pending={afterReboot.get(variable.key)}
                    chosen={variable.key === chosen}
                    choose={choose}
                  />
                ))}
              </tbody>
            );
          })}
        </table>
      )}
    </section>
  );
}

interface RowProps {
  readonly variable: Variable;
  readonly drift: DriftOf | undefined;
  readonly pending: string | undefined;
  readonly chosen: boolean;
  readonly choose: (key: string) => void;
}

const TAGS = { differs: 'warn', refused: 'bad', afterReboot: 'new', unknown: '' } as const;

function VariableRow({ variable, drift, pending, chosen, choose }: RowProps) {
  const words = useWords(configurationWords);
  const [first] = variable.attributes;
  const state = drift?.states.get(variable.key);
  const wanted = drift?.wanted.get(variable.key);
  const { dataType, unit } = first.characteristics ?? {};
  return (
    <tr className={chosen ? 'sel' : undefined}>
      <td>
        <button
          type="button"
          className="link"
          style={{ textAlign: 'left', color: chosen ? undefined : 'inherit', fontWeight: state === undefined ? 400 : 600 }}
          onClick={() => choose(variable.key)}
        >
          {variableName(first)}
        </button>
        {first.attribute !== 'Actual' && <span className="dim s"> {first.attribute}</span>}
      </td>
      <td className="value">
        {first.value ?? <span className="dim">{words.unset}</span>}
        {pending !== undefined && (
          <>
            {' '}
            → {pending} <span className="tag new">{words.state.afterReboot}</span>
          </>
        )}
      </td>
      {drift !== undefined && <td className="value">{wanted}</td>}
      {drift !== undefined && (
        <td className="nw">
          {wanted !== undefined &&
            (state === undefined ? (
              <span className="dim">{words.state.same}</span>
            ) : (
              <span className={`tag ${TAGS[state]}`}>{words.state[state]}</span>
            ))}
        </td>
      )}
      <td className="dim nw">{[dataType, unit].filter((part) => part !== undefined).join(', ')}</td>
      <td className="dim nw">{words.mutability[first.mutability ?? 'ReadWrite'] ?? first.mutability}</td>
    </tr>
  );
}

interface WaitingProps {
  readonly stationId: string;
  readonly writes: readonly Write[];
  readonly may: boolean;
  readonly said: (end: CommandEnd) => void;
}

function Waiting({ stationId, writes, may, said }: WaitingProps) {
  const words = useWords(configurationWords);
  return (
    <div className="note pend row between wrap">
      <span>
        <b>{words.reboot}.</b> {words.rebootText(writes.length)}{' '}
        <span className="dim">{writes.map((write) => `${variableName(write)} → ${write.wanted}`).join(', ')}</span>
      </span>
      <Button disabled={!may} onClick={() => void callStation(stationId, 'Reset', { type: 'OnIdle' }).then(said)}>
        {words.rebootIdle}
      </Button>
    </div>
  );
}
