import { Button } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { type Secret, ShownOnce } from '../../design/shown-once.tsx';
import { useWords } from '../../words/language.ts';
import { adminWords } from './admin-words.ts';
import type { OfStation } from './station-view.ts';

export function Password({ station: { id, connected } }: OfStation) {
  const words = useWords(adminWords);
  const may = useMay('installer');
  const [question, ask] = useState<Question | undefined>();
  const [secret, setSecret] = useState<Secret | undefined>();
  const [said, say] = useState('');
  const params = { stationId: id };
  const show = (value: string | undefined): void => {
    if (value !== undefined) setSecret({ title: words.passwordTitle(id), text: words.passwordText, value });
  };
  const change = async (): Promise<void> => {
    const { status, password } = await api.post('/stations/:stationId/password', { params, body: {} });
    say(words.changeAnswered(status));
    show(password);
  };
  const set = async (): Promise<void> => show((await api.put('/stations/:stationId/password', { params, body: {} })).password);
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.password}</h2>
      </div>
      <div className="pb" style={{ display: 'grid', gap: 8 }}>
        <Button disabled={!may || !connected} onClick={() => ask({ ...words.askChange(id), run: change })}>
          {words.change}
        </Button>
        <Button disabled={!may} onClick={() => ask({ ...words.askSet(id), danger: true, run: set })}>
          {words.setPassword}
        </Button>
        <p className="s dim" role="status">
          {said === '' ? words.changeText : said}
        </p>
      </div>
      <Ask question={question} close={() => ask(undefined)} />
      <ShownOnce secret={secret} close={() => setSecret(undefined)} />
    </section>
  );
}
