import type { TSchema } from 'typebox';
import { routes } from './csms.ts';
import { Bulk, BulkDetail, BulkItem } from './csms-bulk.ts';
import { Command } from './csms-commands.ts';
import { Firmware } from './csms-files.ts';
import { FleetConnector, FleetRow, Incident, Overview, ServerInfo } from './csms-fleet.ts';
import { LoggedFrame, MessagePair } from './csms-messages.ts';
import { ApiKey, AuditEntry, SignIn, User, UserWithPassword, WhoAmI } from './csms-people.ts';
import { Job, ListedCertificate, SecurityEvent, StationCertificate, TrustedCertificate } from './csms-security.ts';
import { Connection, Connector, Leniencies, Notice, Reading, Station } from './csms-stations.ts';
import { ChargeDetailRecord, Cost, Site, Tariff, TariffAssignment } from './csms-tariffs.ts';
import { DeviceVariable, Drift, Template, TemplateDetail, VariableWrite } from './csms-templates.ts';
import { TokenImport } from './csms-token-import.ts';
import { NamedToken, Token } from './csms-tokens.ts';
import { SignedMeterValues, Transaction, TransactionDetail, Verdict } from './csms-transactions.ts';
import { VirtualStation } from './csms-virtual.ts';
import { Webhook, WebhookDelivery } from './csms-webhooks.ts';
import { MessageAbout, MessageDescriptor } from './form/descriptor.ts';
import type { Route } from './route.ts';

/** Those that stand in the document once, under their name. */
const NAMED = {
  ApiKey,
  AuditEntry,
  Bulk,
  BulkDetail,
  BulkItem,
  ChargeDetailRecord,
  Command,
  Connection,
  Connector,
  Cost,
  DeviceVariable,
  Drift,
  FleetConnector,
  FleetRow,
  Incident,
  Firmware,
  Job,
  Leniencies,
  ListedCertificate,
  Overview,
  LoggedFrame,
  MessageAbout,
  MessageDescriptor,
  MessagePair,
  NamedToken,
  Notice,
  Reading,
  SecurityEvent,
  ServerInfo,
  SignIn,
  SignedMeterValues,
  Site,
  Station,
  StationCertificate,
  Tariff,
  TariffAssignment,
  Template,
  TemplateDetail,
  Token,
  TokenImport,
  Transaction,
  TransactionDetail,
  TrustedCertificate,
  Verdict,
  VirtualStation,
  VariableWrite,
  User,
  UserWithPassword,
  WhoAmI,
  Webhook,
  WebhookDelivery,
};
const NAMES = new Map<unknown, string>(Object.entries(NAMED).map(([name, schema]) => [schema, name]));

const VERBS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

/** RFC 9457, with our code and the OCPP clause where one is behind it. */
const PROBLEM = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'stable; listed in docs/rest.md' },
    detail: { type: 'string' },
    clause: { type: 'string', description: 'where OCPP says so' },
    pointer: { type: 'string', description: 'JSON pointer of the field that was wrong' },
    needs: { type: 'string', description: 'the role that is needed, or `all sites`, where one was not let through' },
    retryAfterS: { type: 'integer', description: 'when to come back, as the header Retry-After says' },
  },
  required: ['type', 'title', 'status', 'code', 'detail'],
} as const;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: unknown;
  readonly description?: string;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  /** Empty where nobody needs to sign in. */
  readonly security?: readonly [];
  readonly 'x-role': Route['role'];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: unknown };
  readonly responses: Readonly<Record<string, unknown>>;
}

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: unknown;
}

/** The whole REST interface as OpenAPI 3.1, made from the same contracts that the server registers. */
export function openApi(version: string): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [name, route] of Object.entries<Route>(routes)) {
    const path = (paths[pathOf(route)] ??= {});
    path[VERBS[route.method]] = operation(name, route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Busbar CSMS', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/api/v1' }],
    security: [{ key: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'an API key; the first one lies in the data folder' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'busbar',
          description: 'of a person who signed in (__Host-busbar over https); what changes something comes from a page of this server',
        },
      },
      schemas: { ...Object.fromEntries(Object.entries(NAMED).map(([name, schema]) => [name, plain({ ...schema })])), Problem: PROBLEM },
      responses: {
        Problem: {
          description: 'What went wrong',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

/** `/stations/:stationId` as OpenAPI writes it. */
export const pathOf = ({ path }: Route): string => path.replaceAll(/:(\w+)/g, '{$1}');

function operation(name: string, { path, summary, role, params, query, body, bytes, lines, csv, response }: Route): Operation {
  const content =
    bytes === true
      ? { 'application/octet-stream': {} }
      : lines === true
        ? { 'application/x-ndjson': {} }
        : body === undefined
          ? undefined
          : { 'application/json': { schema: plain(body) }, ...(csv === true ? { 'text/csv': {} } : {}) };
  return {
    operationId: name,
    summary,
    tags: [path.split('/')[1] ?? ''],
    ...(role === 'anyone' ? { security: [] } : {}),
    'x-role': role,
    parameters: [...parameters('path', params), ...parameters('query', query)],
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: { ...answers(response), default: { $ref: '#/components/responses/Problem' } },
  };
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

function parameters(where: Parameter['in'], schema: TSchema | undefined): readonly Parameter[] {
  const { properties = {}, required = [] }: ObjectSchema = schema ?? {};
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: plain(rest),
  }));
}

function answers(response: Route['response']): Readonly<Record<string, unknown>> {
  if (response === undefined) return { '2XX': { description: 'Done' } };
  return Object.fromEntries(
    Object.entries(response).map(([status, schema]) => [
      status,
      { description: 'Done', content: { 'application/json': { schema: plain(schema) } } },
    ]),
  );
}

/** As JSON says it: without what TypeBox keeps beside, named ones as a reference. */
function plain(schema: object): unknown {
  const text = JSON.stringify({ schema }, (_, value: unknown) => {
    const name = NAMES.get(value);
    return name === undefined ? value : { $ref: `#/components/schemas/${name}` };
  });
  const { schema: out }: { schema: unknown } = JSON.parse(text);
  return out;
}
