import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api, urlOf } from '../api/client.ts';
import { useWords } from '../words/language.ts';
import { Logo } from './logo.tsx';
import { shellWords } from './shell-words.ts';

export function SignIn({ signedIn }: { signedIn: () => void }) {
  const words = useWords(shellWords);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { data: ways } = useQuery({ queryKey: ['ways'], queryFn: () => api.get('/session/ways'), staleTime: Number.POSITIVE_INFINITY });
  const [problem, setProblem] = useState('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      await api.post('/session', { body: { name, password } });
      signedIn();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <main style={{ placeItems: 'center', display: 'grid', minHeight: '100dvh' }}>
      <form className="panel pb" style={{ width: 'min(340px, 92vw)', display: 'grid', gap: 14 }} onSubmit={(event) => void submit(event)}>
        <h1 className="row">
          <Logo /> Busbar
        </h1>
        <TextInput
          label={words.name}
          value={name}
          autoComplete="username"
          autoFocus
          required
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={words.password}
          value={password}
          autoComplete="current-password"
          required
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {problem !== '' && (
          <p className="note bad" role="alert">
            {problem}
          </p>
        )}
        <Button type="submit" variant="filled" size="xs">
          {words.signIn}
        </Button>
        {ways?.oidc === true ? (
          <Button component="a" href={urlOf('/session/oidc', undefined, undefined)} size="xs">
            {words.signInElsewhere}
          </Button>
        ) : (
          <p className="s dim">{words.signInHint}</p>
        )}
      </form>
    </main>
  );
}
