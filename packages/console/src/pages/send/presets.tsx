import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { useWords } from '../../words/language.ts';
import type { Values } from './form-model.ts';
import { type Preset, presetsOf, withPreset } from './preset-list.ts';
import { sendWords } from './send-words.ts';

interface Props {
  readonly version: string;
  readonly action: string;
  readonly value: Values;
  readonly use: (preset: Preset) => void;
}

/** Messages under a name, kept for this person; the list shows those of every message. */
export function Presets({ version, action, value, use }: Props) {
  const words = useWords(sendWords);
  const client = useQueryClient();
  const { data: me } = useMe();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const presets = presetsOf(me?.settings);
  const store = async (next: readonly Preset[]): Promise<void> => {
    try {
      setProblem('');
      await api.put('/session/settings', { body: { ...me?.settings, presets: next } });
      await client.invalidateQueries({ queryKey: ['me'] });
      setNaming(false);
      setName('');
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <Select
        className="beside"
        label={words.preset}
        w={240}
        searchable
        placeholder={words.noPreset}
        value={null}
        data={presets.map((preset) => ({ value: preset.name, label: `${preset.name} (${preset.action})` }))}
        onChange={(chosen) => {
          const preset = presets.find((one) => one.name === chosen);
          if (preset !== undefined) use(preset);
        }}
      />
      <Button disabled={action === ''} onClick={() => setNaming(true)}>
        {words.savePreset}
      </Button>
      <Modal opened={naming} onClose={() => setNaming(false)} title={words.savePreset}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') void store(withPreset(presets, { name: name.trim(), version, action, payload: value }));
          }}
        >
          <TextInput
            data-autofocus
            label={words.presetName}
            value={name}
            maxLength={60}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" mt="sm" variant="filled" disabled={name.trim() === ''}>
            {words.savePreset}
          </Button>
        </form>
        {problem !== '' && (
          <p className="note bad" role="alert" style={{ marginTop: 12 }}>
            {problem}
          </p>
        )}
        <ul className="bare" style={{ marginTop: 12 }}>
          {presets.map((preset) => (
            <li key={preset.name} className="row between s">
              <span>
                {preset.name} <span className="dim">{preset.action}</span>
              </span>
              <button
                type="button"
                className="link s"
                aria-label={words.removePreset(preset.name)}
                onClick={() => void store(presets.filter((one) => one !== preset))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      </Modal>
    </>
  );
}
