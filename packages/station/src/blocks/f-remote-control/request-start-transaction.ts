import type { Ocpp } from '@busbar/protocol';
import { AuthCtrlr } from '@busbar/protocol/device-model';
import { handler } from '../../handler.ts';
import type { Life } from '../../life.ts';
import { authorizationOf } from '../c-authorization/token-presented.ts';
import type { Session } from '../e-transactions/session.ts';

/** F01, F02: the CSMS lets a driver charge. With AuthorizeRemoteStart his token is checked like one shown on the spot. */
export const RequestStartTransaction = handler('RequestStartTransaction', (request, life) => {
  const { registration } = life;
  if (registration.state !== 'accepted') return { response: { status: 'Rejected', statusInfo: { reasonCode: 'NotEnabled' } } }; // B02.FR.05
  const session = choose(request, life);
  if (!session) return { response: { status: 'Rejected', statusInfo: { reasonCode: 'NotAvailable' } } };
  const { transaction } = session;
  return {
    // F01.FR.13: a transaction that nobody is authorized for yet is the one.
    response: { status: 'Accepted', ...(transaction === undefined ? {} : { transactionId: transaction.id }) },
    after: () => start(request, session.evseId, life),
  };
});

/** F01.FR.20, F02.FR.22: where a vehicle waits, else where there is room. */
function choose({ evseId, idToken }: Ocpp.RequestStartTransactionRequest, { context, sessions, mayStart }: Life): Session | undefined {
  const free = (session: Session): boolean =>
    mayStart(session.evseId) && // F01.FR.23, F02.FR.25
    session.authorization === undefined && // F01.FR.24, F02.FR.26
    (session.transaction?.idToken === undefined || session.transaction.idToken.idToken === idToken.idToken); // C01.FR.23
  const all = context.layout.evses.map((evse) => sessions.get(evse.id));
  if (evseId !== undefined) return all.find((session) => session.evseId === evseId && free(session));
  return all.find((session) => free(session) && session.connectorId !== undefined) ?? all.find(free);
}

function start(request: Ocpp.RequestStartTransactionRequest, evseId: number, life: Life): void {
  const { context, sessions, authorizer } = life;
  context.scope.run('remote start', async () => {
    const { idToken, groupIdToken, remoteStartId } = request; // F01.FR.04, F02.FR.12; a profile is ignored without smart charging (D14)
    const asks = context.dm.bool(AuthCtrlr.AuthorizeRemoteStart); // F01.FR.01, F02.FR.09, else F01.FR.02, F02.FR.10
    const verdict = asks
      ? await authorizer.decide(idToken) // Central tokens are never asked for (C05.FR.01)
      : ({ kind: 'accepted', info: { status: 'Accepted' }, source: 'free' } as const);
    if (context.scope.closed || verdict.kind === 'refused' || sessions.get(evseId).authorization) {
      context.note(`remote start ${remoteStartId} came to nothing`);
      return;
    }
    const authorization = authorizationOf(idToken, verdict, context.clock.now());
    const group = authorization.groupIdToken ?? groupIdToken;
    sessions.post(evseId, {
      kind: 'authorized',
      authorization: { ...authorization, via: 'remote', remoteStartId, ...(group === undefined ? {} : { groupIdToken: group }) },
    });
  });
}
