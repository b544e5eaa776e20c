import { printVariable, readVariable, type TemplateDetail } from '@busbar/api';
import { Button, CloseButton, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { FormDialog } from '../../design/form-dialog.tsx';
import { Segments } from '../../design/segments.tsx';
import { useWords } from '../../words/language.ts';
import { templatesWords } from './templates-words.ts';
import '../../design/json.css';

type Variables = Static<typeof TemplateDetail>['variables'];

/** Rows that are drawn; the filter reaches the others. */
const MOST_ROWS = 100;

/** What it is called, and what each variable should be; as a table, or as the text that SetVariables takes. */
export function EditTemplate({ templateId, close }: { templateId: string; close: () => void }) {
  const words = useWords(templatesWords);
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ['template', templateId],
    queryFn: () => api.get('/templates/:templateId', { params: { templateId } }),
  });
  const [name, setName] = useState('');
  const [variables, setVariables] = useState<Variables>([]);
  const [view, setView] = useState<'table' | 'json'>('table');
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    if (data === undefined) return;
    setName(data.name);
    setVariables(data.variables);
  }, [data]);
  const submit = async (): Promise<void> => {
    await api.put('/templates/:templateId', { params: { templateId }, body: { name, variables } });
    for (const key of ['template', 'templates', 'drift']) await client.invalidateQueries({ queryKey: [key] });
  };
  return (
    <FormDialog
      opened
      title={words.rename}
      size="xl"
      close={close}
      button={words.save}
      disabled={broken || variables.length === 0 || name.trim() === ''}
      submit={submit}
    >
      <TextInput label={words.name} required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <div className="row">
        <Segments
          label={words.view}
          value={view}
          choose={(next) => !broken && setView(next)}
          choices={(['table', 'json'] as const).map((value) => ({ value, label: words.views[value] }))}
        />
      </div>
      {view === 'table' ? (
        <VariableTable variables={variables} change={setVariables} />
      ) : (
        <VariableText variables={variables} change={setVariables} broken={broken} setBroken={setBroken} />
      )}
    </FormDialog>
  );
}

const nameOf = (variable: Variables[number]): string =>
  `${printVariable(variable)}${(variable.attributeType ?? 'Actual') === 'Actual' ? '' : ` (${variable.attributeType})`}`;

function VariableTable({ variables, change }: { variables: Variables; change: (next: Variables) => void }) {
  const words = useWords(templatesWords);
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const rows = variables
    .map((variable, index) => ({ variable, index, name: nameOf(variable) }))
    .filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <>
      <TextInput
        type="search"
        aria-label={words.filterVariable}
        placeholder={words.filterVariable}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <div className="scroll-x" style={{ maxHeight: 360, overflowY: 'auto' }}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.variable}</th>
              <th scope="col" style={{ width: '45%' }}>
                {words.value}
              </th>
              <th scope="col">
                <span className="vh">{words.remove}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_ROWS).map(({ variable, index, name }) => (
              <tr key={name}>
                <td className="mono s" style={{ overflowWrap: 'anywhere' }}>
                  {name}
                </td>
                <td>
                  <TextInput
                    size="xs"
                    aria-label={words.valueOf(name)}
                    maxLength={2500}
                    value={variable.attributeValue}
                    onChange={({ currentTarget: { value } }) => change(variables.with(index, { ...variable, attributeValue: value }))}
                  />
                </td>
                <td>
                  <CloseButton aria-label={words.removeOne(name)} onClick={() => change(variables.toSpliced(index, 1))} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length > MOST_ROWS && <p className="pb s dim">{words.hidden(rows.length - MOST_ROWS)}</p>}
      </div>
      <NewVariable taken={variables.map(nameOf)} add={(variable) => change([...variables, variable])} />
    </>
  );
}

/** One more, by the name that tables and shell write it with. */
function NewVariable({ taken, add }: { taken: readonly string[]; add: (variable: Variables[number]) => void }) {
  const words = useWords(templatesWords);
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const named = readVariable(name.trim());
  const isTaken = named !== undefined && taken.includes(printVariable(named));
  const wrong = name === '' || (named !== undefined && !isTaken) ? undefined : isTaken ? words.taken : words.noName;
  return (
    <div className="row" style={{ alignItems: 'flex-start' }}>
      <TextInput
        size="xs"
        style={{ flex: 2 }}
        label={words.newVariable}
        placeholder="OCPPCommCtrlr.HeartbeatInterval"
        value={name}
        error={wrong}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        style={{ flex: 1 }}
        label={words.value}
        maxLength={2500}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Button
        mt={22}
        disabled={named === undefined || isTaken}
        onClick={() => {
          if (named !== undefined) add({ ...named, attributeValue: value });
          setName('');
          setValue('');
        }}
      >
        {words.add}
      </Button>
    </div>
  );
}

interface TextProps {
  readonly variables: Variables;
  readonly change: (next: Variables) => void;
  readonly broken: boolean;
  readonly setBroken: (broken: boolean) => void;
}

/** So that it can come from anywhere. */
function VariableText({ variables, change, broken, setBroken }: TextProps) {
  const words = useWords(templatesWords);
  const [text, setText] = useState(() => JSON.stringify(variables, null, 1));
  return (
    <Textarea
      label={words.json}
      rows={16}
      spellCheck={false}
      className="mono-input"
      value={text}
      error={broken ? words.jsonWrong : undefined}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        const next = parsed(value);
        setBroken(next === undefined);
        if (next !== undefined) change(next);
      }}
    />
  );
}

/** What is in it is judged by the server; here only what a row needs to be shown. */
function parsed(text: string): Variables | undefined {
  try {
    const value: Variables = JSON.parse(text);
    return Array.isArray(value) && value.length > 0 && value.every((one) => one?.component?.name && one.variable?.name) ? value : undefined;
  } catch {
    return undefined; // somebody is still writing
  }
}
