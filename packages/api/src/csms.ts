import { type TSchema, Type } from 'typebox';
import { bulkRoutes } from './csms-bulk.ts';
import { fileRoutes, InstalledCertificates } from './csms-files.ts';
import { fleetRoutes } from './csms-fleet.ts';
import { messageRoutes } from './csms-messages.ts';
import { peopleRoutes } from './csms-people.ts';
import { schemaRoutes } from './csms-schemas.ts';
import { Cost, tariffRoutes } from './csms-tariffs.ts';
import { DeviceVariable, templateRoutes } from './csms-templates.ts';
import { importRoutes } from './csms-token-import.ts';
import { virtualRoutes } from './csms-virtual.ts';
import { webhookRoutes } from './csms-webhooks.ts';
import { listOf, Order, Typed } from './list-query.ts';
import { orNull } from './or-null.ts';
import type { Route } from './route.ts';
import { VariableName } from './variable-name.ts';

export type { Route } from './route.ts';

const Id = Type.String({ minLength: 1, maxLength: 48 });
const stationParams = Type.Object({ stationId: Id });
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Time = Type.String({ description: 'RFC 3339 in UTC' });
const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 }));
const AnyObject = Type.Record(Type.String(), Type.Unknown());
const Reason = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) }, { additionalProperties: false });

const TrustKind = Type.String({ enum: ['csms', 'station', 'v2g', 'mo', 'manufacturer'] });
const CertificateUse = Type.String({ enum: ['ChargingStationCertificate', 'V2GCertificate', 'V2G20Certificate'] });
export const TrustedCertificate = Type.Object({
  hashData: Type.Object({
    hashAlgorithm: Type.String(),
    issuerNameHash: Type.String(),
    issuerKeyHash: Type.String(),
    serialNumber: Type.String(),
  }),
  hash: Type.String({ description: 'SHA-256 of the certificate, its name in this list' }),
  subject: Type.String(),
  notAfter: Time,
  pem: Type.String(),
});
const TrustedCertificates = Type.Object({ certificates: Type.Array(TrustedCertificate) });
export const Job = Type.Object({
  jobId: Type.String(),
  stationId: Id,
  kind: Type.String({ enum: ['upgradeProfile'] }),
  state: Type.String({ enum: ['running', 'done', 'failed'] }),
  step: Type.String(),
  detail: AnyObject,
  reason: Nullable(Type.String()),
  actor: Type.String(),
  createdAt: Time,
  updatedAt: Time,
});
export const SecurityEvent = Type.Object({
  id: Type.Integer(),
  stationId: Nullable(Id),
  type: Type.String(),
  critical: Type.Boolean(),
  source: Type.String({ enum: ['station', 'csms'] }),
  at: Time,
  receivedAt: Time,
  techInfo: Nullable(Type.String()),
});
export const StationCertificate = Type.Object({
  use: Type.String(),
  serialNumber: Type.String(),
  subject: Type.String(),
  state: Type.String({ enum: ['issued', 'installed', 'refused', 'revoked'] }),
  notBefore: Time,
  notAfter: Time,
  issuedAt: Time,
  revokedAt: Nullable(Time),
  reason: Nullable(Type.String()),
  chain: Type.String(),
});

/** A certificate with its station. */
export const ListedCertificate = Type.Object({ stationId: Id, ...StationCertificate.properties });

const Leniency = Type.String({ enum: ['unknownProperty', 'unknownEnumValue', 'numberAsString', 'overlongString'] });
export const Leniencies = Type.Object({
  on: Type.Array(Leniency),
  used: Type.Record(Type.String(), Type.Integer(), { description: 'uses since the CSMS started, by name' }),
});

/** A TransactionEvent that failed its schema. */
export const InvalidEvent = Type.Object({
  n: Type.Integer(),
  transactionId: Nullable(Type.String()),
  seqNo: Nullable(Type.Integer()),
  receivedAt: Time,
  text: Type.String({ description: 'the frame as it came' }),
  error: Type.String(),
  times: Type.Integer(),
  state: Type.String({ enum: ['open', 'repaired', 'discarded'] }),
  actor: Nullable(Type.String()),
  reason: Nullable(Type.String()),
});

export const Connector = Type.Object({ evseId: Type.Integer(), connectorId: Type.Integer(), status: Type.String(), at: Time });

