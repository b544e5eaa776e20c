import type { Ocpp } from '@busbar/protocol';
import { TxCtrlr } from '@busbar/protocol/device-model';
import type { JournalChange } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put } from '../../memory.ts';
import type { AuthorizationCache } from '../c-authorization/authorization-cache.ts';
import { sameToken } from '../c-authorization/authorize.ts';
import type { CostDisplay } from '../i-tariff-cost/cost-display.ts';
import type { Metering } from '../j-meter-values/metering.ts';
import type { Answered } from './event-queue.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** What the CSMS says about a token in the answer to an event: remembered, and acted upon while the transaction runs (E05, C15). */
export function transactionEventAnswer(
  context: Context,
  cache: AuthorizationCache,
  metering: Metering,
  costs: CostDisplay,
  sessions: () => Sessions,
): Answered {
  return (request, response) => {
    const told = (): void => costs.answered(request, response.totalCost);
    const { idToken } = request;
    const { idTokenInfo } = response;
    if (!idToken || !idTokenInfo) return { changes: [], after: told };
    const changes: JournalChange[] = [...cache.learn(idToken, idTokenInfo)]; // C10.FR.05, C12.FR.06
    const session = sessions().byTransaction(request.transactionInfo.transactionId);
    if (!session || !sameToken(session.authorization?.idToken, idToken)) return { changes, after: told };
    if (idTokenInfo.status === 'Accepted') return { changes: [...changes, ...group(session, idTokenInfo, sessions())], after: told };
    const act = (): void => {
      told();
      invalid(session.evseId, context, metering, sessions());
    };
    return { changes, after: act };
  };
}

/** The group of whoever charges, for those who may stop him (C09.FR.03). */
function group(session: Session, { groupIdToken }: Ocpp.IdTokenInfoType, sessions: Sessions): readonly JournalChange[] {
  const { authorization, transaction } = session;
  if (!groupIdToken || !authorization || !transaction) return [];
  const facts = { authorization: { ...authorization, groupIdToken }, transaction: { ...transaction, groupIdToken } };
  sessions.found(session.evseId, facts);
  return [put(keys.session(session.evseId), { ...session, ...facts })];
}

/** The matrix of StopTxOnInvalidId and MaxEnergyOnInvalidId (P72); TxStopPoint decides in the reducer. */
function invalid(evseId: number, context: Context, metering: Metering, sessions: Sessions): void {
  const { transaction, authorization } = sessions.get(evseId);
  if (!transaction || !authorization) return;
  if (context.dm.bool(TxCtrlr.StopTxOnInvalidId)) return sessions.post(evseId, { kind: 'deauthorized' }); // E05.FR.09, E05.FR.10, C15.FR.03, C15.FR.04
  const allowedToMWh = (transaction.startMWh ?? 0) + context.dm.number(TxCtrlr.MaxEnergyOnInvalidId) * 1000;
  const used = evseId > 0 && metering.read(evseId).importMWh >= allowedToMWh;
  if (used || context.dm.number(TxCtrlr.MaxEnergyOnInvalidId) === 0) return sessions.post(evseId, { kind: 'invalidated' }); // E05.FR.02, C15.FR.06
  sessions.post(evseId, { kind: 'invalidated', allowedToMWh }); // E05.FR.03, C15.FR.07
  sessions.watchRegister(evseId);
}
