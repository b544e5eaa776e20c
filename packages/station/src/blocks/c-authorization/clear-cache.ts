import { handler } from '../../handler.ts';

/** C11: empties the authorization cache; a cache that is switched off cannot be emptied. */
export const ClearCache = handler('ClearCache', (_request, { cache }) => {
  if (!cache.enabled) return { response: { status: 'Rejected' } }; // C11.FR.04
  return { response: { status: 'Accepted' }, commit: cache.clear() }; // C11.FR.01, C11.FR.03
});
