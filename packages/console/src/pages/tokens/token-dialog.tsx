import { TOKEN_STATUSES } from '@busbar/api';
import { Autocomplete, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { FormDialog } from '../../design/form-dialog.tsx';
import { useWords } from '../../words/language.ts';
import { bodyOf, EMPTY, fieldsOf, type TokenFields, type TokenView, TYPES } from './token-form.ts';
import { tokensWords } from './tokens-words.ts';

/** A token that is added, or changed: `before` undefined is a new one. */
export function TokenDialog({ before, close }: { before: TokenView | undefined; close: () => void }) {
  const words = useWords(tokensWords);
  const client = useQueryClient();
  const [fields, setFields] = useState<TokenFields>(before === undefined ? EMPTY : fieldsOf(before));
  const set = (next: Partial<TokenFields>): void => setFields((now) => ({ ...now, ...next }));
  const submit = async (): Promise<void> => {
    const { type, idToken } = fields;
    await api.put('/tokens/:type/:idToken', { params: { type, idToken }, body: bodyOf(fields, before) });
    await client.invalidateQueries({ queryKey: ['tokens'] });
  };
  const isNone = fields.type === 'NoAuthorization';
  return (
    <FormDialog
      opened
      title={before === undefined ? words.addTitle : words.editTitle(before.idToken)}
      close={close}
      button={words.save}
      disabled={fields.type === '' || (fields.idToken.trim() === '' && !isNone)}
      submit={submit}
    >
      <div className="pair">
        <Autocomplete
          size="xs"
          label={words.type}
          required
          disabled={before !== undefined}
          value={fields.type}
          onChange={(type) => set({ type })}
          data={[...TYPES]}
        />
        <TextInput
          label={words.id}
          required={!isNone}
          disabled={before !== undefined}
          maxLength={255}
          value={fields.idToken}
          onChange={(event) => set({ idToken: event.currentTarget.value })}
        />
        <NativeSelect
          label={words.status}
          value={fields.status}
          onChange={(event) => set({ status: event.currentTarget.value })}
          data={[...TOKEN_STATUSES]}
        />
        <TextInput
          label={words.group}
          maxLength={255}
          value={fields.group}
          onChange={(event) => set({ group: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={words.validUntil}
          value={fields.validUntil}
          onChange={(event) => set({ validUntil: event.currentTarget.value })}
        />
        <TextInput
          label={words.priority}
          placeholder="-9 … 9"
          inputMode="numeric"
          value={fields.priority}
          onChange={(event) => set({ priority: event.currentTarget.value })}
        />
        <TextInput
          label={words.language}
          placeholder="de, en-GB"
          maxLength={8}
          value={fields.language}
          onChange={(event) => set({ language: event.currentTarget.value })}
        />
        <TextInput
          label={words.evses}
          placeholder={words.evsesHint}
          value={fields.evses}
          onChange={(event) => set({ evses: event.currentTarget.value })}
        />
      </div>
      <Checkbox label={words.master} checked={fields.masterPass} onChange={(event) => set({ masterPass: event.currentTarget.checked })} />
    </FormDialog>
  );
}
