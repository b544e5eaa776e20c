import { maskToken } from '@busbar/runtime';
import { loadingHandler } from '../../handler.ts';

/** C01 and the others that ask by AuthorizeRequest: the token's own status, group, expiry and language (C09.FR.02, C01.FR.21). */
export const authorize = loadingHandler(
  'Authorize',
  ({ idToken }, { station }, { authorizer }) => authorizer.decide(station.record, idToken),
  ({ idToken }, { station, now }, { info, unavailable }) => ({
    response: { idTokenInfo: info },
    intents: unavailable ? [{ k: 'anomaly', station: station.record.row, anomaly: 'authorizeUnavailable', at: now }] : [],
    after: [{ run: 'tellAuthorize', idToken: maskToken(idToken.idToken), status: info.status, since: now }],
  }),
);
