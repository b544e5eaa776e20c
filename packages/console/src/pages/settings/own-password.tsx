import { Button, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { useWords } from '../../words/language.ts';
import { settingsWords } from './settings-words.ts';

export function OwnPassword() {
  const words = useWords(settingsWords);
  const client = useQueryClient();
  const { data: me } = useMe();
  const [oldPassword, setOld] = useState('');
  const [password, setNew] = useState('');
  const [again, setAgain] = useState('');
  const [said, say] = useState<{ readonly good: boolean; readonly text: string } | undefined>();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      await api.put('/session/password', { body: { oldPassword, password } });
      say({ good: true, text: words.changed });
      setOld('');
      setNew('');
      setAgain('');
      await client.invalidateQueries({ queryKey: ['own-sign-ins'] });
    } catch (error) {
      say({ good: false, text: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.password}</h2>
      </div>
      {me?.password === true ? (
        <form className="pb" style={{ display: 'grid', gap: 10 }} onSubmit={(event) => void submit(event)}>
          {/* Password managers ask whose password it is. */}
          <input type="text" hidden readOnly autoComplete="username" value={me.name} />
          <PasswordInput
            label={words.oldPassword}
            autoComplete="current-password"
            value={oldPassword}
            onChange={(event) => setOld(event.currentTarget.value)}
          />
          <PasswordInput
            label={words.newPassword}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setNew(event.currentTarget.value)}
          />
          <PasswordInput
            label={words.again}
            autoComplete="new-password"
            value={again}
            error={again !== '' && again !== password ? words.notSame : undefined}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          <div>
            <Button type="submit" disabled={oldPassword === '' || password === '' || again !== password}>
              {words.change}
            </Button>
          </div>
          {said !== undefined && (
            <p className={`note ${said.good ? 'ok' : 'bad'}`} role="status">
              {said.text}
            </p>
          )}
        </form>
      ) : (
        <p className="pb s dim">{words.noPassword}</p>
      )}
    </section>
  );
}
