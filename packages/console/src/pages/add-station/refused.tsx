import type { RefusedHandshake } from '@busbar/api';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Ago } from '../../design/figures.tsx';
import { stream } from '../../live/stream.ts';
import { useWords } from '../../words/language.ts';
import { addWords } from './add-words.ts';
import { freshPassword, keepPassword } from './fresh-passwords.ts';
import { looksAlike } from './looks-alike.ts';

export type RefusedEntry = Static<typeof RefusedHandshake>;

/** Refused handshakes under this id or one like it; live. */
export function useAlike(stationId: string): readonly RefusedEntry[] {
  const client = useQueryClient();
  const { data = [] } = useQuery({ queryKey: ['refused'], queryFn: () => api.get('/refused-handshakes') });
  useEffect(() => stream.on('handshake', () => void client.invalidateQueries({ queryKey: ['refused'] })), [client]);
  return data.filter((entry) => looksAlike(stationId, entry.stationId));
}

export function Refused({ stationId, refused }: { stationId: string; refused: readonly RefusedEntry[] }) {
  const words = useWords(addWords);
  const client = useQueryClient();
  const may = useMay('installer');
  const [question, ask] = useState<Question | undefined>();
  const [made, setMade] = useState('');
  const params = { stationId };
  const setNew = async (): Promise<void> => {
    keepPassword(stationId, await api.put('/stations/:stationId/password', { params, body: {} }));
    setMade(freshPassword(stationId) ?? '');
  };
  const take = async (remoteAddress: string): Promise<void> => {
    await api.post('/stations/:stationId/take-password', { params, body: { remoteAddress } });
    await client.invalidateQueries({ queryKey: ['refused'] });
  };
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.refused}</h2>
      </div>
      {made !== '' && (
        <p className="pb">
          {words.newIs} <b className="mono">{made}</b>
        </p>
      )}
      {refused.length === 0 && <p className="pb dim">{words.noneRefused}</p>}
      {refused.map((entry) => (
        <article key={`${entry.stationId} ${entry.remoteAddress} ${entry.status} ${entry.reason}`} className="pb row between refused">
          <div>
            <div>
              <b>{entry.reason}</b> <span className="tag bad">{entry.status === 0 ? 'TLS' : `HTTP ${entry.status}`}</span>{' '}
              <span className="s dim">
                {entry.stationId}, {entry.remoteAddress}, <Ago at={entry.at} />, {words.times(entry.times)}
              </span>
            </div>
            <p className="s">{why(words, stationId, entry)}</p>
          </div>
          <div className="stack" style={{ gap: 6 }}>
            {entry.passwordOffered && (
              <Button
                variant="filled"
                disabled={!may}
                onClick={() => ask({ ...words.takeAsk(stationId, entry.remoteAddress), run: () => take(entry.remoteAddress) })}
              >
                {words.take}
              </Button>
            )}
            {entry.status === 401 && entry.stationId === stationId && (
              <Button disabled={!may} onClick={() => void setNew()}>
                {words.setNew}
              </Button>
            )}
            {entry.status === 404 && entry.stationId !== stationId && entry.stationId !== '' && (
              <Link to="/fleet/add" search={{ id: entry.stationId }}>
                {words.addOther(entry.stationId)}
              </Link>
            )}
          </div>
        </article>
      ))}
      <Ask question={question} close={() => ask(undefined)} />
    </section>
  );
}

function why(words: (typeof addWords)['en'], stationId: string, { status, stationId: named, reason }: RefusedEntry): string {
  if (reason.includes('subprotocol')) return words.noSubprotocol;
  if (status === 401 && named === stationId && reason.includes('password')) return words.wrongPassword;
  return named === stationId ? words.other : words.unknownId;
}
