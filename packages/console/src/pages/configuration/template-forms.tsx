import { Autocomplete, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import { FormDialog } from '../../design/form-dialog.tsx';
import { useFleet } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { templatesWords } from './templates-words.ts';

export function FromStation({ opened, close, made }: { opened: boolean; close: () => void; made: (templateId: string) => void }) {
  const words = useWords(templatesWords);
  const client = useQueryClient();
  const rows = useFleet();
  const [stationId, setStation] = useState('');
  const [name, setName] = useState('');
  const submit = async (): Promise<void> => {
    const template = await api.post('/templates/from-station', { body: { stationId, name } });
    await client.invalidateQueries({ queryKey: ['templates'] });
    made(template.templateId);
  };
  return (
    <FormDialog
      opened={opened}
      title={words.fromStation}
      close={close}
      button={words.make}
      disabled={stationId === '' || name.trim() === ''}
      submit={submit}
    >
      <p className="s dim">{words.fromStationText}</p>
      <Autocomplete
        size="xs"
        label={words.station}
        required
        limit={20}
        value={stationId}
        onChange={setStation}
        data={rows.map(({ id }) => id)}
      />
      <TextInput
        label={words.name}
        placeholder={words.nameHint}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** Name and values as text: what SetVariables takes, so that it can come from anywhere. */
export function EditTemplate({ templateId, close }: { templateId: string | undefined; close: () => void }) {
  const words = useWords(templatesWords);
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ['template', templateId],
    enabled: templateId !== undefined,
    queryFn: () => api.get('/templates/:templateId', { params: { templateId: templateId ?? '' } }),
  });
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  useEffect(() => {
    if (data === undefined) return;
    setName(data.name);
    setText(JSON.stringify(data.variables, null, 1));
  }, [data]);
  const variables = parsed(text);
  const submit = async (): Promise<void> => {
    if (templateId === undefined || variables === undefined) return;
    await api.put('/templates/:templateId', { params: { templateId }, body: { name, variables } });
    await client.invalidateQueries({ queryKey: ['template'] });
    await client.invalidateQueries({ queryKey: ['templates'] });
    await client.invalidateQueries({ queryKey: ['drift'] });
  };
  return (
    <FormDialog
      opened={templateId !== undefined}
      title={words.rename}
      size="lg"
      close={close}
      button={words.save}
      disabled={variables === undefined || name.trim() === ''}
      submit={submit}
    >
      <TextInput label={words.name} required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Textarea
        label={words.json}
        rows={16}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={text}
        error={variables === undefined && text !== '' ? words.jsonWrong : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** What is in it is judged by the server; here only whether it is a list. */
function parsed(text: string) {
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) && value.length > 0 ? value : undefined;
  } catch {
    return undefined; // somebody is still writing
  }
}
