import { Type } from 'typebox';
import { DeviceVariable } from './csms-templates.ts';
import { AnyObject, Id, Nullable, orNull, Reason, stationParams, Time } from './fields.ts';
import { listOf, Order, Typed } from './list-query.ts';
import type { Route } from './route.ts';
import { VariableName } from './variable-name.ts';

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
const VariableResult = {
  component: VariableName.component,
  variable: VariableName.variable,
  attributeType: VariableName.attributeType,
  attributeStatus: Type.String(),
  attributeStatusInfo: Type.Optional(
    Type.Object({ reasonCode: Type.String(), additionalInfo: Type.Optional(Type.String()) }, { additionalProperties: true }),
  ),
};
const invalidParams = Type.Object({ stationId: Id, n: Type.Integer() });

/** Stations: who they are, what they told about themselves, and what was kept of what they said. */
export const stationRoutes = {
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
    perSite: true,
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
} as const satisfies Record<string, Route>;
