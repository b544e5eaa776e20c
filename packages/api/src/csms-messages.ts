import { Type } from 'typebox';
import { GivenTime, Nullable, Time } from './fields.ts';
import type { Route } from './route.ts';

const Direction = Type.String({ enum: ['in', 'out'] });

/** One frame as it went over a link; secrets are masked. */
export const LoggedFrame = Type.Object({ at: Time, stationId: Type.String(), direction: Direction, frame: Type.String() });

/** A CALL with its answer. */
export const MessagePair = Type.Object({
  at: Nullable(Time),
  stationId: Nullable(Type.String()),
  direction: Type.String({ enum: ['in', 'out'], description: 'of the CALL, as the CSMS sees it' }),
  messageId: Nullable(Type.String()),
  action: Nullable(Type.String()),
  block: Nullable(Type.String({ description: 'letter of the functional block' })),
  useCases: Type.Array(Type.String()),
  call: Nullable(Type.String()),
  answer: Nullable(Type.String()),
  answeredAt: Nullable(Time),
  latencyMs: Nullable(Type.Integer()),
  error: Nullable(Type.Object({ code: Type.String(), description: Type.String() })),
  violations: Type.Array(Type.Object({ of: Type.String({ enum: ['call', 'answer'] }), code: Type.String(), detail: Type.String() }), {
    description: 'what the validators of that version say',
  }),
});

export const messageRoutes = {
  messages: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/messages',
    summary:
      'Raw frames, newest first, or pairs of CALL and answer (view=pairs); an action brings the answers along. A search looks at the last 60 MB that may hold it: go on with `before`',
    query: Type.Object({
      stationId: Type.Optional(Type.String({ minLength: 1, maxLength: 48 })),
      before: Type.Optional(GivenTime),
      since: Type.Optional(GivenTime),
      action: Type.Optional(Type.String({ maxLength: 50 })),
      messageId: Type.Optional(Type.String({ maxLength: 36 })),
      q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'part of a frame, without case' })),
      direction: Type.Optional(Direction),
      errors: Type.Optional(Type.Boolean({ description: 'CALLERROR and CALLRESULTERROR only' })),
      only: Type.Optional(
        Type.String({
          enum: ['violations', 'unanswered'],
          description: 'with view=pairs: those of the last 10,000 frames; Link leads on from there, also from an empty page',
        }),
      ),
      view: Type.Optional(Type.String({ enum: ['frames', 'pairs'] })),
      format: Type.Optional(Type.String({ enum: ['json', 'jsonl'], description: 'jsonl: up to 10,000 frames, one a line' })),
      cursor: Type.Optional(Type.String({ maxLength: 200, description: 'where a page begins: from the header Link of the one before' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    }),
    response: { 200: Type.Union([Type.Array(LoggedFrame), Type.Array(MessagePair)]) },
  },
  importMessages: {
    method: 'POST',
    role: 'viewer',
    perSite: true,
    path: '/messages/import',
    summary:
      'The pair view of frames that are brought along, one a line: of an export, or bare ones such as [2,"id","Heartbeat",{}]. Nothing is stored',
    query: Type.Object({
      version: Type.Optional(Type.String({ enum: ['ocpp2.0.1', 'ocpp2.1'], description: 'whichever knows the action when left out' })),
    }),
    lines: true,
    response: { 200: Type.Array(MessagePair) },
  },
} as const satisfies Record<string, Route>;
