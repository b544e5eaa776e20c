import { formatInstant, type Instant } from '@busbar/runtime';
import { printDecimal } from '../blocks/i-tariff-cost/decimal.ts';
import { type SignedValue, worst } from '../blocks/j-meter-values/signed/signed-values.ts';
import type { CsmsConfig } from '../config.ts';
import { anomaliesOf } from '../ledger/bill.ts';
import type { LoggedMessage } from '../message-log.ts';
import type { Station } from '../stations.ts';
import type { CommandRecord, TokenInput } from '../store/intents.ts';
import type { ConnectorRecord, TxRecord } from '../store/store.ts';

const time = (at: Instant | null | undefined): string | null => (at === null || at === undefined ? null : formatInstant(at));

export const connectorView = ({ evse, connector, status, at }: ConnectorRecord) => ({
  evseId: evse,
  connectorId: connector,
  status,
  at: formatInstant(at),
});

export const leniencyView = ({ on, used }: Station['leniencies']) => ({ on: [...on], used: { ...used } });

export function stationView(
  { record, settings, session, lastSeen, leniencies, largeFrames }: Station,
  connectors: readonly ConnectorRecord[],
  { automations }: Pick<CsmsConfig, 'automations'>,
) {
  return {
    id: record.identity,
    serialNumber: record.serialNumber,
    securityProfile: record.securityProfile,
    linkSecurityProfile: session?.admission.securityProfile ?? null,
    acceptExpiredCertificate: settings.acceptExpiredCertificate === true,
    automations: { ...automations, ...settings.automations },
    runningCost: settings.runningCost ?? 'message',
    approval: record.approval,
    registration: record.registration,
    connected: session !== undefined,
    ocppVersion: session?.version ?? record.version,
    vendorName: record.vendorName,
    model: record.model,
    firmwareVersion: record.firmwareVersion,
    bootReason: record.bootReason,
    bootAt: time(record.bootAt),
    interval: record.interval,
    lastSeen: time(lastSeen ?? record.lastSeen),
    anomalies: [...record.anomalies],
    leniencies: leniencyView(leniencies),
    largeFrames,
    site: record.site,
    createdAt: formatInstant(record.createdAt),
    connectors: connectors.map(connectorView),
  };
}

/** mWh as Wh with at most three decimals; the division of an integer by 1000 prints exactly. */
export const wattHours = (mWh: number | null): number | null => (mWh === null ? null : mWh / 1000);

export function transactionView({ identity, txid, row, bill }: TxRecord) {
  const over = row.state === 'ended' || bill.bill === 'final';
  return {
    stationId: identity,
    transactionId: txid,
    generation: row.generation,
    state: over ? ('ended' as const) : ('active' as const),
    evseId: row.evse,
    connectorId: row.connector,
    idToken: row.idToken,
    startedAt: time(row.startedAt),
    endedAt: time(row.endedAt),
    energyWh: wattHours(bill.energyMWh),
    powerW: row.powerW,
    socPercent: row.socPercent,
    chargingState: row.chargingState,
    stoppedReason: row.stoppedReason,
    remoteStartId: row.remoteStartId,
    events: row.events,
    missingSeqNos: bill.missingSeqNos === null ? null : [...bill.missingSeqNos],
    bill: bill.bill,
    completeness: bill.completeness,
    closedBy: bill.closedBy,
    reason: bill.reason,
    anomalies: [...anomaliesOf(row)],
  };
}

const exactWh = (mWh: number): string => printDecimal(BigInt(mWh), 3);

/** Signed values with the worst verdict of all. */
export const signedView = (values: readonly SignedValue[]) => ({
  state: worst(values),
  values: values.map(({ register, ...value }) => ({
    ...value,
    register:
      register === null ? null : { signedWh: exactWh(register.signedMWh), plainWh: exactWh(register.plainMWh), same: register.same },
  })),
});

/** What the station was asked about a gap, and what it said (D7). */
export const gapQueryView = ({ id, createdAt, state, result }: CommandRecord) => ({
  at: formatInstant(createdAt),
  commandId: id,
  state,
  answer: result === null ? null : JSON.parse(result),
});

export function tokenView({ validUntil, cacheExpiryDateTime, ...token }: TokenInput) {
  return {
    ...token,
    ...(validUntil === undefined ? {} : { validUntil: formatInstant(validUntil) }),
    ...(cacheExpiryDateTime === undefined ? {} : { cacheExpiryDateTime: formatInstant(cacheExpiryDateTime) }),
  };
}

export const messageView = ({ at, stationId, direction, text }: LoggedMessage) => ({
  at: formatInstant(at),
  stationId,
  direction,
  frame: text,
});
