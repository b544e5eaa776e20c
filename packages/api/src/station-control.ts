import { Type } from 'typebox';
import type { Contract } from './route.ts';

const Evse = Type.Integer({ minimum: 1, maximum: 1000 });
const Connector = Type.Optional(Type.Integer({ minimum: 1, maximum: 100 }));
const End = Type.Optional(Type.Union([Type.Literal('ev'), Type.Literal('evse'), Type.Literal('both')]));
const Word = Type.String({ minLength: 1, maxLength: 50 });
const closed = { additionalProperties: false } as const;
const Nothing = Type.Object({}, closed);
const EvseEvse = Type.Object({ evse: Evse }, closed);
const AtFault = { evse: Type.Optional(Evse), connector: Connector };
const Vehicle = Type.Object(
  {
    batteryWh: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1e7 })),
    socPercent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    targetSocPercent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    maxAcPowerW: Type.Optional(Type.Number({ minimum: 0 })),
    maxDcPowerW: Type.Optional(Type.Number({ minimum: 0 })),
    phases: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(3)])),
    temperatureC: Type.Optional(Type.Number({ minimum: -60, maximum: 80 })),
    readyAfterS: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400 })),
  },
  closed,
);

const Pem = Type.String({ maxLength: 100_000 });
const SecurityProfile = Type.Integer({ minimum: 0, maximum: 3 });
/** What a station is delivered with; also a part of making one. */
const Delivery = {
  securityProfile: Type.Optional(SecurityProfile),
  organization: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  roots: Type.Optional(
    Type.Array(
      Type.Object({ kind: Type.String({ enum: ['CSMSRoot', 'ManufacturerRoot', 'V2GRoot', 'MORoot', 'OEMRoot'] }), pem: Pem }, closed),
      { maxItems: 50 },
    ),
  ),
  clientCert: Type.Optional(Type.Union([Type.Object({ chain: Pem, key: Pem }, closed), Type.Null()])),
  slots: Type.Optional(
    Type.Array(
      Type.Object(
        {
          slot: Type.Integer({ minimum: 2, maximum: 4 }),
          url: Type.String(),
          securityProfile: SecurityProfile,
          messageTimeout: Type.Optional(Type.Integer({ minimum: 1 })),
        },
        closed,
      ),
      { maxItems: 3 },
    ),
  ),
} as const;

/**
 * What Part 6 calls manual actions, as bodies of `POST /v1/stations/{id}/{verb}`. The verbs of later blocks stand here
 * too: a station without them answers 409.
 */
