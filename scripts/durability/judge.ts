// What the clients have been told is stored, against what the CSMS can show: by REST, so that any engine below is judged alike.
import type { SpawnedCsms } from '../../packages/cli/src/spawn.ts';
import { EVENTS_EACH, type Fleet } from './fleet.ts';

export interface Verdict {
  readonly transactions: number;
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly billsWrong: readonly string[];
}

const ENERGY_WH = (EVENTS_EACH - 1) * 100.5;

export async function judge(csms: SpawnedCsms, fleet: Fleet): Promise<Verdict> {
  const transactions = new Map<string, { station: string; txid: string; seqs: number[] }>();
  for (const { station, txid, seq } of fleet.clients.flatMap(({ acknowledged }) => acknowledged)) {
    const known = transactions.get(txid) ?? { station, txid, seqs: [] };
    known.seqs.push(seq);
    transactions.set(txid, known);
  }
  const verdict = { lost: new Array<string>(), doubled: new Array<string>(), billsWrong: new Array<string>() };
  for (const { station, txid, seqs } of transactions.values()) {
    const stored = (await eventsOf(csms, station, txid)).map(({ event }) => event.seqNo);
    for (const seq of seqs) if (!stored.includes(seq)) verdict.lost.push(`${txid} ${seq}`);
    if (new Set(stored).size !== stored.length) verdict.doubled.push(txid);
    if (seqs.length === EVENTS_EACH) {
      const bill = await billOf(csms, station, txid);
      if (bill !== `final complete ${ENERGY_WH} `) verdict.billsWrong.push(`${txid}: ${bill}`);
    }
  }
  return { transactions: transactions.size, acknowledged: fleet.acknowledged, ...verdict };
}

async function eventsOf(csms: SpawnedCsms, station: string, txid: string): Promise<readonly { event: { seqNo: number } }[]> {
  try {
    return (await csms.api('GET', `/transactions/${station}/${txid}/events`)) as { event: { seqNo: number } }[];
  } catch {
    return []; // not there: every event of it is lost
  }
}

async function billOf(csms: SpawnedCsms, station: string, txid: string): Promise<string> {
  const { bill, completeness, energyWh, anomalies } = (await csms.api('GET', `/transactions/${station}/${txid}`)) as {
    bill: string;
    completeness: string;
    energyWh: number;
    anomalies: string[];
  };
  return `${bill} ${completeness} ${energyWh} ${anomalies.join()}`;
}
