import { randomUUID } from 'node:crypto';
import { messageOf } from '@busbar/runtime';
import { percentile } from '../measure/percentile.ts';
import type { Credentials } from './fleet.ts';
import { transactionEvent } from './hot-event.ts';
import { LoadStation } from './station.ts';

export interface StormResult {
  /** From the beginning of the TCP connection to the boot's answer. */
  readonly bootP50Ms: number;
  readonly bootP99Ms: number;
  readonly bootMaxMs: number;
  /** Until the last station had delivered everything. */
  readonly allMs: number;
  readonly delivered: number;
  /** Why some did not, each reason once with its count. */
  readonly failures: Readonly<Record<string, number>>;
}

/** The power is back: all at once, none waits for another. Each boots, tells its status and delivers what it did offline. */
export async function storm(port: number, stations: readonly Credentials[]): Promise<StormResult> {
  const boots: number[] = [];
  const failures = new Map<string, number>();
  const from = performance.now();
  let delivered = 0;
  const loads = stations.map(({ id, password }) => new LoadStation({ id, password, port }));
  await Promise.all(
    loads.map(async (station) => {
      const began = performance.now();
      try {
        await station.connect();
        await station.boot();
        boots.push(performance.now() - began);
        await deliver(station);
        delivered += 1;
      } catch (error) {
        const reason = messageOf(error).replaceAll(station.id, 'ID');
        failures.set(reason, (failures.get(reason) ?? 0) + 1);
      }
    }),
  );
  const allMs = performance.now() - from;
  for (const station of loads) station.close();
  const at = (share: number): number => percentile(boots, share);
  return { bootP50Ms: at(0.5), bootP99Ms: at(0.99), bootMaxMs: at(1), allMs, delivered, failures: Object.fromEntries(failures) };
}

/** Events of the transaction each delivers. */
export const OFFLINE_EVENTS = 4;

async function deliver(station: LoadStation): Promise<void> {
  const status = { timestamp: '2026-05-04T10:00:00Z', connectorStatus: 'Available', evseId: 1, connectorId: 1 };
  await station.call('StatusNotification', status);
  const txid = randomUUID();
  for (let seqNo = 0; seqNo < OFFLINE_EVENTS; seqNo += 1) {
    const kind = seqNo === 0 ? 'Started' : seqNo === OFFLINE_EVENTS - 1 ? 'Ended' : 'Updated';
    await station.call('TransactionEvent', { ...transactionEvent(txid, seqNo, kind), offline: true });
  }
}