export const Station = Type.Object({
  id: Id,
  serialNumber: Nullable(Type.String()),
  securityProfile: Type.Integer({ description: 'reached; what is lower is refused' }),
  linkSecurityProfile: Nullable(Type.Integer({ description: 'of the open link' })),
  acceptExpiredCertificate: Type.Boolean(),
  automations: Type.Record(Type.String(), Type.Boolean(), { description: 'whether each is on for this station' }),
  runningCost: Type.Union([Type.Literal('message'), Type.Literal('answer')]),
  /** retired: may not connect any more, its transactions stay. */
  approval: Type.Union([Type.Literal('unapproved'), Type.Literal('approved'), Type.Literal('rejected'), Type.Literal('retired')]),
  registration: Nullable(Type.String()),
  connected: Type.Boolean(),
  ocppVersion: Nullable(Type.String()),
  vendorName: Nullable(Type.String()),
  model: Nullable(Type.String()),
  firmwareVersion: Nullable(Type.String()),
  bootReason: Nullable(Type.String()),
  bootAt: Nullable(Time),
  interval: Nullable(Type.Integer()),
  lastSeen: Nullable(Time),
  anomalies: Type.Array(Type.String()),
  leniencies: Leniencies,
  largeFrames: Type.Integer({ description: 'legal but large frames since the CSMS started' }),
  connectors: Type.Array(Connector),
  site: Type.Integer(),
  createdAt: Time,
});

export const Transaction = Type.Object({
  stationId: Id,
  transactionId: Type.String(),
  generation: Type.Integer(),
  state: Type.Union([Type.Literal('active'), Type.Literal('ended')]),
  evseId: Nullable(Type.Integer()),
  connectorId: Nullable(Type.Integer()),
  idToken: Nullable(Type.Object({ idToken: Type.String(), type: Type.String() }, { additionalProperties: true })),
  startedAt: Nullable(Time),
  endedAt: Nullable(Time),
  energyWh: Nullable(Type.Number({ description: 'at most three decimals' })),
  powerW: Nullable(Type.Number()),
  socPercent: Nullable(Type.Number()),
  chargingState: Nullable(Type.String()),
  stoppedReason: Nullable(Type.String()),
  remoteStartId: Nullable(Type.Integer()),
  events: Type.Integer(),
  missingSeqNos: Nullable(Type.Array(Type.Integer())),
  bill: Type.Union([Type.Literal('provisional'), Type.Literal('final')]),
  completeness: Type.Union([Type.Literal('complete'), Type.Literal('incomplete')]),
  closedBy: Nullable(Type.Union([Type.Literal('station'), Type.Literal('billAfter'), Type.Literal('operator')])),
  reason: Type.String(),
  anomalies: Type.Array(Type.String()),
});

export const SignedMeterValues = Type.Object({
  /** The worst of all; null when there are none. */
  state: Nullable(Type.Union([Type.Literal('valid'), Type.Literal('invalid'), Type.Literal('notCheckable')])),
  values: Type.Array(
    Type.Object({
      seqNo: Type.Integer(),
      eventType: Type.String(),
      timestamp: Type.String(),
      context: Type.String(),
      measurand: Type.String(),
      signedMeterData: Type.String({ description: 'as it came' }),
      encodingMethod: Type.String(),
      signingMethod: Nullable(Type.String()),
      publicKey: Nullable(Type.String({ description: 'as it came' })),
      publicKeyFrom: Nullable(Type.Union([Type.Literal('value'), Type.Literal('station')])),
      check: Type.Object({
        state: Type.Union([Type.Literal('valid'), Type.Literal('invalid'), Type.Literal('notCheckable')]),
        reason: Type.String(),
      }),
      register: Nullable(Type.Object({ signedWh: Type.String(), plainWh: Type.String(), same: Type.Boolean() })),
    }),
  ),
});

export const StoredEvent = Type.Object({
  receivedAt: Time,
  conflict: Type.Boolean({ description: 'another body under a number that was taken' }),
  event: Type.Object(
    {
      eventType: Type.Enum(['Started', 'Updated', 'Ended']),
      timestamp: Time,
      triggerReason: Type.String(),
      seqNo: Type.Integer(),
      offline: Type.Optional(Type.Boolean()),
      idToken: Type.Optional(Type.Object({ idToken: Type.String(), type: Type.String() }, { additionalProperties: true })),
      transactionInfo: Type.Object(
        {
          transactionId: Type.String(),
          chargingState: Type.Optional(Type.String()),
          stoppedReason: Type.Optional(Type.String()),
        },
        { additionalProperties: true },
      ),
    },
    { additionalProperties: true, description: 'TransactionEventRequest as it was received' },
  ),
});

