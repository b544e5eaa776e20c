import { limits } from '@busbar/runtime';
import type { Command } from 'commander';
import { type Static, Type } from 'typebox';

const port = (fallback: number, description: string) => Type.Integer({ minimum: 0, maximum: 65_535, default: fallback, description });

/**
 * The configuration of the CSMS: one schema gives flags (`--ocpp-port`), environment (`BUSBAR_OCPP_PORT`), file keys
 * (`ocppPort` in busbar.yaml) and their documentation. Flag beats environment beats file beats default.
 */
export const ServeConfig = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', description: 'address to listen on; 0.0.0.0 lets other machines in' }),
    ocppPort: port(9000, 'port of the stations (ws)'),
    httpPort: port(8080, 'port of page and API'),
    filesPort: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65_535,
        description: 'port where stations bring logs and fetch firmware; the one after --http-port when left out, 0 takes a free one',
      }),
    ),
    data: Type.String({ default: './data', description: 'folder of the data' }),
    database: Type.Optional(
      Type.String({
        pattern: '^postgres(ql)?://',
        description: 'postgres://user:password@host:port/name; without it SQLite in the data folder',
      }),
    ),
    keepMessages: Type.Number({ minimum: 0.01, default: 7, description: 'days that raw frames are kept' }),
    keepMessagesMb: Type.Integer({
      minimum: 1,
      default: 2048,
      description: 'size of the raw frames, compressed (SQLite); the oldest go first',
    }),
    keepReadings: Type.Number({
      minimum: 1,
      default: 400,
      description: 'days that meter values outside transactions, and notices, are kept',
    }),
    keepEvents: Type.Optional(
      Type.Number({
        minimum: 1,
        description: 'days that the events of transactions with a final bill are kept; for ever when left out (the bill always is)',
      }),
    ),
    logHeartbeats: Type.Boolean({ default: false, description: 'keep heartbeats among the raw frames' }),
    unknownStations: Type.Union([Type.Literal('refuse'), Type.Literal('pending'), Type.Literal('accept')], {
      default: 'refuse',
      description: 'stations nobody registered: refuse, pending (approval), accept (test mode only)',
    }),
    subprotocolMismatch: Type.Union([Type.Literal('close'), Type.Literal('refuse')], {
      default: 'close',
      description: 'no common subprotocol: 101 and close, or refuse with 400',
    }),
    deflateTakeover: Type.Integer({ minimum: 0, default: 0, description: 'how many stations may keep their compression context' }),
    minSecurityProfile: Type.Integer({ minimum: 1, maximum: 3, default: 1, description: 'lowest security profile that may connect' }),
    trustProxy: Type.Boolean({ default: false, description: 'believe X-Forwarded-… of a reverse proxy' }),
    publicOcppUrl: Type.Optional(Type.String({ description: 'URL under which stations reach this CSMS' })),
    publicHttpUrl: Type.Optional(Type.String({ description: 'URL under which people reach page and API' })),
    filesTls: Type.Boolean({ default: false, description: "files over HTTPS only, with the certificates of the stations' TLS port" }),
    publicFilesUrl: Type.Optional(
      Type.String({ description: 'URL under which stations reach --files-port; without it only stations on this machine move files' }),
    ),
    logFileBytes: Type.Integer({ minimum: 1, default: limits.logFileBytes, description: 'the largest log a station may bring' }),
    firmwareSignatures: Type.Array(
      Type.Union([Type.Literal('rsaPssSha256'), Type.Literal('rsaPkcs1Sha256'), Type.Literal('ecdsaSha256')]),
      { default: ['rsaPssSha256'], description: 'how firmware may be signed (rsaPssSha256, rsaPkcs1Sha256, ecdsaSha256)' },
    ),
    webhookPrivate: Type.Boolean({ default: false, description: 'webhooks may go to loopback and private addresses' }),
    apiKey: Type.Optional(Type.String({ description: 'the first API key; else one is made and kept in the data folder' })),
    adminPassword: Type.Optional(
      Type.String({ description: 'password of the first administrator (admin); else one is made at the first start and printed once' }),
    ),
    oidcIssuer: Type.Optional(
      Type.String({
        pattern: '^(https://|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:|/|$))',
        description: 'identity provider that people may sign in with (OpenID Connect); http:// on this machine only',
      }),
    ),
    oidcClientId: Type.Optional(Type.String({ minLength: 1, description: 'what the identity provider calls this CSMS' })),
    oidcClientSecret: Type.Optional(
      Type.String({ minLength: 1, description: 'its secret there; without one it is a public client with PKCE' }),
    ),
    oidcRoleClaim: Type.String({
      default: 'busbar_role',
      minLength: 1,
      description: 'claim that says the role: viewer, installer, operator or admin, or a list with one of them',
    }),
    oidcSitesClaim: Type.Optional(
      Type.String({ minLength: 1, description: 'claim that says the sites by id or name, * = all; without it everybody sees all' }),
    ),
    tlsCert: Type.Array(Type.String(), { default: [], description: "certificate file of the stations' port (repeatable, RSA and EC)" }),
    tlsKey: Type.Array(Type.String(), { default: [], description: 'key file, in the order of --tls-cert' }),
    ocppTlsPort: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65_535,
        description:
          'port of the stations (wss); with it and without --tls-cert an authority of its own makes the certificates (9443 with --tls-cert alone)',
      }),
    ),
    organization: Type.String({ default: 'Busbar', minLength: 1, maxLength: 64, description: 'the operator, as certificates name it (O)' }),
    clientCertificateDays: Type.Integer({
      minimum: 1,
      maximum: 3650,
      default: 365,
      description: 'days that certificates for stations are valid',
    }),
    heartbeatInterval: Type.Integer({
      minimum: 1,
      default: limits.heartbeatIntervalS,
      description: 'seconds between heartbeats, told to stations at boot',
    }),
    callTimeout: Type.Number({ minimum: 1, default: limits.callTimeoutMs / 1000, description: 'seconds a station may take to answer' }),
    pingInterval: Type.Number({
      minimum: 0,
      default: limits.pingIntervalMs / 1000,
      description: 'seconds between WebSocket pings; 0 = none',
    }),
    billAfter: Type.Number({
      minimum: 0.001,
      default: limits.billAfterMs / 3_600_000,
      description: 'hours after which a bill with missing events becomes final',
    }),
    onboardingInventory: Type.Boolean({ default: true, description: 'fetch the inventory of a new station before it is accepted' }),
    gapQuery: Type.Boolean({ default: true, description: 'ask stations about missing events' }),
    certRenewal: Type.Boolean({ default: true, description: 'ask stations for a certificate request when theirs ends within a month' }),
    runningCost: Type.Boolean({
      default: true,
      description: 'tell stations that show prices every minute what a transaction costs so far',
    }),
    bootQuery: Type.Boolean({ default: true, description: 'ask stations to boot that never did here' }),
    drainWait: Type.Number({
      minimum: 0,
      maximum: 300,
      default: 0,
      description:
        'seconds between saying 503 on /health/ready and closing, when it is told to stop: what a load balancer needs to look elsewhere',
    }),
    testMode: Type.Boolean({ default: false, description: 'laboratory: overrides, raw calls, short passwords. Never in production' }),
    logLevel: Type.Union(
      [Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error'), Type.Literal('silent')],
      { default: 'warn', description: 'what the log on stderr holds' },
    ),
  },
  { additionalProperties: false },
);
export type ServeConfig = Static<typeof ServeConfig>;

