import type { Webhook } from '@busbar/api';
import { Checkbox, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { FormDialog } from '../../design/form-dialog.tsx';
import { useWords } from '../../words/language.ts';
import { useSites } from '../fleet/filter-sentence.tsx';
import { webhooksWords } from './webhooks-words.ts';

interface Props {
  readonly before: Static<typeof Webhook> | undefined;
  readonly close: () => void;
  readonly made: (secret: string | undefined) => void;
}

export function WebhookForm({ before, close, made }: Props) {
  const words = useWords(webhooksWords);
  const client = useQueryClient();
  const { data: known = [] } = useSites();
  const [url, setUrl] = useState(before?.url ?? 'https://');
  const [types, setTypes] = useState<readonly string[]>(before?.types ?? ['transactionEnded']);
  const [sites, setSites] = useState<readonly number[]>(before?.sites ?? []);
  const [note, setNote] = useState(before?.note ?? '');
  const submit = async (): Promise<void> => {
    const body = { url, types: [...types], sites: sites.length === 0 ? null : [...sites], note };
    if (before === undefined) made((await api.post('/webhooks', { body })).secret);
    else await api.patch('/webhooks/:webhookId', { params: { webhookId: before.webhookId }, body });
    await client.invalidateQueries({ queryKey: ['webhooks'] });
  };
  return (
    <FormDialog
      opened
      title={before === undefined ? words.add : words.edit}
      close={close}
      button={before === undefined ? words.add : words.save}
      disabled={types.length === 0 || !URL.canParse(url)}
      submit={submit}
    >
      <TextInput
        label={words.url}
        description={words.urlHint}
        type="url"
        required
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <fieldset className="members">
        <legend>{words.types}</legend>
        {Object.entries(words.type).map(([type, name]) => (
          <Checkbox
            key={type}
            label={name}
            checked={types.includes(type)}
            onChange={({ currentTarget: { checked } }) => setTypes(checked ? [...types, type] : types.filter((one) => one !== type))}
          />
        ))}
      </fieldset>
      <fieldset className="members">
        <legend>{words.sites}</legend>
        {known.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={sites.length === 0 || sites.includes(id)}
            onChange={({ currentTarget: { checked } }) => {
              const now = sites.length === 0 ? known.map((site) => site.id) : sites;
              const next = checked ? [...now, id] : now.filter((one) => one !== id);
              setSites(next.length === known.length ? [] : next);
            }}
          />
        ))}
      </fieldset>
      <TextInput label={words.note} maxLength={200} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
    </FormDialog>
  );
}
