import { Type } from 'typebox';
import { Nullable, Time } from './fields.ts';
import type { Route } from './route.ts';

/** What a connector is doing, in one word: the link first, then its fault, then its transaction, then what it notified. */
export const CONNECTOR_STATES = [
  'Offline',
  'Faulted',
  'Charging',
  'SuspendedEV',
  'SuspendedEVSE',
  'Occupied',
  'Reserved',
  'Unavailable',
  'Available',
] as const;
export type ConnectorState = (typeof CONNECTOR_STATES)[number];

export const FleetConnector = Type.Object({
  evseId: Type.Integer(),
  connectorId: Type.Integer(),
  state: Type.Enum(CONNECTOR_STATES),
  since: Nullable(Time),
  transactionId: Nullable(Type.String()),
  powerW: Nullable(Type.Number()),
  socPercent: Nullable(Type.Number()),
  energyWh: Nullable(Type.Number()),
});

/** A station as a line of a table. */
export const FleetRow = Type.Object({
  id: Type.String(),
  site: Type.Integer(),
  model: Nullable(Type.String()),
  vendorName: Nullable(Type.String()),
  firmwareVersion: Nullable(Type.String()),
  ocppVersion: Nullable(Type.String()),
  approval: Type.Enum(['unapproved', 'approved', 'rejected']),
  registration: Nullable(Type.String()),
  /** Simulated by this process: never counted with real ones. */
  virtual: Type.Boolean(),
  connected: Type.Boolean(),
  /** Of its link, or of the lack of one. */
  since: Nullable(Time),
  lastSeen: Nullable(Time),
  /** The sum of its transactions; null while it is not connected. */
  powerW: Nullable(Type.Number()),
  connectors: Type.Array(FleetConnector),
});

/** Who has to act: somebody at the station, somebody here, nobody yet. */
export const INCIDENT_GROUPS = ['go', 'fix', 'watch'] as const;
export const INCIDENTS = [
  'siteSilent',
  'stationSilent',
  'connectorFaulted',
  'sessionsFail',
  'handshakeRefused',
  'reconnects',
  'unapproved',
  'certificateEnds',
  'eventsMissing',
  'invalidEvents',
  'outOfService',
  'securityEvent',
] as const;
/** What may be done about it with one press. */
export const SUGGESTIONS = [
  'takeOutOfService',
  'putBack',
  'setPassword',
  'addStation',
  'openStation',
  'approve',
  'renewCertificate',
  'openSession',
  'openMessages',
] as const;

/** One cause, in words that the reader's language fills in: `code` with `detail`. */
export const Incident = Type.Object({
  /** The same as long as the cause is the same. */
  key: Type.String(),
  group: Type.Enum(INCIDENT_GROUPS),
  code: Type.Enum(INCIDENTS),
  detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  state: Type.Enum([...CONNECTOR_STATES, 'Pending']),
  clause: Nullable(Type.String()),
  site: Nullable(Type.Integer()),
  stations: Type.Array(Type.String(), { minItems: 1 }),
  transactionId: Nullable(Type.String()),
  virtual: Type.Boolean(),
  since: Time,
  lastSeen: Nullable(Time),
  suggestion: Type.Enum(SUGGESTIONS),
});

/** What the first page shows beside its incidents: of the real stations, or of the virtual ones while there are no others. */
export const Overview = Type.Object({
  counts: Type.Enum(['real', 'virtual']),
  stations: Type.Integer(),
  connected: Type.Integer(),
  charging: Type.Integer({ description: 'connectors' }),
  paused: Type.Integer({ description: 'connectors' }),
  faulted: Type.Integer({ description: 'connectors' }),
  offline: Type.Integer(),
  outOfService: Type.Integer({ description: 'connectors' }),
  unapproved: Type.Integer(),
  virtual: Type.Integer({ description: 'simulated ones, in no other figure here unless they are all there is' }),
  powerW: Type.Number(),
  today: Type.Object({
    since: Time,
    energyWh: Type.Number({ description: 'of sessions that ended' }),
    ended: Type.Integer(),
    final: Type.Integer(),
    provisional: Type.Integer(),
  }),
});

/** What this server is, and where stations reach it. */
export const ServerInfo = Type.Object({
  version: Type.String(),
  testMode: Type.Boolean(),
  unknownStations: Type.Enum(['refuse', 'pending', 'accept']),
  /** Without the station's id; null where nothing is known that reaches further than this machine. */
  ocppUrl: Nullable(Type.String()),
  secureOcppUrl: Nullable(Type.String()),
  lowestSecurityProfile: Type.Integer(),
  /** It can add simulated stations of its own. */
  virtualStations: Type.Boolean(),
});

export const fleetRoutes = {
  server: {
    method: 'GET',
    path: '/server',
    role: 'viewer',
    perSite: true,
    summary: 'What this server is, and under which URL stations reach it',
    response: { 200: ServerInfo },
  },
  fleet: {
    method: 'GET',
    path: '/fleet',
    role: 'viewer',
    perSite: true,
    summary: 'Every station as one line: link, connectors, power. The same rows come live with /events?topics=fleet',
    response: { 200: Type.Object({ at: Time, rows: Type.Array(FleetRow) }) },
  },
  incidents: {
    method: 'GET',
    path: '/incidents',
    role: 'viewer',
    perSite: true,
    summary: 'What is wrong, worst first: one entry per cause, with what to do',
    response: { 200: Type.Array(Incident) },
  },
  overview: {
    method: 'GET',
    path: '/overview',
    role: 'viewer',
    perSite: true,
    summary: 'Counters of the fleet, and what today brought so far (the day of the first site)',
    response: { 200: Overview },
  },
} as const satisfies Record<string, Route>;
