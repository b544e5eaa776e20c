import { type ConnectorState, type FleetRow } from '@busbar/api';
import { formatInstant, type Instant } from '@busbar/runtime';
import type { Static } from 'typebox';
import type { Station } from '../stations.ts';
import type { ConnectorRecord } from '../store/store.ts';

export type FleetRowView = Static<typeof FleetRow>;
type ConnectorView = FleetRowView['connectors'][number];

/** A running transaction, as much of it as a line shows. */
export interface RunningTransaction {
  readonly txid: string;
  readonly evse: number | null;
  readonly connector: number | null;
  readonly chargingState: string | null;
  readonly powerW: number | null;
  readonly socPercent: number | null;
  readonly energyWh: number | null;
  /** RFC 3339. */
  readonly startedAt: string | null;
}

/** What is known of a station besides its record. */
export interface StationFacts {
  /** Since when it has a link, or has none. */
  linkSince: Instant | null;
  closeCode: number | null;
  readonly connectors: Map<string, ConnectorRecord>;
  readonly running: Map<string, RunningTransaction>;
}

export const noFacts = (): StationFacts => ({ linkSince: null, closeCode: null, connectors: new Map(), running: new Map() });
export const connectorKey = (evse: number, connector: number): string => `${evse}.${connector}`;

const timeOrNull = (at: Instant | null | undefined): string | null => (at === null || at === undefined ? null : formatInstant(at));

const CHARGING: Readonly<Record<string, ConnectorState>> = {
  Charging: 'Charging',
  SuspendedEV: 'SuspendedEV',
  SuspendedEVSE: 'SuspendedEVSE',
  EVConnected: 'Occupied',
  Idle: 'Occupied',
};
const NOTIFIED: Readonly<Record<string, ConnectorState>> = {
  Available: 'Available',
  Occupied: 'Occupied',
  Reserved: 'Reserved',
  Unavailable: 'Unavailable',
  Faulted: 'Faulted',
};

/**
 * What a connector is doing, in one word. Without a link everything we know is old; a fault is never hidden behind a
 * transaction; a transaction knows more than the notification before it.
 */
export function connectorState(connected: boolean, status: string, chargingState: string | null | undefined): ConnectorState {
  if (!connected) return 'Offline';
  if (status === 'Faulted') return 'Faulted';
  return CHARGING[chargingState ?? ''] ?? NOTIFIED[status] ?? 'Unavailable';
}

/** A transaction that names no connector is on the only one of its EVSE that somebody is at. */
function runningAt(facts: StationFacts, { evse, connector, status }: ConnectorRecord): RunningTransaction | undefined {
  let found: RunningTransaction | undefined;
  for (const transaction of facts.running.values()) {
    if (transaction.evse !== evse) continue;
    if (transaction.connector === connector) return transaction;
    if (transaction.connector === null && status !== 'Available') found = transaction;
  }
  return found;
}

function connectorView(connected: boolean, facts: StationFacts, record: ConnectorRecord): ConnectorView {
  const running = runningAt(facts, record);
  return {
    evseId: record.evse,
    connectorId: record.connector,
    state: connectorState(connected, record.status, running?.chargingState),
    since: connected ? (running?.startedAt ?? formatInstant(record.at)) : timeOrNull(facts.linkSince),
    transactionId: running?.txid ?? null,
    powerW: connected ? (running?.powerW ?? null) : null,
    socPercent: running?.socPercent ?? null,
    energyWh: running?.energyWh ?? null,
  };
}

/** The line of a station. */
export function fleetRow({ record, settings, session, lastSeen }: Station, facts: StationFacts): FleetRowView {
  const connected = session !== undefined;
  const powers = [...facts.running.values()].map(({ powerW }) => powerW ?? 0);
  return {
    id: record.identity,
    site: record.site,
    model: record.model,
    vendorName: record.vendorName,
    firmwareVersion: record.firmwareVersion,
    ocppVersion: session?.version ?? record.version,
    approval: record.approval === 'retired' ? 'rejected' : record.approval,
    registration: record.registration,
    virtual: settings.virtual === true,
    connected,
    since: timeOrNull(facts.linkSince),
    lastSeen: timeOrNull(lastSeen ?? record.lastSeen),
    powerW: connected ? powers.reduce((sum, power) => sum + power, 0) : null,
    connectors: [...facts.connectors.values()].map((one) => connectorView(connected, facts, one)),
  };
}
