import type { ChargeDetailRecord } from './cdr.ts';

type Cell = string | number | null;

/** Columns by name. `foreign` ones hold what stations or drivers chose. */
const COLUMNS: readonly (readonly [name: string, of: (cdr: ChargeDetailRecord) => Cell, foreign?: 'foreign'])[] = [
  ['stationId', (cdr) => cdr.stationId, 'foreign'],
  ['transactionId', (cdr) => cdr.transactionId, 'foreign'],
  ['generation', (cdr) => cdr.generation],
  ['evseId', (cdr) => cdr.evseId],
  ['connectorId', (cdr) => cdr.connectorId],
  ['site', (cdr) => cdr.site],
  ['zone', (cdr) => cdr.zone],
  ['startedAt', (cdr) => cdr.startedAt],
  ['endedAt', (cdr) => cdr.endedAt],
  ['startedAtLocal', (cdr) => cdr.startedAtLocal],
  ['endedAtLocal', (cdr) => cdr.endedAtLocal],
  ['idToken', (cdr) => cdr.idToken, 'foreign'],
  ['idTokenType', (cdr) => cdr.idTokenType, 'foreign'],
  ['group', (cdr) => cdr.group, 'foreign'],
  ['energyWh', (cdr) => cdr.energyWh],
  ['energyKWh', (cdr) => cdr.energyKWh],
  ['durationS', (cdr) => cdr.durationS],
  ['idleS', (cdr) => cdr.idleS],
  ['bill', (cdr) => cdr.bill],
  ['completeness', (cdr) => cdr.completeness],
  ['reason', (cdr) => cdr.reason, 'foreign'],
  ['stoppedReason', (cdr) => cdr.stoppedReason],
  ['anomalies', (cdr) => cdr.anomalies.join(' ')],
  ['missingSeqNos', (cdr) => cdr.missingSeqNos],
  ['tariff', (cdr) => cdr.tariff?.id ?? null],
  ['tariffVersion', (cdr) => cdr.tariff?.version ?? null],
  ['currency', (cdr) => cdr.currency],
  ['energyCost', (cdr) => cdr.sums.energy],
  ['timeCost', (cdr) => cdr.sums.time],
  ['sessionFee', (cdr) => cdr.sums.session],
  ['idleFee', (cdr) => cdr.sums.idle],
  ['vat', (cdr) => cdr.sums.vat],
  ['total', (cdr) => cdr.total],
  ['cursor', (cdr) => cdr.cursor],
];

/** RFC 4180: quoted where it must be. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** A spreadsheet would run such a text as a formula. */
const defused = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const line = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

export const csvHeader = (): string => line(COLUMNS.map(([name]) => name));

/** One record as a line; what is not known is empty. */
export const csvLine = (cdr: ChargeDetailRecord): string =>
  line(
    COLUMNS.map(([, of, foreign]) => {
      const cell = of(cdr);
      const text = cell === null ? '' : String(cell);
      return foreign === undefined ? text : defused(text);
    }),
  );
