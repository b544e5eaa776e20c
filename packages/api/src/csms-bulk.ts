import { Type } from 'typebox';
import { closed, Id, Nullable, Time } from './fields.ts';
import { listOf } from './list-query.ts';
import type { Route } from './route.ts';
import { VariableName } from './variable-name.ts';

const params = Type.Object({ bulkId: Type.String({ maxLength: 40 }) });
const Word = Type.Optional(Type.String({ minLength: 1, maxLength: 100 }));
const Variable = Type.Object({ ...VariableName, attributeValue: Type.String({ maxLength: 2500 }) });

/** What is done with each station. */
export const BulkAction = Type.Union([
  Type.Object(
    { kind: Type.Literal('call'), action: Type.String({ maxLength: 50 }), payload: Type.Record(Type.String(), Type.Unknown()) },
    closed,
  ),
  Type.Object({ kind: Type.Literal('setVariables'), variables: Type.Array(Variable, { minItems: 1, maxItems: 100 }) }, closed),
  Type.Object(
    {
      kind: Type.Literal('applyVariables'),
      variables: Type.Array(Variable, { minItems: 1, maxItems: 1000, description: 'only what a station has otherwise is written' }),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('reset'), type: Type.String({ enum: ['Immediate', 'OnIdle', 'ImmediateAndResume'] }) }, closed),
  Type.Object({ kind: Type.Literal('availability'), operationalStatus: Type.String({ enum: ['Operative', 'Inoperative'] }) }, closed),
  Type.Object({ kind: Type.Literal('trigger'), requestedMessage: Type.String({ maxLength: 50 }) }, closed),
  Type.Object({ kind: Type.Literal('clearCache') }, closed),
  Type.Object(
    {
      kind: Type.Literal('baseReport'),
      reportBase: Type.String({ enum: ['ConfigurationInventory', 'FullInventory', 'SummaryInventory'] }),
    },
    closed,
  ),
]);

export const BulkItem = Type.Object({
  stationId: Nullable(Id),
  state: Type.String({ enum: ['waiting', 'underWay', 'done', 'refused', 'failed', 'unknown', 'stopped'] }),
  commandId: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  clause: Nullable(Type.String({ description: 'where OCPP says so' })),
  response: Type.Unknown(),
  startedAt: Nullable(Time),
  ms: Nullable(Type.Integer()),
});

/** A job for many stations. */
export const Bulk = Type.Object({
  bulkId: Type.String(),
  action: Type.Unsafe<unknown>(Type.Object({ kind: Type.String() }, { additionalProperties: true })),
  useCases: Type.Array(Type.String()),
  state: Type.String({ enum: ['running', 'done', 'stopped'] }),
  total: Type.Integer(),
  counts: Type.Object({
    waiting: Type.Integer(),
    underWay: Type.Integer(),
    done: Type.Integer(),
    refused: Type.Integer(),
    failed: Type.Integer(),
    unknown: Type.Integer({ description: 'no answer, or the CSMS was restarted: whether it acted is not known, and it is not sent again' }),
    stopped: Type.Integer(),
  }),
  offline: Type.String({ enum: ['refuse', 'queue'] }),
  expiresAt: Nullable(Time),
  atOnce: Type.Integer(),
  actor: Type.String(),
  createdAt: Time,
  endedAt: Nullable(Time),
});

/** With the first hundred of its stations: refused first, then failed and unknown. */
export const BulkDetail = Type.Object({ ...Bulk.properties, stations: Type.Array(BulkItem) });

export const bulkRoutes = {
  startBulk: {
    method: 'POST',
    role: 'installer',
    perSite: true,
    path: '/bulk',
    summary: 'Does the same with many stations, some at a time; it goes on after a restart of the CSMS and sends nothing twice',
    body: Type.Object(
      {
        stations: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 10_000 })),
        filter: Type.Optional(
          Type.Object(
            {
              q: Word,
              site: Type.Optional(Type.Integer()),
              state: Type.Optional(Type.String({ enum: ['connected', 'offline'] })),
              status: Type.Optional(Type.String({ maxLength: 20 })),
              firmware: Word,
              model: Word,
            },
            closed,
          ),
        ),
        action: BulkAction,
        offline: Type.Optional(Type.String({ enum: ['refuse', 'queue'], description: 'queue: stations that are away are waited for' })),
        expires: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 * 86_400, description: 'seconds that they are waited for' })),
        atOnce: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'stations spoken to at the same time' })),
      },
      closed,
    ),
    response: { 202: Bulk },
  },
  listBulk: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/bulk',
    summary: 'Jobs for many stations, newest first; who may see some sites only sees his own',
    query: listOf({}),
    response: { 200: Type.Array(Bulk) },
  },
  getBulk: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/bulk/:bulkId',
    summary: 'How far a job is, with the first hundred of its stations, refused ones first',
    params,
    response: { 200: BulkDetail },
  },
  bulkItems: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/bulk/:bulkId/stations',
    summary: 'What became of each station: refused first, then failed and unknown',
    params,
    query: listOf({}),
    response: { 200: Type.Array(BulkItem) },
  },
  stopBulk: {
    method: 'POST',
    role: 'installer',
    perSite: true,
    path: '/bulk/:bulkId/stop',
    summary: 'What waits is not begun any more; what is under way ends by itself',
    params,
    response: { 200: Bulk },
  },
} as const satisfies Record<string, Route>;
