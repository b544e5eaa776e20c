import { Autocomplete, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { FormDialog } from '../../design/form-dialog.tsx';
import { useFleet } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { templatesWords } from './templates-words.ts';

/** A template of what one station has. */
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