export type ConfigKey = keyof typeof ServeConfig.properties;
export const CONFIG_KEYS = Object.keys(ServeConfig.properties).filter((key): key is ConfigKey => key in ServeConfig.properties);
/** Never shown; each may lie in a file that the environment names. */
export const SECRETS: readonly ConfigKey[] = ['apiKey', 'database', 'adminPassword', 'oidcClientSecret'];

export const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
export const environmentOf = (key: string): string => `BUSBAR_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

function described(key: ConfigKey): { description?: unknown; default?: unknown } {
  const schema: object = ServeConfig.properties[key];
  return { ...schema };
}

export const kindOf = (key: ConfigKey): string =>
  'type' in ServeConfig.properties[key] ? String(ServeConfig.properties[key].type) : 'string';

/** Gives a command all options of the schema, with their defaults in the help. */
export function addServeOptions(command: Command): Command {
  for (const key of CONFIG_KEYS) {
    const schema = described(key);
    const shown = schema.default === undefined || kindOf(key) === 'array' ? '' : ` (default ${JSON.stringify(schema.default)})`;
    const value = kindOf(key) === 'boolean' ? ' [yes|no]' : kindOf(key) === 'array' ? ' <value...>' : ' <value>';
    command.option(`${flagOf(key)}${value}`, `${String(schema.description)}${shown}`);
  }
  return command.option('--config <file>', 'busbar.yaml with the same names in camelCase');
}
