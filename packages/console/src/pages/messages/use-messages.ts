import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { api, type Page } from '../../api/client.ts';
import { stream } from '../../live/stream.ts';
import { isShown, type MessageFilter, merged, type Pair, queryOf } from './pairs.ts';

const PAGE = 60;
/** New ones that are counted; when more came meanwhile the list is read anew. */
const FRESH = 200;

const isPair = (one: object): one is Pair => 'violations' in one;
const pairsOf = (body: readonly object[]): readonly Pair[] => body.filter(isPair);

/** Pairs newest first, a page at a time; what came since waits until it is taken. */
export function useMessages(filter: MessageFilter) {
  const client = useQueryClient();
  // The span is that of the moment the filter was chosen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter by its content
  const query = useMemo(() => queryOf(filter, Date.now()), [JSON.stringify(filter)]);
  const queryKey = ['messages', query];
  const list = useInfiniteQuery({
    queryKey,
    initialPageParam: '',
    queryFn: async ({ pageParam }): Promise<Page<readonly Pair[]>> => {
      const { body, next } = await api.page('/messages', {
        query: { ...query, ...Object.fromEntries(new URLSearchParams(pageParam)), view: 'pairs', limit: PAGE },
      });
      return { body: pairsOf(body), next };
    },
    getNextPageParam: ({ next }) => next,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const all = list.data?.pages.flatMap(({ body }) => body) ?? [];
  const newest = all.find(({ at }) => at !== null)?.at ?? query.since;
  const { data: fresh = [], refetch } = useQuery({
    queryKey: ['messages', 'fresh', query, newest ?? ''],
    queryFn: async () =>
      pairsOf(
        await api.get('/messages', { query: { ...query, ...(newest == null ? {} : { since: newest }), view: 'pairs', limit: FRESH } }),
      ),
    enabled: list.isSuccess,
  });
  const { stationId } = filter;
  useEffect(() => {
    const look = (): void => void refetch();
    const forget = [
      stream.on('open', look),
      stream.on('messages', ({ stationIds }) => {
        if (stationId === undefined || stationIds === null || stationIds.includes(stationId)) look();
      }),
    ];
    return () => forget.forEach((one) => one());
  }, [stationId, refetch]);
  const whole = merged(all, fresh);
  const added = whole.slice(0, whole.length - all.length).filter((pair) => isShown(pair, filter)).length;
  const take = (): void => {
    if (fresh.length >= FRESH) return void client.resetQueries({ queryKey });
    client.setQueryData<InfiniteData<Page<readonly Pair[]>, string>>(queryKey, (before) => {
      const [first, ...rest] = before?.pages ?? [];
      return before === undefined || first === undefined
        ? before
        : { ...before, pages: [{ ...first, body: merged(first.body, fresh) }, ...rest] };
    });
  };
  // Answers that came to pairs that are shown stand where those are; only new rows wait.
  const known = whole.slice(whole.length - all.length);
  return { list, rows: known.filter((pair) => isShown(pair, filter)), added, take, query };
}
