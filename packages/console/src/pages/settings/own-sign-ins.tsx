import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { Failed } from '../../design/failed.tsx';
import { useWords } from '../../words/language.ts';
import { SignIns } from '../users/people.tsx';
import { settingsWords } from './settings-words.ts';

export function OwnSignIns() {
  const words = useWords(settingsWords);
  const client = useQueryClient();
  const { data: me } = useMe();
  const { data, error } = useQuery({
    queryKey: ['own-sign-ins'],
    enabled: me?.kind === 'person',
    queryFn: () => api.get('/session/sign-ins'),
  });
  if (me?.kind !== 'person') return null;
  const end = async (): Promise<void> => {
    await api.delete('/session/sign-ins');
    await client.invalidateQueries({ queryKey: ['own-sign-ins'] });
  };
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.signIns}</h2>
      </div>
      <Failed error={error} />
      <div className="pb" style={{ display: 'grid', gap: 10 }}>
        {data !== undefined && <SignIns rows={data} />}
        <Button disabled={(data?.length ?? 0) < 2} onClick={() => void end()}>
          {words.signOutOthers}
        </Button>
      </div>
    </section>
  );
}