const SeriesPoint = Type.Object({
  at: Time,
  powerW: Nullable(Type.Number()),
  offeredW: Nullable(Type.Number({ description: 'the limit the station gave the vehicle' })),
  currentA: Nullable(Type.Number({ description: 'of the fullest phase' })),
  voltageV: Nullable(Type.Number({ description: 'mean of the phases' })),
  socPercent: Nullable(Type.Number()),
});

export const VERDICTS = [
  'running',
  'byDriver',
  'byOperator',
  'carFull',
  'carLeft',
  'carStopped',
  'limitReached',
  'blockedAfterOffline',
  'notAuthorized',
  'noAuthorizationInTime',
  'outOfCredit',
  'fault',
  'emergencyStop',
  'powerLost',
  'restarted',
  'neverEnded',
  'other',
] as const;
/** Why it stopped: a code that the reader's language fills in with `detail`. */
export const Verdict = Type.Object({
  code: Type.Enum([...VERDICTS]),
  good: Type.Boolean({ description: 'nobody has to look at it' }),
  certainty: Type.Enum(['certain', 'likely']),
  clause: Nullable(Type.String()),
  seqNo: Nullable(Type.Integer({ description: 'of the event that decided it' })),
  at: Nullable(Time),
  detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
});

export const RefusedHandshake = Type.Object({
  at: Time,
  stationId: Type.String(),
  remoteAddress: Type.String(),
  status: Type.Integer({ description: 'of HTTP; 0 where TLS failed before' }),
  reason: Type.String(),
  times: Type.Integer(),
  passwordOffered: Type.Boolean({ description: 'the password it sent can be taken: it has never booted' }),
});

/** With what it costs, and what the station was asked about a gap and said (D7). */
export const TransactionDetail = Type.Object({
  ...Transaction.properties,
  cost: Nullable(Cost),
  verdict: Verdict,
  gapQueries: Type.Array(Type.Object({ at: Time, commandId: Id, state: Type.String(), answer: Type.Unknown() })),
});

export const Token = Type.Object(
  {
    status: Type.String({
      enum: [
        'Accepted',
        'Blocked',
        'ConcurrentTx',
        'Expired',
        'Invalid',
        'NoCredit',
        'NotAllowedTypeEVSE',
        'NotAtThisLocation',
        'NotAtThisTime',
        'Unknown',
      ],
    }),
    groupIdToken: Type.Optional(
      Type.Object(
        { idToken: Type.String({ maxLength: 255 }), type: Type.Optional(Type.String({ maxLength: 20, default: 'Central' })) },
        { additionalProperties: false },
      ),
    ),
    validUntil: Type.Optional(Time),
    cacheExpiryDateTime: Type.Optional(Time),
    chargingPriority: Type.Optional(Type.Integer({ minimum: -9, maximum: 9 })),
    language1: Type.Optional(Type.String({ maxLength: 8 })),
    language2: Type.Optional(Type.String({ maxLength: 8 })),
    evseId: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1 })),
    personalMessage: Type.Optional(
      Type.Object({
        format: Type.String({ enum: ['ASCII', 'HTML', 'URI', 'UTF8'] }),
        language: Type.Optional(Type.String({ maxLength: 8 })),
        content: Type.String({ maxLength: 512 }),
      }),
    ),
    masterPass: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

const CommandBase = {
  commandId: Type.String(),
  stationId: Type.String(),
  action: Type.String(),
  /** As it was asked; passwords are masked. */
  request: AnyObject,
  origin: Type.String({ enum: ['person', 'driver', 'automation'] }),
  actor: Type.String(),
  messageId: Nullable(Type.String()),
  createdAt: Time,
  sentAt: Nullable(Time),
  endedAt: Nullable(Time),
  /** The transaction that came of it; may come late, also after `unknown`. */
  effect: Type.Optional(Type.Object({ transactionId: Type.String() })),
  requestId: Type.Optional(Type.Integer({ description: 'under which the station reports, where the route gave it out' })),
};
/** One command, wherever it is shown: what became of it, with what belongs to that. */
export const Command = Type.Union([
  Type.Object({ ...CommandBase, state: Type.Literal('queued') }),
  Type.Object({ ...CommandBase, state: Type.Literal('sent') }),
  Type.Object({ ...CommandBase, state: Type.Literal('answered'), response: Type.Unknown() }),
  Type.Object({
    ...CommandBase,
    state: Type.Literal('refused'),
    error: Type.Object({ code: Type.String(), description: Type.String() }, { description: 'the CALLERROR' }),
  }),
  Type.Object({ ...CommandBase, state: Type.Literal('unknown'), reason: Type.String() }),
  Type.Object({ ...CommandBase, state: Type.Literal('notSent'), reason: Type.String() }),
]);
const CommandState = Type.String({ enum: ['queued', 'sent', 'answered', 'refused', 'unknown', 'notSent'] });
const commandFilters = {
  actor: Typed,
  action: Type.Optional(Type.String({ maxLength: 50 })),
  state: Type.Optional(CommandState),
  origin: Type.Optional(Type.String({ enum: ['person', 'driver', 'automation'] })),
  since: Type.Optional(Time),
};

