import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from '../api/client.ts';
import { useWords } from '../words/language.ts';
import { designWords } from './design-words.ts';

/** What a page adds to a query: nothing for the first one. */
type Cursor = Readonly<Record<string, string>>;

interface Pages<Row> {
  /** Of all pages so far; empty until the first one is there. */
  readonly rows: readonly Row[];
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly again: () => void;
  /** Undefined on the last page. */
  readonly more: (() => void) | undefined;
}

/** A list page by page, as `Link` headers lead on. */
export function usePages<Row>(
  queryKey: readonly unknown[],
  ask: (cursor: Cursor) => Promise<Page<readonly Row[]>>,
  { refetchInterval = false }: { readonly refetchInterval?: number | false } = {},
): Pages<Row> {
  const { data, error, isPending, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey,
    initialPageParam: '',
    queryFn: ({ pageParam }) => ask(Object.fromEntries(new URLSearchParams(pageParam))),
    getNextPageParam: ({ next }) => next,
    refetchInterval,
  });
  return {
    rows: data?.pages.flatMap(({ body }) => body) ?? [],
    isPending,
    error,
    again: () => void refetch(),
    more: hasNextPage ? () => void fetchNextPage() : undefined,
  };
}

/** The button below a list; nothing on the last page. */
export function More({ more, inPanel = false }: { readonly more: (() => void) | undefined; readonly inPanel?: boolean }) {
  const words = useWords(designWords);
  if (more === undefined) return null;
  return (
    <div className={inPanel ? 'pb' : undefined}>
      <Button onClick={more}>{words.more}</Button>
    </div>
  );
}
