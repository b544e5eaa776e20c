import { Type } from 'typebox';
import { GivenTime, Reason, Time } from './fields.ts';
import { listOf } from './list-query.ts';
import type { Route } from './route.ts';

/** AuthorizationStatusEnumType. */
export const TOKEN_STATUSES = [
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
] as const;

export const Token = Type.Object(
  {
    status: Type.String({
      enum: [...TOKEN_STATUSES],
    }),
    groupIdToken: Type.Optional(
      Type.Object(
        { idToken: Type.String({ maxLength: 255 }), type: Type.Optional(Type.String({ maxLength: 20, default: 'Central' })) },
        { additionalProperties: false },
      ),
    ),
    validUntil: Type.Optional(GivenTime),
    cacheExpiryDateTime: Type.Optional(GivenTime),
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
/** A token as it is shown: with what names it. */
export const NamedToken = Type.Object({ type: Type.String(), idToken: Type.String(), ...Token.properties });
const tokenParams = Type.Object({ type: Type.String({ maxLength: 20 }), idToken: Type.String({ maxLength: 255 }) });

/** Who may charge. */
export const tokenRoutes = {
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
} as const satisfies Record<string, Route>;