export const stationVerbs = {
  plug: Type.Object({ evse: Evse, connector: Connector, end: End, vehicle: Type.Optional(Vehicle) }, closed),
  unplug: Type.Object({ evse: Evse, connector: Connector, end: End }, closed),
  presentToken: Type.Object(
    {
      evse: Type.Optional(Evse),
      type: Type.String({ minLength: 1, maxLength: 20 }),
      idToken: Type.String({ maxLength: 255 }),
      additionalInfo: Type.Optional(
        Type.Array(Type.Object({ additionalIdToken: Type.String(), type: Type.String() }, closed), { minItems: 1 }),
      ),
    },
    closed,
  ),
  presentContract: Type.Object({ evse: Type.Optional(Evse), emaid: Word, chainPem: Type.String() }, closed),
  evIdentify: Type.Object({ evse: Evse, mac: Word }, closed),
  enterPin: Type.Object({ evse: Type.Optional(Evse), pin: Type.String({ minLength: 1, maxLength: 36 }) }, closed),
  startButton: EvseEvse,
  stopButton: EvseEvse,
  select: Type.Union([Type.Object({ all: Type.Literal(true) }, closed), EvseEvse]),
  occupyBay: EvseEvse,
  leaveBay: EvseEvse,
  evState: Type.Object(
    {
      evse: Evse,
      state: Type.Union([Type.Literal('ready'), Type.Literal('notReady'), Type.Literal('suspended'), Type.Literal('charging')]),
    },
    closed,
  ),
  evStop: EvseEvse,
  evNeeds: Type.Object({ evse: Evse }),
  renegotiate: EvseEvse,
  lock: Type.Object(
    { evse: Evse, connector: Connector, state: Type.Union([Type.Literal('ok'), Type.Literal('fail'), Type.Literal('stuck')]) },
    closed,
  ),
  injectFault: Type.Object({ ...AtFault, code: Word }, closed),
  clearFault: Type.Object({ ...AtFault, code: Type.Optional(Word) }, closed),
  setActual: Type.Object({ component: Word, variable: Word, evse: Type.Optional(Evse), value: Type.String({ maxLength: 2500 }) }, closed),
  externalLimit: Type.Object({ limitW: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]) }, closed),
  cutPower: Nothing,
  restorePower: Nothing,
  reboot: Type.Object({ reason: Type.Optional(Word) }, closed),
  link: Type.Object({ state: Type.Union([Type.Literal('up'), Type.Literal('down')]) }, closed),
  firmware: Type.Object({ next: Type.Union([Type.Literal('ok'), Type.Literal('verifyFails'), Type.Literal('installFails')]) }, closed),
  log: Type.Object({ available: Type.Boolean() }, closed),
  signedMeter: Type.Object({ on: Type.Boolean() }, closed),
  pay: Type.Object({ evse: Evse }),
  provision: Type.Object(
    {
      url: Type.String(),
      identity: Type.Optional(Type.String({ minLength: 1, maxLength: 48 })),
      password: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      ...Delivery,
    },
    closed,
  ),
  factoryReset: Nothing,
} as const;

export type StationVerb = keyof typeof stationVerbs;

const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 48 }) });
const Facts = Type.Object({ facts: Type.Unknown() });
export const StationProblem = Type.Object({ code: Type.String(), reason: Type.String() });

/** The control API of a station: off by default, loopback, a bearer token. */
export const stationControlRoutes = {
  act: {
    method: 'POST',
    path: '/v1/stations/{id}/{verb}',
    summary: 'Does on the spot what a person would do with his hands; answers when the station has taken it in.',
    params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 48 }), verb: Type.String() }),
    response: { 200: Facts, 409: StationProblem },
  },
  read: {
    method: 'GET',
    path: '/v1/stations/{id}',
    summary: 'Facts, contactors, locks, limits, displays, queue and meters.',
    params,
    response: { 200: Facts },
  },
  trace: {
    method: 'GET',
    path: '/v1/stations/{id}/trace',
    summary: 'The newest frames and decisions.',
    params,
    query: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0, description: 'the number of the last entry seen' })) }),
  },
  list: { method: 'GET', path: '/v1/stations', summary: 'The ids of the stations of this process.' },
  create: {
    method: 'POST',
    path: '/v1/stations',
    summary: 'A new simulated station in this process.',
    body: Type.Object(
      {
        id: Type.String({ minLength: 1, maxLength: 48 }),
        url: Type.String(),
        password: Type.Optional(Type.String()),
        version: Type.Optional(Type.String({ description: 'ocpp2.0.1 or ocpp2.1; both are offered without it' })),
        variables: Type.Optional(
          Type.Record(Type.String(), Type.String(), { description: 'first values, by Component.Variable[instance]' }),
        ),
        topology: Type.Optional(Type.Unknown()),
        people: Type.Optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
            minItems: 1,
            maxItems: 50,
            description: 'tokens of people who come and go by themselves',
          }),
        ),
        ...Delivery,
      },
      closed,
    ),
    response: { 200: Facts, 409: StationProblem },
  },
  remove: { method: 'DELETE', path: '/v1/stations/{id}', summary: 'Stops a station and forgets it.', params },
} as const satisfies Record<string, Contract>;
