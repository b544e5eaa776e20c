import type { Station } from '@busbar/api';
import { useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';

export type StationView = Static<typeof Station>;
export interface OfStation {
  readonly station: StationView;
}

/** Reads everything about the station anew. */
export function useAgain(stationId: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['station', stationId] });
}
