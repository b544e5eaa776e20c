import { Type } from 'typebox';
import { Cost } from './csms-tariffs.ts';
import { GivenTime, Id, Nullable, Reason, Time } from './fields.ts';
import { listOf, Order } from './list-query.ts';
import type { Route } from './route.ts';

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
/** With what it costs, and what the station was asked about a gap and said (D7). */
export const TransactionDetail = Type.Object({
  ...Transaction.properties,
  cost: Nullable(Cost),
  verdict: Verdict,
  gapQueries: Type.Array(Type.Object({ at: Time, commandId: Id, state: Type.String(), answer: Type.Unknown() })),
});
const transactionParams = Type.Object({ stationId: Id, transactionId: Type.String({ minLength: 1, maxLength: 36 }) });
const generationQuery = Type.Object({ generation: Type.Optional(Type.Integer({ minimum: 1 })) });

/** Sessions: the list, one with its verdict, its events, and the way out of one that is stuck. */
export const transactionRoutes = {
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
      from: Type.Optional(GivenTime),
      until: Type.Optional(GivenTime),
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
    query: Type.Object({ ...generationQuery.properties, format: Type.Optional(Type.String({ enum: ['json', 'csv'] })) }),
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
} as const satisfies Record<string, Route>;
