import type { Role } from '@busbar/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client.ts';

export const ROLES: readonly Role[] = ['viewer', 'installer', 'operator', 'admin'];

/** Who is signed in; a page hides nothing, it says which role a button needs. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: () => api.get('/session'), staleTime: 60_000, retry: false });
}

/** `everywhere`: for what is of all sites, such as tokens and tariffs; who may see some sites only may not. */
export function useMay(role: Role, where: 'here' | 'everywhere' = 'here'): boolean {
  const { data } = useMe();
  return data !== undefined && ROLES.indexOf(data.role) >= ROLES.indexOf(role) && (where === 'here' || data.sites === null);
}

export function useForgetMe(): () => void {
  const client = useQueryClient();
  return () => client.clear();
}
