import { type Instant, limits } from '@busbar/runtime';
import type { Kernel } from '../../kernel.ts';
import type { TxRecord } from '../../store/store.ts';
import { type ChargeDetailRecord, chargeDetailRecord } from './cdr.ts';
import { idleMs } from './price.ts';

export interface CdrFilter {
  readonly station?: number;
  /** Of stations of these sites. */
  readonly sites?: readonly number[];
  /** Ended at or after, and before. */
  readonly since?: Instant;
  readonly until?: Instant;
  readonly cursor?: number;
  /** With those whose bill may still change. */
  readonly provisional?: boolean;
}

/** Charge detail records of ended transactions in the order in which these began to be known, page by page. */
export async function* exportCdrs(
  kernel: Kernel,
  { station, sites, since, until, cursor, provisional }: CdrFilter,
): AsyncGenerator<ChargeDetailRecord> {
  for (let afterId = cursor ?? 0; ; ) {
    const page = await kernel.read.transactions({
      afterId,
      limit: limits.pageSize,
      ...(station === undefined ? {} : { station }),
      ...(sites === undefined ? {} : { sites }),
      ...(since === undefined ? {} : { endedSince: since }),
      ...(until === undefined ? {} : { endedUntil: until }),
    });
    for (const record of page) if (belongs(record, provisional === true)) yield await cdrOf(kernel, record);
    const last = page.at(-1);
    if (last === undefined || page.length < limits.pageSize) return;
    afterId = last.id;
  }
}

/** One that an operator or time has closed is over, even if its Ended never came (D7). */
const belongs = ({ row, bill }: TxRecord, provisional: boolean): boolean => bill.bill === 'final' || (provisional && row.endedAt !== null);

async function cdrOf({ prices, stations }: Kernel, record: TxRecord): Promise<ChargeDetailRecord> {
  const site = prices.site(stations.byRow(record.station)?.record.site ?? 1);
  const place = { row: record.station, identity: record.identity, site: site.id };
  const cost = await prices.cost(place, record);
  const line = cost?.line ?? (await prices.timeline(record));
  return chargeDetailRecord({
    record,
    site,
    group: await prices.group(record.station, record.txid, record.row),
    line,
    idleMs: line === undefined ? undefined : idleMs(line.stretches),
    cost,
  });
}
