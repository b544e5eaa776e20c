import { useLocalStorage } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { stream } from '../../live/stream.ts';

/** One that ended longer ago is history. */
const RECENT_MS = 3_600_000;

/** The job of the house that runs, or ended last; it lives on the server, so it is there after a reload. Hidden ones stay hidden. */
export function useLastJob(): readonly [bulkId: string | undefined, show: (bulkId: string) => void, hide: () => void] {
  const client = useQueryClient();
  const [hidden, setHidden] = useLocalStorage({ key: 'busbar.hiddenJob', defaultValue: '' });
  const { data: last } = useQuery({
    queryKey: ['bulk', 'last'],
    queryFn: async () => (await api.get('/bulk', { query: { limit: 1 } }))[0] ?? null,
    retry: false,
  });
  useEffect(
    () => stream.on('bulk', (event) => event.stationId === '' && void client.invalidateQueries({ queryKey: ['bulk', 'last'] })),
    [client],
  );
  const isRecent = last != null && (last.endedAt === null || Date.now() - Date.parse(last.endedAt) < RECENT_MS);
  const shown = isRecent && last.bulkId !== hidden ? last.bulkId : undefined;
  return [
    shown,
    (bulkId) => {
      if (bulkId === hidden) setHidden('');
      void client.invalidateQueries({ queryKey: ['bulk', 'last'] });
    },
    () => setHidden(last?.bulkId ?? ''),
  ];
}
