import type { Ocpp } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';

export const T0 = 1_800_000_000_000;
export const minutes = (n: number): number => T0 + n * 60_000;

type Over = Partial<Ocpp.TransactionEventRequest> & {
  readonly at?: number;
  readonly wh?: number;
  readonly txid?: string;
  readonly info?: Partial<Ocpp.TransactionType>;
};

/** A TransactionEvent in the middle of nowhere: its seqNo is also its minute. */
export function event(
  eventType: Ocpp.TransactionEventEnumType,
  seqNo: number,
  { at, wh, txid, info, ...over }: Over = {},
): Ocpp.TransactionEventRequest {
  const timestamp = formatInstant(at ?? minutes(seqNo));
  const context = eventType === 'Started' ? 'Transaction.Begin' : eventType === 'Ended' ? 'Transaction.End' : 'Sample.Periodic';
  return {
    eventType,
    timestamp,
    triggerReason: eventType === 'Started' ? 'Authorized' : eventType === 'Ended' ? 'StopAuthorized' : 'MeterValuePeriodic',
    seqNo,
    transactionInfo: { transactionId: txid ?? 'tx-1', ...info },
    ...(wh === undefined
      ? {}
      : { meterValue: [{ timestamp, sampledValue: [{ value: wh, measurand: 'Energy.Active.Import.Register', context }] }] }),
    ...over,
  };
}

/** A whole session: seqNo 0 to n, 100.5 Wh a minute from 1,000 Wh on. */
export function session(n: number, txid = 'tx-1'): Ocpp.TransactionEventRequest[] {
  return Array.from({ length: n + 1 }, (_, seqNo) =>
    event(seqNo === 0 ? 'Started' : seqNo === n ? 'Ended' : 'Updated', seqNo, {
      wh: 1000 + seqNo * 100.5,
      txid,
      ...(seqNo === 0 ? { evse: { id: 1, connectorId: 1 } } : {}),
    }),
  );
}