const securityEventFilters = {
  before: Type.Optional(Type.Integer()),
  type: Type.Optional(Type.String({ maxLength: 50 })),
  critical: Type.Optional(Type.Boolean()),
};

export const Connection = Type.Object({
  epoch: Type.Integer(),
  openedAt: Time,
  version: Type.String(),
  remote: Type.String(),
  closedAt: Nullable(Time),
  closeCode: Nullable(Type.Integer()),
  closeReason: Nullable(Type.String()),
});
export const Notice = Type.Object({ id: Type.Integer(), at: Time, receivedAt: Time, action: Type.String(), body: Type.Unknown() });
export const Reading = Type.Object({
  receivedAt: Time,
  evseId: Type.Integer(),
  meterValue: Type.Array(Type.Object({ timestamp: Type.String(), sampledValue: Type.Array(AnyObject) })),
  customData: Type.Optional(AnyObject),
});
/** A token as it is shown: with what names it. */
export const NamedToken = Type.Object({ type: Type.String(), idToken: Type.String(), ...Token.properties });

const VariableResult = {
  component: VariableName.component,
  variable: VariableName.variable,
  attributeType: VariableName.attributeType,
  attributeStatus: Type.String(),
  attributeStatusInfo: Type.Optional(
    Type.Object({ reasonCode: Type.String(), additionalInfo: Type.Optional(Type.String()) }, { additionalProperties: true }),
  ),
};
const callQuery = Type.Object({
  timeout: Type.Optional(Type.Number({ minimum: 0.1, maximum: 600, description: 'seconds the station may take' })),
  wait: Type.Optional(
    Type.Number({ minimum: 0, maximum: 600, description: 'seconds this request waits for the end; 0 answers 202 at once' }),
  ),
  mode: Type.Optional(Type.String({ enum: ['validated', 'raw'] })),
  offline: Type.Optional(Type.String({ enum: ['refuse', 'queue'] })),
  expires: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 * 86_400 })),
});

const transactionParams = Type.Object({ stationId: Id, transactionId: Type.String({ minLength: 1, maxLength: 36 }) });
const generationQuery = Type.Object({ generation: Type.Optional(Type.Integer({ minimum: 1 })) });
const tokenParams = Type.Object({ type: Type.String({ maxLength: 20 }), idToken: Type.String({ maxLength: 255 }) });
const invalidParams = Type.Object({ stationId: Id, n: Type.Integer() });

