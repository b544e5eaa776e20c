import type { Role } from '@busbar/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client.ts';

export const ROLES: readonly Role[] = ['viewer', 'installer', 'operator', 'admin'];

/** Who is signed in; a page hides nothing, it says which role a button needs. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: () => api.get('/session'), staleTime: 60_000, retry: false });
}

export function useMay(role: Role): boolean {
  const { data } = useMe();
  return data !== undefined && ROLES.indexOf(data.role) >= ROLES.indexOf(role);
}

export function useForgetMe(): () => void {
  const client = useQueryClient();
  return () => client.clear();
}
