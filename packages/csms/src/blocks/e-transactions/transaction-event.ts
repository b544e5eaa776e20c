import type { Ocpp } from '@busbar/protocol';
import { type Context, type Decision, type Handler, loadingHandler, type Services } from '../../handler.ts';
import type { Intent, Outcome, StationRecord, StoredAuthorization } from '../../store/intents.ts';
import { totalCostOf } from '../i-tariff-cost/prices.ts';

interface View {
  readonly info: Ocpp.IdTokenInfoType | undefined;
  readonly unavailable: boolean;
  readonly toStore: StoredAuthorization | undefined;
}

/**
 * E01–E14: every event is stored before it is answered, whatever is wrong with it. An idToken in it is answered with its
 * idTokenInfo, also in late and repeated events (E01.FR.11, E01.FR.12, D8): the decision is made once per transaction and token.
 */
const withToken = loadingHandler('TransactionEvent', load, decide);

export const transactionEvent: Handler<'TransactionEvent'> = (request, context, services) =>
  request.idToken === undefined && request.transactionInfo.remoteStartId === undefined
    ? decide(request, context, { info: undefined, unavailable: false, toStore: undefined })
    : withToken(request, context, services);

async function load(request: Ocpp.TransactionEventRequest, { station }: Context, { read, authorizer }: Services): Promise<View> {
  const { record } = station;
  const txid = request.transactionInfo.transactionId;
  const { idToken } = request;
  if (idToken === undefined) return { info: undefined, unavailable: false, toStore: undefined };
  const decided = await read.authorization(record.row, txid, idToken.type, idToken.idToken);
  if (decided !== undefined) return { info: decided, unavailable: false, toStore: undefined };
  const central = await startedByUs(request, idToken, record.row, read);
  const { info, unavailable } = central
    ? { info: central, unavailable: false }
    : await authorizer.decide(record, idToken, request.evse?.id);
  return { info, unavailable, toStore: { type: idToken.type, idToken: idToken.idToken, info } };
}

/** C05: an id of type Central was made by the CSMS for a driver without one; our own RequestStart is what makes it good. */
async function startedByUs(
  request: Ocpp.TransactionEventRequest,
  idToken: Ocpp.IdTokenType,
  station: number,
  read: Services['read'],
): Promise<Ocpp.IdTokenInfoType | undefined> {
  const { remoteStartId } = request.transactionInfo;
  if (idToken.type !== 'Central' || remoteStartId === undefined) return undefined;
  const command = await read.commandByRemoteStart(station, remoteStartId);
  if (command === undefined) return undefined;
  const asked: Ocpp.RequestStartTransactionRequest = JSON.parse(command.request);
  return asked.idToken.idToken === idToken.idToken && asked.idToken.type === 'Central' ? { status: 'Accepted' } : undefined;
}

function decide(
  request: Ocpp.TransactionEventRequest,
  { station, now }: Context,
  { info, unavailable, toStore }: View,
): Decision<'TransactionEvent'> {
  const row = station.record.row;
  const intents: Intent[] = [
    { k: 'txEvent', station: row, receivedAt: now, request, ...(toStore === undefined ? {} : { authorization: toStore }) },
  ];
  if (unavailable) intents.push({ k: 'anomaly', station: row, anomaly: 'authorizeUnavailable', at: now });
  const response = info === undefined ? {} : { idTokenInfo: info };
  // I03.FR.02; I02.FR.01 where this station is set to hear the running cost this way (D25).
  const tellsCost = request.eventType === 'Ended' || (request.eventType === 'Updated' && station.settings.runningCost === 'answer');
  return tellsCost ? { response, intents, finish: withCost(station.record) } : { response, intents };
}

/** I03.FR.02, I03.FR.04: 0 means free; without a tariff, or without a total, nothing is said. Late and repeated events are told too. */
const withCost =
  (station: StationRecord) =>
  async (
    response: Ocpp.TransactionEventResponse,
    outcomes: readonly Outcome[],
    { prices }: Services,
  ): Promise<Ocpp.TransactionEventResponse> => {
    const [outcome] = outcomes;
    if (outcome?.tx === undefined || !prices.any) return response;
    const cost = await prices.cost(station, outcome.tx);
    const totalCost = cost === undefined ? undefined : totalCostOf(cost);
    return totalCost === undefined ? response : { ...response, totalCost };
  };
