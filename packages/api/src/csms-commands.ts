import { Type } from 'typebox';
import { AnyObject, GivenTime, Id, Nullable, stationParams, Time } from './fields.ts';
import { listOf, Typed } from './list-query.ts';
import type { Route } from './route.ts';

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
  since: Type.Optional(GivenTime),
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

/** Messages to stations, and what became of each. */
export const commandRoutes = {
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
} as const satisfies Record<string, Route>;