/** Everything below /api/v1. */
export const routes = {
  listStations: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/stations',
    summary: 'Registered stations, by filters. Retired ones are shown with state=retired only',
    query: listOf(
      {
        q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'part of id, serial number, model or vendor' })),
        site: Type.Optional(Type.Integer()),
        state: Type.Optional(Type.String({ enum: ['connected', 'offline', 'unapproved', 'retired'] })),
        status: Type.Optional(Type.String({ maxLength: 20, description: 'of at least one connector' })),
        firmware: Typed,
        model: Typed,
        sort: Type.Optional(Type.String({ enum: ['id', 'lastSeen', 'firmwareVersion'], default: 'id' })),
        order: Order,
      },
      1000,
      1000,
    ),
    response: { 200: Type.Array(Station) },
  },
  createStation: {
    method: 'POST',
    role: 'installer',
    path: '/stations',
    summary: 'Registers a station; without a password a strong one is made and shown once',
    body: Type.Object(
      {
        id: Type.String({ minLength: 1, maxLength: 48 }),
        serialNumber: Type.Optional(Type.String({ maxLength: 25 })),
        password: Type.Optional(Type.String()),
        securityProfile: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
        site: Type.Optional(Type.Integer()),
      },
      { additionalProperties: false },
    ),
  },
  getStation: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId',
    summary: 'One station',
    params: stationParams,
    response: { 200: Station },
  },
  patchStation: {
    method: 'PATCH',
    role: 'installer',
    path: '/stations/:stationId',
    summary:
      'Changes serial number, site, automations, the lowest security profile it may use, and whether an expired certificate lets it in to be renewed',
    params: stationParams,
    body: Type.Object(
      {
        serialNumber: Type.Optional(orNull('string', Type.String({ maxLength: 25 }))),
        site: Type.Optional(Type.Integer()),
        securityProfile: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
        acceptExpiredCertificate: Type.Optional(Type.Boolean()),
        runningCost: Type.Optional(
          Type.String({ enum: ['message', 'answer'], description: 'how it hears the running cost: CostUpdated, or the answer to Updated' }),
        ),
        automations: Type.Optional(
          Type.Record(Type.String({ pattern: '^(onboardingInventory|gapQuery|bootQuery|certRenewal|runningCost)$' }), Type.Boolean()),
        ),
      },
      { additionalProperties: false },
    ),
  },
  deleteStation: {
    method: 'DELETE',
    role: 'operator',
    path: '/stations/:stationId',
    summary:
      'Removes a station; one that has transactions only with withTransactions=retire: it may not connect any more, its ledger stays',
    params: stationParams,
    query: Type.Object({ withTransactions: Type.Optional(Type.String({ enum: ['retire'] })) }),
    response: { 204: Type.Null() },
  },
  replaceHardware: {
    method: 'POST',
    role: 'operator',
    path: '/stations/:stationId/replace-hardware',
    summary:
      'Another machine comes under this id: device model, boot facts, certificates and password of the old one go, transactions and audit stay. The new password is shown once',
    params: stationParams,
    body: Type.Object(
      { reason: Type.String({ minLength: 1, maxLength: 500 }), serialNumber: Type.Optional(Type.String({ minLength: 1, maxLength: 25 })) },
      { additionalProperties: false },
    ),
    response: { 200: Type.Object({ password: Type.String() }) },
  },
  acceptStation: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/accept',
    summary: 'Approves a station that waits for it, and asks it to boot',
    params: stationParams,
  },
  rejectStation: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/reject',
    summary: 'Refuses a station: its boots are answered Rejected',
    params: stationParams,
  },
  setPassword: {
    method: 'PUT',
    role: 'installer',
    path: '/stations/:stationId/password',
    summary: 'Sets the password the CSMS expects; without a body a strong one is made and shown once',
    params: stationParams,
    body: Type.Object({ password: Type.Optional(Type.String()) }, { additionalProperties: false }),
    response: { 200: Type.Object({ password: Type.Optional(Type.String()) }) },
  },
  takePassword: {
    method: 'POST',
    path: '/stations/:stationId/take-password',
    role: 'installer',
    summary: 'Takes the password that a station, which has never booted, just sent from this address as the right one',
    params: stationParams,
    body: Type.Object({ remoteAddress: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false }),
  },
  changePassword: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/password',
    summary:
      'Gives the station another password over OCPP; without a body a strong one is made and shown once. Until it answers both are valid',
    params: stationParams,
    body: Type.Object({ password: Type.Optional(Type.String()) }, { additionalProperties: false }),
    response: { 200: Type.Object({ status: Type.String(), password: Type.Optional(Type.String()) }) },
  },
  renewCertificate: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/renew-certificate',
    summary: 'Asks the station for a certificate request; the certificate follows by itself',
    params: stationParams,
    body: Type.Object({ use: Type.Optional(CertificateUse) }, { additionalProperties: false }),
    response: { 200: Command },
  },
  stationCertificates: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/certificates',
    summary: 'Certificates signed here for the station, newest first, and those it told to be in its store',
    params: stationParams,
    response: { 200: Type.Object({ issued: Type.Array(StationCertificate), installed: InstalledCertificates }) },
  },
  listCertificates: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/certificates',
    summary:
      'Certificates signed here for stations, those that end first first. latest=true: only the newest of each use that a station has',
    query: listOf({
      use: Type.Optional(CertificateUse),
      state: Type.Optional(Type.String({ enum: ['issued', 'installed', 'refused', 'revoked'] })),
      before: Type.Optional(Type.String({ description: 'that end before; RFC 3339', maxLength: 40 })),
      stationId: Type.Optional(Id),
      latest: Type.Optional(Type.Boolean()),
    }),
    response: { 200: Type.Array(ListedCertificate) },
  },
  revokeCertificate: {
    method: 'POST',
    role: 'operator',
    path: '/stations/:stationId/certificates/:serialNumber/revoke',
    summary: 'From now on this certificate opens nothing; a link that rests on it is closed',
    params: Type.Object({ stationId: Id, serialNumber: Type.String({ maxLength: 40 }) }),
    body: Reason,
  },
  upgradeProfile: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/upgrade-profile',
    summary:
      'Moves the station to security profile 2 or 3, as a job that goes on after a restart; the old credentials are valid until it is there',
    params: stationParams,
    body: Type.Object({ securityProfile: Type.Integer({ minimum: 2, maximum: 3 }) }, { additionalProperties: false }),
    response: { 202: Job },
  },
  stationJobs: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/jobs',
    summary: 'Jobs of this station, newest first',
    params: stationParams,
    query: Type.Object({ limit: Limit }),
    response: { 200: Type.Array(Job) },
  },
  getJob: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/jobs/:jobId',
    summary: 'State of a job',
    params: Type.Object({ jobId: Type.String({ maxLength: 40 }) }),
    response: { 200: Job },
  },
  stationSecurityEvents: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/security-events',
    summary: 'Security events the station told, and those noticed here about it, newest first',
    params: stationParams,
    query: listOf(securityEventFilters),
    response: { 200: Type.Array(SecurityEvent) },
  },
  securityEvents: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/security-events',
    summary: 'Security events of all stations, newest first',
    query: listOf(securityEventFilters),
    response: { 200: Type.Array(SecurityEvent) },
  },
  trust: {
    method: 'GET',
    role: 'viewer',
    path: '/trust/:kind',
    summary:
      'Roots by purpose: of this CSMS (what stations need to trust), of station certificates, of V2G, of contracts, of manufacturers. Where our own authority counts it stands first',
    params: Type.Object({ kind: TrustKind }),
    response: { 200: TrustedCertificates },
  },
  addTrust: {
    method: 'POST',
    role: 'admin',
    path: '/trust/:kind',
    summary: 'Adds one root or several, as PEM',
    params: Type.Object({ kind: TrustKind }),
    body: Type.Object({ pem: Type.String({ minLength: 1, maxLength: 200_000 }) }, { additionalProperties: false }),
    response: { 201: TrustedCertificates },
  },
  removeTrust: {
    method: 'DELETE',
    role: 'admin',
    path: '/trust/:kind/:hash',
    summary: 'Removes a root',
    params: Type.Object({ kind: TrustKind, hash: Type.String({ minLength: 64, maxLength: 64 }) }),
  },
  importRevocations: {
    method: 'POST',
    role: 'admin',
    path: '/revocations',
    summary: 'Takes over the revocation list (CRL) of another issuer of station certificates',
    body: Type.Object(
      { crl: Type.String({ minLength: 1, maxLength: 1_000_000 }), issuer: Type.String({ minLength: 1, maxLength: 20_000 }) },
      { additionalProperties: false },
    ),
    response: { 200: Type.Object({ revoked: Type.Integer() }) },
  },
  connectors: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/connectors',
    summary: 'State of each connector',
    params: stationParams,
    response: { 200: Type.Array(Connector) },
  },
  connections: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/connections',
    summary: 'History of its links with close codes',
    params: stationParams,
    query: listOf({}),
    response: { 200: Type.Array(Connection) },
  },
  variables: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/variables',
    summary: 'The device model as last reported',
    params: stationParams,
    response: { 200: Type.Array(DeviceVariable) },
  },
  getVariables: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/variables/get',
    summary: 'Reads variables, split as the station allows',
    params: stationParams,
    body: Type.Object(
      { variables: Type.Array(Type.Object(VariableName), { minItems: 1, maxItems: 1000 }) },
      { additionalProperties: false },
    ),
    response: {
      200: Type.Object({ results: Type.Array(Type.Object({ ...VariableResult, attributeValue: Type.Optional(Type.String()) })) }),
    },
  },
  setVariables: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/variables/set',
    summary: 'Writes variables, split as the station allows',
    params: stationParams,
    body: Type.Object(
      {
        variables: Type.Array(Type.Object({ ...VariableName, attributeValue: Type.String({ maxLength: 2500 }) }), {
          minItems: 1,
          maxItems: 1000,
        }),
      },
      { additionalProperties: false },
    ),
    response: { 200: Type.Object({ results: Type.Array(Type.Object(VariableResult)) }) },
  },
  report: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/reports/:requestId',
    summary: 'One report with all its parts',
    params: Type.Object({ stationId: Id, requestId: Type.Integer() }),
  },
  notices: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/notices',
    summary: 'What the station notified: events, security events, vendor data',
    params: stationParams,
    query: listOf({}),
    response: { 200: Type.Array(Notice) },
  },
  meterValues: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/meter-values',
    summary: 'Readings outside transactions',
    params: stationParams,
    query: listOf({}),
    response: { 200: Type.Array(Reading) },
  },
  stationCommands: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/commands',
    summary: 'Commands of this station, newest first',
    params: stationParams,
    query: listOf(commandFilters),
    response: { 200: Type.Array(Command) },
  },
  call: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/calls/:action',
    summary: 'Sends any message of the CSMS to the station',
    params: Type.Object({ stationId: Id, action: Type.String({ maxLength: 50 }) }),
    query: callQuery,
    body: AnyObject,
    response: { 200: Command, 202: Command, 409: Command, 504: Command },
  },
  leniencies: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/leniencies',
    summary: 'Which faults of its messages are forgiven, and how often that was used',
    params: stationParams,
    response: { 200: Leniencies },
  },
  setLeniencies: {
    method: 'PUT',
    role: 'installer',
    path: '/stations/:stationId/leniencies',
    summary:
      'Forgives a station named faults of its messages (none by default): unknown properties and unknown values of optional fields are left out, numbers in quotes are read, too long texts for people are cut; the message log keeps the frames as they came',
    params: stationParams,
    body: Type.Object({ on: Type.Array(Leniency, { maxItems: 4 }) }, { additionalProperties: false }),
    response: { 200: Leniencies },
  },
  invalidEvents: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/invalid-events',
    summary: 'TransactionEvents that failed their schema: refused, kept as they came, to be repaired or discarded',
    params: stationParams,
    response: { 200: Type.Array(InvalidEvent) },
  },
  repairInvalidEvent: {
    method: 'POST',
    role: 'operator',
    path: '/stations/:stationId/invalid-events/:n/repair',
    summary: 'Stores a repaired body in place of an invalid event',
    params: invalidParams,
    body: Type.Object({ body: AnyObject, reason: Type.String({ minLength: 1, maxLength: 500 }) }, { additionalProperties: false }),
  },
  discardInvalidEvent: {
    method: 'POST',
    role: 'operator',
    path: '/stations/:stationId/invalid-events/:n/discard',
    summary: 'Declares an invalid event worthless',
    params: invalidParams,
    body: Reason,
  },
  testMode: {
    method: 'PUT',
    role: 'admin',
    path: '/stations/:stationId/test-mode',
    summary: 'Overrides for laboratories (only with --test-mode)',
    params: stationParams,
    body: Type.Object(
      {
        nextBoot: Type.Optional(
          Type.Array(
            Type.Object({
              status: Type.String({ enum: ['Accepted', 'Pending', 'Rejected'] }),
              interval: Type.Integer({ minimum: 0 }),
              times: Type.Integer({ minimum: 1 }),
            }),
          ),
        ),
        itemsPerMessage: Type.Optional(
          Type.Object({
            getVariables: Type.Optional(Type.Integer({ minimum: 1 })),
            setVariables: Type.Optional(Type.Integer({ minimum: 1 })),
            getReport: Type.Optional(Type.Integer({ minimum: 1 })),
          }),
        ),
        automation: Type.Optional(Type.String({ enum: ['on', 'off'] })),
        answerDelayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
        clockOffset: Type.Optional(Type.Number()),
      },
      { additionalProperties: false },
    ),
  },
  ...fileRoutes,
  ...fleetRoutes,
  ...tariffRoutes,
  ...peopleRoutes,
  ...schemaRoutes,
  ...messageRoutes,
  ...bulkRoutes,
  ...webhookRoutes,
  ...virtualRoutes,
  ...templateRoutes,
  ...importRoutes,
  refusedHandshakes: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/refused-handshakes',
    summary: 'Who was refused, and why; newest first',
    response: { 200: Type.Array(RefusedHandshake) },
  },
  listTransactions: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/transactions',
    summary: 'Transactions, newest start first, by filters. Sorted by energy those that are over',
    query: listOf({
      stationId: Type.Optional(Id),
      site: Type.Optional(Type.Integer()),
      state: Type.Optional(Type.String({ enum: ['active', 'ended'] })),
      bill: Type.Optional(Type.String({ enum: ['provisional', 'final'] })),
      completeness: Type.Optional(Type.String({ enum: ['complete', 'incomplete'] })),
      type: Type.Optional(Type.String({ maxLength: 20, description: 'of the token; with idToken' })),
      idToken: Type.Optional(Type.String({ maxLength: 255 })),
      from: Type.Optional(Time),
      until: Type.Optional(Time),
      stoppedReason: Type.Optional(Type.String({ maxLength: 20 })),
      minEnergyWh: Type.Optional(Type.Number({ minimum: 0, maximum: 1e9 })),
      q: Type.Optional(Type.String({ minLength: 1, maxLength: 36, description: 'how the transactionId begins' })),
      sort: Type.Optional(Type.String({ enum: ['startedAt', 'energy'], default: 'startedAt' })),
      order: Order,
    }),
    response: { 200: Type.Array(Transaction) },
  },
  getTransaction: {
    method: 'GET',
    role: 'viewer',
    path: '/transactions/:stationId/:transactionId',
    summary: 'One transaction, with its price and what its station was asked about gaps',
    params: transactionParams,
    query: generationQuery,
    response: { 200: TransactionDetail },
  },
  transactionEvents: {
    method: 'GET',
    role: 'viewer',
    path: '/transactions/:stationId/:transactionId/events',
    summary: 'Every event of a transaction as it was received',
    params: transactionParams,
    query: generationQuery,
    response: { 200: Type.Array(StoredEvent) },
  },
  transactionSeries: {
    method: 'GET',
    path: '/transactions/:stationId/:transactionId/series',
    role: 'viewer',
    summary: 'The course of a transaction: power, what was offered, current, voltage and state of charge',
    params: transactionParams,
    query: generationQuery,
    response: { 200: Type.Array(SeriesPoint) },
  },
  signedMeterValues: {
    method: 'GET',
    role: 'viewer',
    path: '/transactions/:stationId/:transactionId/signed-meter-values',
    summary:
      'Signed meter values as they came, with their public key; OCMF is checked: valid means signed with that key, whose it is says the meter',
    params: transactionParams,
    query: generationQuery,
    response: { 200: SignedMeterValues },
  },
  closeTransaction: {
    method: 'POST',
    role: 'operator',
    path: '/transactions/:stationId/:transactionId/close',
    summary: 'Closes a stuck transaction with what is known',
    params: transactionParams,
    query: generationQuery,
    body: Reason,
  },
  listTokens: {
    method: 'GET',
    role: 'operator',
    path: '/tokens',
    summary: 'Tokens, by filters',
    query: listOf({
      q: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'part of the id, without case' })),
      group: Type.Optional(Type.String({ maxLength: 255 })),
      status: Type.Optional(Type.String({ maxLength: 20 })),
    }),
    response: { 200: Type.Array(NamedToken) },
  },
  getToken: {
    method: 'GET',
    role: 'operator',
    path: '/tokens/:type/:idToken',
    summary: 'One token',
    params: tokenParams,
    response: { 200: NamedToken },
  },
  putToken: {
    method: 'PUT',
    role: 'operator',
    path: '/tokens/:type/:idToken',
    summary: 'Creates or replaces a token',
    params: tokenParams,
    body: Token,
    response: { 200: NamedToken },
  },
  eraseToken: {
    method: 'POST',
    role: 'operator',
    path: '/tokens/:type/:idToken/erase',
    summary:
      'Forgets a driver: the token goes, and in transactions, events, authorizations, commands and notices a pseudonym takes its place that leads nowhere; bills stay. Says until when the message log may hold it',
    params: tokenParams,
    body: Reason,
    response: { 200: Type.Object({ transactions: Type.Integer(), messageLogUntil: Time }) },
  },
  deleteToken: { method: 'DELETE', role: 'operator', path: '/tokens/:type/:idToken', summary: 'Forgets a token', params: tokenParams },
  listCommands: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/commands',
    summary: 'Commands of all stations, newest first, with who asked and what became of them',
    query: listOf({ stationId: Type.Optional(Id), ...commandFilters }),
    response: { 200: Type.Array(Command) },
  },
  getCommand: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/commands/:commandId',
    summary: 'State of a command',
    params: Type.Object({ commandId: Type.String() }),
    query: Type.Object({ wait: Type.Optional(Type.Number({ minimum: 0, maximum: 600 })) }),
    response: { 200: Command, 202: Command, 409: Command, 504: Command },
  },
  cancelCommand: {
    method: 'DELETE',
    role: 'installer',
    perSite: true,
    path: '/commands/:commandId',
    summary: 'Takes back a command that was not sent yet',
    params: Type.Object({ commandId: Type.String() }),
  },
  events: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/events',
    summary:
      'What happens, live (server-sent events; resumes by Last-Event-ID). topics: kinds of events; fleet and incidents, the two lists of those names as they change; messages, whose frames are new, once a second',
    query: Type.Object({
      stationId: Type.Optional(Id),
      topics: Type.Optional(Type.String({ maxLength: 300, description: 'separated by commas; every kind of event when left out' })),
    }),
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
