import { routes, StoredEvent, Transaction, TransactionDetail } from '@busbar/api';
import { ApiClient } from './api-client.ts';
import { queryOf } from './api-options.ts';
import { type ApiSurroundings, card, type Listed, line, oneOf, part, rowsOf, short, showList, width } from './listing.ts';
import { printable, table } from './table.ts';

type Given = Listed & Readonly<Record<string, string | boolean | number | undefined>>;

const kWh = (wattHours: number | null): string => (wattHours === null ? '' : `${(wattHours / 1000).toFixed(3)} kWh`);
const kW = (watts: number | null): string => (watts === null ? '' : `${(watts / 1000).toFixed(2)} kW`);

export const listTransactions = (flags: Given, around: ApiSurroundings): Promise<void> =>
  showList(
    {
      path: '/transactions',
      query: queryOf(routes.listTransactions, flags),
      schema: Transaction,
      head: ['station', 'evse', 'transaction', 'started', 'state', 'energy', 'power', 'bill'],
      keep: [0, 2],
      row: (one) => [
        one.stationId,
        one.evseId === null ? '' : String(one.evseId),
        one.transactionId,
        short(one.startedAt),
        one.state === 'active' ? (one.chargingState ?? 'active') : (one.stoppedReason ?? 'ended'),
        kWh(one.energyWh),
        one.state === 'active' ? kW(one.powerW) : '',
        `${one.bill}, ${one.completeness}${one.completeness === 'complete' ? '' : `: ${one.reason}`}`,
      ],
      none: 'No transactions.\n',
      usual: 100,
    },
    flags,
    around,
  );

const pathOf = (station: string, transaction: string): string => `/transactions/${part(station)}/${part(transaction)}`;

export async function showTransaction(
  station: string,
  transaction: string,
  flags: Listed,
  { environment, write }: ApiSurroundings,
): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('GET', pathOf(station, transaction));
  if (flags.json) return write(line(body));
  const one = oneOf(TransactionDetail, body);
  const { verdict, missingSeqNos } = one;
  write(
    card([
      ['transaction', one.transactionId],
      ['station', `${one.stationId}, EVSE ${one.evseId ?? '?'}, connector ${one.connectorId ?? '?'}`],
      ['token', one.idToken === null ? null : `${one.idToken.idToken} (${one.idToken.type})`],
      ['started', short(one.startedAt)],
      ['ended', short(one.endedAt)],
      ['state', one.state === 'active' ? (one.chargingState ?? 'active') : (one.stoppedReason ?? 'ended')],
      ['why', `${verdict.code}, ${verdict.certainty}${verdict.clause === null ? '' : ` (${verdict.clause})`}`],
      ['energy', kWh(one.energyWh)],
      ['power', one.state === 'active' ? kW(one.powerW) : null],
      ['bill', `${one.bill}, ${one.completeness}${one.reason === '' ? '' : `: ${one.reason}`}`],
      ['cost', one.cost === null ? null : JSON.stringify(one.cost)],
      ['events', `${one.events}${missingSeqNos === null || missingSeqNos.length === 0 ? '' : `, missing ${missingSeqNos.join(', ')}`}`],
      ['anomalies', one.anomalies.join(', ')],
    ]),
  );
}

export async function transactionEvents(station: string, transaction: string, flags: Listed, around: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, around.environment).request('GET', `${pathOf(station, transaction)}/events`);
  if (flags.json) return around.write(line(body));
  const rows = rowsOf(StoredEvent, body).map(({ receivedAt, conflict, event }) => [
    String(event.seqNo),
    short(event.timestamp),
    short(receivedAt),
    event.eventType,
    event.triggerReason,
    event.transactionInfo.chargingState ?? '',
    [event.offline === true ? 'offline' : '', conflict ? 'conflict' : '', event.transactionInfo.stoppedReason ?? '']
      .filter(Boolean)
      .join(', '),
  ]);
  around.write(table(['seq', 'at', 'received', 'event', 'trigger', 'state', 'besides'], rows, { ...width(around), keep: [0] }));
}

export async function closeTransaction(
  station: string,
  transaction: string,
  flags: Given,
  { environment, write }: ApiSurroundings,
): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('POST', `${pathOf(station, transaction)}/close`, {
    body: { reason: String(flags['reason']) },
  });
  write(
    flags.json
      ? line(body ?? { closed: transaction })
      : `${printable(transaction)} of ${printable(station)} is closed with what is known.\n`,
  );
}
