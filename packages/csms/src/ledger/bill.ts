import { has, missing } from './ranges.ts';
import type { Anomaly, Bill, TxRow } from './row.ts';

/** Energy of a transaction in mWh (D7): its closing register minus its opening one; when that is negative, the sum of its forward steps. */
export function energyOf(row: TxRow): number | null {
  if (row.beginMWh === null || row.lastMWh === null) return null;
  const difference = row.lastMWh - row.beginMWh;
  return difference >= 0 ? difference : row.forwardMWh;
}

/** Two bodies share a number, or the counter restarted: then no number says anything about gaps (D6). */
const numbersMeanNothing = (row: TxRow): boolean => row.anomalies.includes('seqNoConflict') || row.anomalies.includes('seqNoRestarted');
/** More holes than are kept: that there are holes is certain, only their names are not known. */
const scattered = (row: TxRow): boolean => row.anomalies.includes('seqNoScattered');

/** SeqNos that should exist and were never seen; a number that came with an invalid event is present (D3). */
export function missingSeqNos(row: TxRow): readonly number[] | null {
  if (row.firstSeq === null || row.lastSeq === null || numbersMeanNothing(row) || scattered(row)) return null;
  const invalid = new Set(Object.values(row.facts.invalid));
  return missing(row.ranges, row.firstSeq, row.lastSeq).filter((seq) => !invalid.has(seq));
}

/**
 * Invalid events that hold the bill back. One whose seqNo has come valid meanwhile was repeated by its station and is told:
 * its raw frame stays and is shown, the bill does not wait for anybody.
 */
const waiting = (row: TxRow): number => Object.values(row.facts.invalid).filter((seq) => seq === null || !has(row.ranges, seq)).length;

/** A hole is visible: between known numbers, or because the beginning or the end is not there. Worth asking the station (D7). */
export function gapSeen(row: TxRow): boolean {
  const holes = row.ranges.length > 1 && !numbersMeanNothing(row);
  return holes || (row.endedAt !== null && row.startedAt === null);
}

/** Provisional or final, complete or honestly incomplete, and why, in words (D6–D8). */
export function billOf(row: TxRow): Bill {
  const holes = missingSeqNos(row);
  const invalid = waiting(row);
  const base = { energyMWh: energyOf(row), missingSeqNos: holes };
  const { closed, billTimeout, status } = row.facts;
  const noHoles = holes === null ? numbersMeanNothing(row) || !scattered(row) : holes.length === 0;
  const whole = row.startedAt !== null && row.endedAt !== null && invalid === 0 && noHoles;
  if (whole) {
    const why = holes === null ? 'started and ended; the seqNos of this station say nothing about gaps' : 'every event is here';
    return { ...base, bill: 'final', completeness: 'complete', closedBy: 'station', reason: why };
  }
  const lack = whatLacks(row, holes, invalid);
  const incomplete = { ...base, completeness: 'incomplete' } as const;
  if (closed !== null)
    return {
      ...incomplete,
      bill: 'final',
      closedBy: row.endedAt === null ? 'operator' : 'station',
      reason: `closed by ${closed.actor}: ${closed.reason}; ${lack}`,
    };
  if (billTimeout !== null)
    return {
      ...incomplete,
      bill: 'final',
      closedBy: row.endedAt === null ? 'billAfter' : 'station',
      reason: `no usable answer in time; ${lack}`,
    };
  // An Ended that is not here may still come while the station does not say that nothing goes on.
  const over = row.endedAt === null ? status?.ongoing === false : status?.ongoing !== true;
  if (status !== null && over && !status.messagesInQueue && invalid === 0) {
    return { ...incomplete, bill: 'final', closedBy: 'station', reason: `the station has nothing more to send; ${lack}` };
  }
  return { ...incomplete, bill: 'provisional', closedBy: row.endedAt === null ? null : 'station', reason: lack };
}

function whatLacks(row: TxRow, holes: readonly number[] | null, invalid: number): string {
  const parts: string[] = [];
  if (row.startedAt === null) parts.push('Started never came');
  if (row.endedAt === null) parts.push(row.facts.status?.ongoing === false ? 'Ended never came' : 'not ended yet');
  if (holes !== null && holes.length > 0) parts.push(`${holes.length} ${holes.length === 1 ? 'event' : 'events'} missing`);
  if (holes === null && scattered(row) && !numbersMeanNothing(row)) parts.push('events missing in more places than are counted');
  if (invalid > 0) parts.push(`${invalid} ${invalid === 1 ? 'event' : 'events'} not valid, to be repaired or discarded`);
  return parts.join(', ');
}

/** What an operator should look at. An invalid event counts until it is repaired or discarded (D3). */
export const anomaliesOf = (row: TxRow): readonly Anomaly[] =>
  Object.keys(row.facts.invalid).length === 0 ? row.anomalies : [...row.anomalies, 'invalidEvent' as const].sort();
