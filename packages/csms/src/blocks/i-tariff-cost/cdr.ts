import type { Ocpp } from '@busbar/protocol';
import { formatInstant, type Instant } from '@busbar/runtime';
import { anomaliesOf } from '../../ledger/bill.ts';
import type { TxRecord } from '../../store/store.ts';
import type { SiteRecord } from '../../store/tariff-intents.ts';
import { type Micro, printDecimal } from './decimal.ts';
import { type Line, lineView } from './price.ts';
import type { Cost } from './prices.ts';
import type { Timeline } from './timeline.ts';
import { localTime } from './zone.ts';

type LineKind = Line['kind'];

/** Everything about one transaction that somebody who charges for it needs. Energy and money are exact decimals, as text. */
export interface ChargeDetailRecord {
  /** Its place in the export: `cursor` goes on behind it. */
  readonly cursor: number;
  readonly stationId: string;
  readonly transactionId: string;
  readonly generation: number;
  readonly evseId: number | null;
  readonly connectorId: number | null;
  readonly site: string;
  readonly zone: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly startedAtLocal: string | null;
  readonly endedAtLocal: string | null;
  readonly idToken: string | null;
  readonly idTokenType: string | null;
  readonly group: string | null;
  readonly energyWh: string | null;
  readonly energyKWh: string | null;
  readonly durationS: string | null;
  readonly idleS: string | null;
  readonly bill: 'provisional' | 'final';
  readonly completeness: 'complete' | 'incomplete';
  readonly reason: string;
  readonly stoppedReason: Ocpp.ReasonEnumType | null;
  readonly anomalies: readonly string[];
  /** How many events are missing; null when nobody can know. */
  readonly missingSeqNos: number | null;
  readonly tariff: { readonly id: string; readonly version: number } | null;
  readonly currency: string | null;
  readonly lines: readonly ReturnType<typeof lineView>[];
  readonly sums: Readonly<Record<LineKind, string | null>>;
  readonly total: string | null;
}

export interface CdrSource {
  readonly record: TxRecord;
  readonly site: SiteRecord;
  readonly group: string | undefined;
  /** Undefined when the events are past retention. */
  readonly line: Timeline | undefined;
  readonly idleMs: number | undefined;
  readonly cost: Cost | undefined;
}

export function chargeDetailRecord({ record, site, group, line, idleMs, cost }: CdrSource): ChargeDetailRecord {
  const { row, bill } = record;
  const local = (at: Instant | null): string | null => (at === null ? null : localTime(site.zone, at));
  const energy = (places: number): string | null => (bill.energyMWh === null ? null : printDecimal(BigInt(bill.energyMWh), places));
  return {
    cursor: record.id,
    stationId: record.identity,
    transactionId: record.txid,
    generation: row.generation,
    evseId: row.evse,
    connectorId: row.connector,
    site: site.name,
    zone: site.zone,
    startedAt: utc(row.startedAt),
    endedAt: utc(row.endedAt),
    startedAtLocal: local(row.startedAt),
    endedAtLocal: local(row.endedAt),
    idToken: row.idToken?.idToken ?? null,
    idTokenType: row.idToken?.type ?? null,
    group: group ?? null,
    energyWh: energy(3),
    energyKWh: energy(6),
    durationS: line === undefined ? null : seconds(line.to - line.from),
    idleS: idleMs === undefined ? null : seconds(idleMs),
    bill: bill.bill,
    completeness: bill.completeness,
    reason: bill.reason,
    stoppedReason: row.stoppedReason,
    anomalies: anomaliesOf(row),
    missingSeqNos: bill.missingSeqNos?.length ?? null,
    tariff: cost === undefined ? null : { id: cost.tariff.id, version: cost.tariff.version },
    currency: cost?.tariff.currency ?? null,
    lines: cost?.lines.map(lineView) ?? [],
    sums: sumsOf(cost),
    total: cost === undefined || cost.total === null ? null : printDecimal(cost.total),
  };
}

const utc = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
const seconds = (ms: number): string => printDecimal(BigInt(ms), 3);

/** What all lines of a kind come to; null when it is not known, or nothing has a price. */
function sumsOf(cost: Cost | undefined): Record<LineKind, string | null> {
  const sum = (kind: LineKind): string | null => {
    if (cost === undefined) return null;
    const amounts = cost.lines.filter((line) => line.kind === kind).map(({ amount }) => amount);
    const total = amounts.reduce<Micro | null>((all, amount) => (all === null || amount === null ? null : all + amount), 0n);
    return total === null ? null : printDecimal(total);
  };
  return { energy: sum('energy'), time: sum('time'), session: sum('session'), idle: sum('idle'), vat: sum('vat') };
}
