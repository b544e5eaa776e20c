import { Type } from 'typebox';
import { closed, GivenTime, Nullable, orNull, Time } from './fields.ts';
import type { Route } from './route.ts';

const Decimal = Type.String({ description: 'an exact decimal', maxLength: 40 });
const Clock = Type.String({ description: 'HH:MM on the clock at the site', maxLength: 5 });
const TariffId = Type.String({ minLength: 1, maxLength: 48, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' });

const Terms = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  currency: Type.String({ description: 'ISO 4217', maxLength: 3 }),
  vatPercent: Type.Optional(Decimal),
  periods: Type.Array(
    Type.Object(
      {
        days: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { description: '1 = Monday … 7 = Sunday' })),
        from: Type.Optional(Clock),
        to: Type.Optional(Clock),
        perKWh: Type.Optional(Decimal),
        perMinute: Type.Optional(Decimal),
        idlePerMinute: Type.Optional(Decimal),
      },
      closed,
    ),
    { minItems: 1, maxItems: 50, description: 'the first that fits counts; the last one fits always' },
  ),
  perSession: Type.Optional(Decimal),
  idleGraceMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_080 })),
};

/** One version of a tariff; prices are without VAT. */
export const Tariff = Type.Object({ id: Type.String(), version: Type.Integer(), validFrom: Time, createdAt: Time, ...Terms });
export const TariffAssignment = Type.Object({
  scope: Type.Union([Type.Literal('group'), Type.Literal('station'), Type.Literal('site')]),
  target: Type.String(),
  validFrom: Time,
  tariff: Nullable(Type.String()),
});

const CostLine = Type.Object({
  kind: Type.Union([Type.Literal('energy'), Type.Literal('time'), Type.Literal('session'), Type.Literal('idle'), Type.Literal('vat')]),
  quantity: Nullable(Decimal),
  unit: Type.String(),
  unitPrice: Nullable(Decimal),
  per: Type.String(),
  amount: Nullable(Decimal),
});
const TariffVersion = Type.Object({ id: Type.String(), version: Type.Integer() });
/** What a transaction costs; a total of null is unknown, not free (I03.FR.04). */
export const Cost = Type.Object({
  currency: Type.String(),
  total: Nullable(Decimal),
  lines: Type.Array(CostLine),
  tariff: TariffVersion,
});

export const ChargeDetailRecord = Type.Object({
  cursor: Type.Integer(),
  stationId: Type.String(),
  transactionId: Type.String(),
  generation: Type.Integer(),
  evseId: Nullable(Type.Integer()),
  connectorId: Nullable(Type.Integer()),
  site: Type.String(),
  zone: Type.String(),
  startedAt: Nullable(Time),
  endedAt: Nullable(Time),
  startedAtLocal: Nullable(Time),
  endedAtLocal: Nullable(Time),
  idToken: Nullable(Type.String()),
  idTokenType: Nullable(Type.String()),
  group: Nullable(Type.String()),
  energyWh: Nullable(Decimal),
  energyKWh: Nullable(Decimal),
  durationS: Nullable(Decimal),
  idleS: Nullable(Decimal),
  bill: Type.Union([Type.Literal('provisional'), Type.Literal('final')]),
  completeness: Type.Union([Type.Literal('complete'), Type.Literal('incomplete')]),
  reason: Type.String(),
  stoppedReason: Nullable(Type.String()),
  anomalies: Type.Array(Type.String()),
  missingSeqNos: Nullable(Type.Integer({ description: 'how many' })),
  tariff: Nullable(TariffVersion),
  currency: Nullable(Type.String()),
  lines: Type.Array(CostLine),
  sums: Type.Object({
    energy: Nullable(Decimal),
    time: Nullable(Decimal),
    session: Nullable(Decimal),
    idle: Nullable(Decimal),
    vat: Nullable(Decimal),
  }),
  total: Nullable(Decimal),
});

const SiteFields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  zone: Type.String({ description: 'of the IANA database', maxLength: 64 }),
  currency: Type.String({ description: 'ISO 4217', maxLength: 3 }),
  latitude: Type.Optional(orNull('number', Type.Number({ minimum: -90, maximum: 90 }))),
  longitude: Type.Optional(orNull('number', Type.Number({ minimum: -180, maximum: 180 }))),
};
export const Site = Type.Object({ id: Type.Integer(), ...SiteFields });

const assignmentParams = Type.Object({
  scope: Type.String({ enum: ['group', 'station', 'site'] }),
  target: Type.String({ minLength: 1, maxLength: 255 }),
});
const tariffParams = Type.Object({ tariffId: TariffId });

/** Prices, who has which, what transactions came to, and where stations stand. */
export const tariffRoutes = {
  listTariffs: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/tariffs',
    summary: 'Every version of every tariff',
    response: { 200: Type.Array(Tariff) },
  },
  getTariff: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/tariffs/:tariffId',
    summary: 'The versions of one tariff, oldest first',
    params: tariffParams,
    response: { 200: Type.Array(Tariff) },
  },
  putTariff: {
    method: 'PUT',
    role: 'operator',
    path: '/tariffs/:tariffId',
    summary: 'A new version, valid from now or later; transactions keep the version that was valid when they started',
    params: tariffParams,
    body: Type.Object({ ...Terms, validFrom: Type.Optional(GivenTime) }, closed),
    response: { 200: Tariff },
  },
  listTariffAssignments: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/tariff-assignments',
    summary: 'Who has which tariff, and since when',
    response: { 200: Type.Array(TariffAssignment) },
  },
  assignTariff: {
    method: 'PUT',
    role: 'operator',
    path: '/tariff-assignments/:scope/:target',
    summary: 'Gives a tariff to the group of a token, to a station or to a site; the group counts before the station before the site',
    params: assignmentParams,
    body: Type.Object({ tariff: TariffId, validFrom: Type.Optional(GivenTime) }, closed),
    response: { 200: TariffAssignment },
  },
  unassignTariff: {
    method: 'DELETE',
    role: 'operator',
    path: '/tariff-assignments/:scope/:target',
    summary: 'From now on it has no tariff of its own',
    params: assignmentParams,
  },
  listSites: { method: 'GET', role: 'viewer', perSite: true, path: '/sites', summary: 'All sites', response: { 200: Type.Array(Site) } },
  createSite: {
    method: 'POST',
    role: 'operator',
    path: '/sites',
    summary: 'A new site',
    body: Type.Object(SiteFields, closed),
    response: { 201: Site },
  },
  patchSite: {
    method: 'PATCH',
    role: 'operator',
    path: '/sites/:siteId',
    summary: 'Changes name, time zone, currency or place',
    params: Type.Object({ siteId: Type.Integer() }),
    body: Type.Partial(Type.Object(SiteFields), closed),
    response: { 200: Site },
  },
  exportCdrs: {
    method: 'GET',
    role: 'operator',
    perSite: true,
    path: '/cdrs',
    summary:
      'Charge detail records of transactions that are over, as JSON or CSV; those whose bill may still change only with provisional=yes. An export that broke off goes on behind its last cursor',
    query: Type.Object({
      since: Type.Optional(GivenTime),
      until: Type.Optional(GivenTime),
      stationId: Type.Optional(Type.String({ minLength: 1, maxLength: 48 })),
      format: Type.Optional(Type.String({ enum: ['json', 'csv'], default: 'json' })),
      cursor: Type.Optional(Type.Integer({ minimum: 0 })),
      provisional: Type.Optional(Type.String({ enum: ['yes', 'no'], default: 'no' })),
    }),
    response: { 200: Type.Array(ChargeDetailRecord) },
  },
} as const satisfies Record<string, Route>;
