import type { Ocpp } from '@busbar/protocol';
import { gapSeen } from '../../ledger/bill.ts';
import { parse, print } from '../../ledger/ranges.ts';
import type { Anomaly, Bill, FactState, TxRow } from '../../ledger/row.ts';
import type { Row, SqlValue } from '../sql.ts';
import { json, num, numOrNull, text, textOrNull } from './columns.ts';

interface Detail {
  readonly bs?: 1;
  readonly tok?: Ocpp.IdTokenType;
  readonly why?: Ocpp.ReasonEnumType;
  readonly rs?: number;
  readonly rv?: number;
  readonly an?: readonly Anomaly[];
  readonly facts?: FactState;
}

/** Column values in the order of TX_COLUMNS. */
export function txValues(row: TxRow, { bill }: Bill, noFacts: FactState): SqlValue[] {
  const detail: Detail = {
    ...(row.beginFromStarted ? { bs: 1 } : {}),
    ...(row.idToken === null ? {} : { tok: row.idToken }),
    ...(row.stoppedReason === null ? {} : { why: row.stoppedReason }),
    ...(row.remoteStartId === null ? {} : { rs: row.remoteStartId }),
    ...(row.reservationId === null ? {} : { rv: row.reservationId }),
    ...(row.anomalies.length === 0 ? {} : { an: row.anomalies }),
    ...(row.facts === noFacts ? {} : { facts: row.facts }),
  };
  return [
    row.state,
    row.startedAt,
    row.endedAt,
    row.firstSeq,
    row.lastSeq,
    print(row.ranges),
    row.events,
    row.lastAt,
    row.evse,
    row.connector,
    row.chargingState,
    row.beginMWh,
    row.lastMWh,
    row.forwardMWh,
    row.powerW,
    row.socPercent,
    JSON.stringify(detail),
    bill === 'final' ? 1 : 0,
    gapSeen(row) ? 1 : 0,
  ];
}

/** In the order of `txValues`. */
export const TX_COLUMNS =
  'state, started_at, ended_at, seq_first, seq_last, ranges, n, last_at, evse, connector, charging_state, begin_mwh, last_mwh, forward_mwh, power, soc, detail, final, gap';
/** What a new transaction has besides. */
export const TX_KEY_COLUMNS = 'station, txid, generation, created_at';
/** Of tx_event and tx_event_conflict alike. */
export const EVENT_COLUMNS = 'tx, seq, at, received_at, kind, trig, evse, connector, charging, hash, samples, rest';

export function toTxRow(row: Row, noFacts: FactState): TxRow {
  const detail = json<Detail>(row, 'detail');
  return {
    generation: num(row, 'generation'),
    state: text(row, 'state') === 'ended' ? 'ended' : 'active',
    startedAt: numOrNull(row, 'started_at'),
    endedAt: numOrNull(row, 'ended_at'),
    firstSeq: numOrNull(row, 'seq_first'),
    lastSeq: numOrNull(row, 'seq_last'),
    ranges: parse(text(row, 'ranges')),
    events: num(row, 'n'),
    lastAt: num(row, 'last_at'),
    evse: numOrNull(row, 'evse'),
    connector: numOrNull(row, 'connector'),
    chargingState: chargingState(textOrNull(row, 'charging_state')),
    beginMWh: numOrNull(row, 'begin_mwh'),
    beginFromStarted: detail.bs === 1,
    lastMWh: numOrNull(row, 'last_mwh'),
    forwardMWh: num(row, 'forward_mwh'),
    powerW: numOrNull(row, 'power'),
    socPercent: numOrNull(row, 'soc'),
    idToken: detail.tok ?? null,
    stoppedReason: detail.why ?? null,
    remoteStartId: detail.rs ?? null,
    reservationId: detail.rv ?? null,
    anomalies: detail.an ?? [],
    facts: detail.facts ?? noFacts,
  };
}

const CHARGING_STATES = ['EVConnected', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Idle'] as const;
const chargingState = (name: string | null): Ocpp.ChargingStateEnumType | null => CHARGING_STATES.find((known) => known === name) ?? null;
