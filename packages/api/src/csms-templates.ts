import { Type } from 'typebox';
import { Bulk } from './csms-bulk.ts';
import { closed, Id, Nullable, Time } from './fields.ts';
import { listOf, Typed } from './list-query.ts';
import type { Route } from './route.ts';

const Short = Type.String({ minLength: 1, maxLength: 50 });
const Attribute = Type.Union([Type.Literal('Actual'), Type.Literal('Target'), Type.Literal('MinSet'), Type.Literal('MaxSet')]);
const Name = Type.String({ minLength: 1, maxLength: 100 });

/** One attribute of a station's device model, as it was last told. */
export const DeviceVariable = Type.Object({
  component: Type.String(),
  componentInstance: Type.Optional(Type.String()),
  evse: Type.Optional(Type.Integer()),
  connector: Type.Optional(Type.Integer()),
  variable: Type.String(),
  instance: Type.Optional(Type.String()),
  attribute: Attribute,
  value: Type.Optional(Type.String()),
  mutability: Type.Optional(Type.String()),
  persistent: Type.Optional(Type.Boolean()),
  constant: Type.Optional(Type.Boolean()),
  characteristics: Type.Optional(
    Type.Object(
      {
        dataType: Type.String(),
        unit: Type.Optional(Type.String()),
        minLimit: Type.Optional(Type.Number()),
        maxLimit: Type.Optional(Type.Number()),
        maxElements: Type.Optional(Type.Integer()),
        valuesList: Type.Optional(Type.String()),
        supportsMonitoring: Type.Boolean(),
      },
      { additionalProperties: true, description: 'VariableCharacteristicsType as it came' },
    ),
  ),
  at: Time,
});

/** What was last written to a variable, and what the station said. */
export const VariableWrite = Type.Object({
  component: Type.String(),
  componentInstance: Type.Optional(Type.String()),
  evse: Type.Optional(Type.Integer()),
  connector: Type.Optional(Type.Integer()),
  variable: Type.String(),
  instance: Type.Optional(Type.String()),
  attribute: Attribute,
  wanted: Type.String(),
  status: Type.String({ description: 'attributeStatus of the answer' }),
  reason: Nullable(Type.String({ description: 'statusInfo of the answer' })),
  afterReboot: Type.Boolean({ description: 'taken, and counts from the next boot on' }),
  at: Time,
  actor: Type.String(),
  commandId: Type.String(),
});

const TemplateVariable = Type.Object(
  {
    component: Type.Object(
      {
        name: Short,
        instance: Type.Optional(Short),
        evse: Type.Optional(
          Type.Object({ id: Type.Integer({ minimum: 0 }), connectorId: Type.Optional(Type.Integer({ minimum: 0 })) }, closed),
        ),
      },
      closed,
    ),
    variable: Type.Object({ name: Short, instance: Type.Optional(Short) }, closed),
    attributeType: Type.Optional(Attribute),
    attributeValue: Type.String({ maxLength: 2500 }),
  },
  closed,
);
const TemplateVariables = Type.Array(TemplateVariable, { minItems: 1, maxItems: 1000 });

/** Values that stations of a kind should have. */
export const Template = Type.Object({
  templateId: Type.String(),
  name: Name,
  size: Type.Integer({ description: 'variables in it' }),
  createdAt: Time,
  updatedAt: Time,
  by: Type.String(),
});
export const TemplateDetail = Type.Object({ ...Template.properties, variables: TemplateVariables });

/** How one station differs from a template. */
export const Drift = Type.Object({
  stationId: Id,
  site: Type.Integer(),
  model: Nullable(Type.String()),
  connected: Type.Boolean(),
  readAt: Nullable(Type.String({ description: 'when the oldest of what was compared was read' })),
  same: Type.Integer(),
  variables: Type.Array(
    Type.Object({
      index: Type.Integer({ description: 'in the variables of the template' }),
      value: Nullable(Type.String()),
      state: Type.Union([Type.Literal('differs'), Type.Literal('refused'), Type.Literal('afterReboot'), Type.Literal('unknown')], {
        description: 'refused: the station did not take it last time; unknown: it never told a value',
      }),
    }),
  ),
});

const params = Type.Object({ templateId: Type.String({ maxLength: 40 }) });
const which = { site: Type.Optional(Type.Integer()), model: Typed, q: Typed };

/** Configuration: what each station has, what it should have, and making it so. */
export const templateRoutes = {
  variableWrites: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/variables/writes',
    summary: 'What was last written to each variable and what the station said, newest first, out of its last 200 SetVariables',
    params: Type.Object({ stationId: Id }),
    response: { 200: Type.Array(VariableWrite) },
  },
  listTemplates: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/templates',
    summary: 'Templates of configuration by name; at most 200 can be kept',
    response: { 200: Type.Array(Template) },
  },
  createTemplate: {
    method: 'POST',
    role: 'installer',
    path: '/templates',
    summary: 'A new template',
    body: Type.Object({ name: Name, variables: TemplateVariables }, closed),
    response: { 201: TemplateDetail },
  },
  templateFromStation: {
    method: 'POST',
    role: 'installer',
    path: '/templates/from-station',
    summary: 'A template of what can be written at a station, with its values; passwords, its name and its connection stay out',
    body: Type.Object({ stationId: Id, name: Name }, closed),
    response: { 201: TemplateDetail },
  },
  getTemplate: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/templates/:templateId',
    summary: 'One template with its variables',
    params,
    response: { 200: TemplateDetail },
  },
  putTemplate: {
    method: 'PUT',
    role: 'installer',
    path: '/templates/:templateId',
    summary: 'Replaces name and variables',
    params,
    body: Type.Object({ name: Name, variables: TemplateVariables }, closed),
    response: { 200: TemplateDetail },
  },
  deleteTemplate: {
    method: 'DELETE',
    role: 'installer',
    path: '/templates/:templateId',
    summary: 'Forgets a template; stations keep what they have',
    params,
    response: { 204: Type.Null() },
  },
  templateDrift: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/templates/:templateId/drift',
    summary: 'Stations whose last told values differ from a template, or that never told them; by id',
    params,
    query: listOf(which, 500),
    response: { 200: Type.Array(Drift) },
  },
  fixDrift: {
    method: 'POST',
    role: 'installer',
    perSite: true,
    path: '/templates/:templateId/fix',
    summary: 'A job that writes to each station what differs there when its turn comes, and nothing else',
    params,
    body: Type.Object(
      {
        stations: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 10_000 })),
        filter: Type.Optional(Type.Object(which, closed)),
        offline: Type.Optional(Type.String({ enum: ['refuse', 'queue'] })),
      },
      closed,
    ),
    response: { 202: Bulk },
  },
} as const satisfies Record<string, Route>;
