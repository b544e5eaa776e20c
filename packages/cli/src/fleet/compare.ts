import { Transaction } from '@busbar/api';
import { BusbarError } from '@busbar/runtime';
import { Value } from 'typebox/value';
import type { ApiClient } from '../api-client.ts';
import type { AcknowledgedTx } from './acknowledged.ts';

const AT_ONCE = 8;

export interface Totals {
  readonly transactions: number;
  readonly events: number;
  readonly energyWh: number;
}
export interface Compared {
  readonly csms: Totals;
  readonly differences: readonly string[];
}

/** Asks the CSMS for every transaction that the stations had acknowledged, and compares events, end and energy. */
export async function compare(api: ApiClient, told: readonly (readonly [station: string, tx: AcknowledgedTx])[]): Promise<Compared> {
  const differences: string[] = [];
  const totals = { transactions: 0, events: 0, energyMWh: 0 };
  const left = [...told];
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [station, tx] = next;
      const where = `${station} ${tx.transactionId}`;
      const path = `/transactions/${encodeURIComponent(station)}/${encodeURIComponent(tx.transactionId)}`;
      const { status, body } = await api.request('GET', path, { also: [404] });
      if (status === 404) {
        differences.push(`${where}: not there`);
        continue;
      }
      if (!Value.Check(Transaction, body)) throw new BusbarError('no-api', 'The answer is not what this version of Busbar expects.');
      const energyMWh = body.energyWh === null ? null : Math.round(body.energyWh * 1000);
      totals.transactions += 1;
      totals.events += body.events;
      totals.energyMWh += energyMWh ?? 0;
      if (body.events !== tx.seqNos.size) differences.push(`${where}: ${body.events} events, acknowledged ${tx.seqNos.size}`);
      if ((body.state === 'ended') !== tx.ended)
        differences.push(`${where}: ${body.state}, the station was ${tx.ended ? '' : 'not '}told of its end`);
      if (energyMWh !== tx.energyMWh) differences.push(`${where}: ${energyMWh} mWh, acknowledged ${tx.energyMWh} mWh`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { transactions, events, energyMWh } = totals;
  return { csms: { transactions, events, energyWh: energyMWh / 1000 }, differences: differences.toSorted() };
}
