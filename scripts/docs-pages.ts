// The pages of docs/ that are made from the sources. They write nothing: scripts/docs.ts does, test/docs.test.ts compares.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi, pathOf, type Route, type RouteName, routes } from '@busbar/api';
import { blockersOf, CASES, CATALOGUE, everythingBut, FEATURES, PROFILES, parseCondition, select } from '@busbar/conformance';
import { ERRORS, VERSION } from '@busbar/runtime';
import { environmentOf, flagOf, ServeConfig } from '../packages/cli/src/config.ts';
import { STATION_WITHOUT } from '../packages/cli/src/own-features.ts';
import { cliPage } from './docs-cli.ts';
import { REST_EXAMPLES, type RestExample } from './docs-rest-examples.ts';

const root = join(import.meta.dirname, '..');

export interface Page {
  readonly path: string;
  readonly text: string;
}

const made = (from: string): string => `<!-- Made from ${from} by \`npm run docs\`; do not edit. -->\n`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

interface AnySchema {
  readonly type?: string;
  readonly anyOf?: readonly { readonly const?: unknown }[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, AnySchema>>;
  readonly required?: readonly string[];
}

function typeOf(schema: AnySchema): string {
  if (schema.anyOf) return schema.anyOf.map((one) => code(String(one.const))).join(', ');
  if (schema.type === 'boolean') return 'yes or no';
  if (schema.type === 'array') return 'list of texts';
  const { minimum, maximum } = schema;
  const range = minimum === undefined ? '' : maximum === undefined ? ` from ${minimum}` : ` ${minimum} to ${maximum}`;
  return `${schema.type === 'string' ? 'text' : schema.type === 'integer' ? 'integer' : 'number'}${range}`;
}

export function configurationPage(): Page {
  const properties: Readonly<Record<string, AnySchema>> = ServeConfig.properties;
  const rows = Object.entries(properties).map(([key, schema]) => [
    `${code(flagOf(key))}<br>${code(environmentOf(key))}<br>${code(key)}`,
    schema.description ?? '',
    typeOf(schema),
    schema.default === undefined ? 'none' : code(JSON.stringify(schema.default)),
  ]);
  const text = `${made('packages/cli/src/config.ts')}
# Configuration of the CSMS

Flags of \`busbar serve\` and \`busbar up\`, environment and file have the same options. A flag beats the environment, which beats
the file, which beats the default. The file is \`busbar.yaml\` in the working folder or the one \`--config FILE\` or \`BUSBAR_CONFIG\`
names; an unknown name in it is refused. Secrets may lie in files that the environment
names: \`BUSBAR_API_KEY_FILE\`, \`BUSBAR_ADMIN_PASSWORD_FILE\`, \`BUSBAR_OIDC_CLIENT_SECRET_FILE\`, \`BUSBAR_DATABASE_FILE\`.

\`\`\`yaml
# busbar.yaml
host: 0.0.0.0
data: /var/lib/busbar
unknownStations: pending
\`\`\`

\`\`\`sh
# every mistake with its place: unknown names (the environment's too), wrong values, what conflicts; exit code 2 when there is one
npx busbar config check --config busbar.yaml
# which value comes from where, secrets masked; --all shows the defaults too, --json is for scripts
npx busbar config show --config busbar.yaml
\`\`\`

${table(['flag, environment, file', 'what it is', 'value', 'default'], rows)}
`;
  return { path: 'docs/configuration.md', text };
}

function queryOf({ query }: Route): string {
  const { properties = {} }: AnySchema = query ?? {};
  return Object.entries(properties)
    .map(([name, { description }]) => `${code(name)}${description === undefined ? '' : ` (${description})`}`)
    .join(', ');
}

function exampleOf(name: RouteName, { method }: Route): string {
  const { at, body, answer }: RestExample = REST_EXAMPLES[name];
  return `${code(`${method} ${at}`)}${body === undefined ? '' : `<br>${code(JSON.stringify(body))}`}<br>→ ${code(answer)}`;
}

/** The least role, and whether it is for some sites too. */
const whoMay = ({ role, path, perSite }: Route): string =>
  role === 'anyone' ? 'anyone' : `${role}${perSite === true || path.includes(':stationId') ? ', per site' : ''}`;

export function restPage(): Page {
  const names = Object.keys(routes).filter((name): name is RouteName => name in routes);
  const rows = names.map((name) => {
    const route: Route = routes[name];
    const query = queryOf(route);
    return [
      `${code(`${route.method} ${pathOf(route)}`)} (${whoMay(route)})<br>${route.summary}${query === '' ? '' : `<br>query: ${query}`}`,
      exampleOf(name, route),
    ];
  });
  const errors = Object.entries(ERRORS).map(([name, { http, exit, sentence, ...rest }]) => [
    code(name),
    String(http),
    String(exit),
    'clause' in rest ? `${sentence} (${rest.clause})` : sentence,
  ]);
  const text = `${made('packages/api/src and packages/runtime/src/errors.ts')}
# REST of the CSMS

Everything is below \`/api/v1\`. Send \`Authorization: Bearer KEY\`; the first key lies in the data folder, file \`api-key\`, or is
given by \`BUSBAR_API_KEY\`. People sign in with \`POST /session\` and are known by a cookie ([people.md](people.md)). Each route says who
may use it at least (viewer, installer, operator, admin), and whether it shows somebody who may see some sites those alone; a route
with \`{stationId}\` is for stations of one's sites, one that has neither is refused to him.
 Ids in a path are percent-encoded. Times are RFC 3339 in UTC, energies Wh with at most three decimals.

\`\`\`sh
curl -H "Authorization: Bearer $(cat data/api-key)" http://127.0.0.1:8080/api/v1/stations
\`\`\`

Lists answer an array. The next page stands in the header \`Link: <…>; rel="next"\`: it begins behind the last entry, so whatever comes meanwhile
moves nothing. \`limit\` is the size of a page; \`format=csv\`, or \`Accept: text/csv\`, gives all entries from there on, up to 100,000, with
what a spreadsheet would run as a formula behind a \`'\`. Webhooks: [webhooks.md](webhooks.md).

A command has one of these states: \`queued\` and \`sent\` (202), \`answered\` and \`refused\` by CALLERROR (200), \`unknown\` when no
answer came in time (504), \`notSent\` (409). With an \`Idempotency-Key\` header a repeated request finds the same command.
\`/events\` is a stream of server-sent events; a \`Last-Event-ID\` that is remembered continues it, an older one gets \`snapshot\`
first: read the lists again. The whole interface as OpenAPI 3.1: \`/api/openapi.json\`, [docs/openapi.json](openapi.json).
\`/health/live\` and \`/health/ready\` lie outside \`/api/v1\` and need no key.

## Routes

${table(['route', 'example'], rows)}

## Errors

An error is an RFC 9457 problem: \`type\`, \`title\`, \`status\`, \`code\`, \`detail\`, and \`clause\` where OCPP is behind it. The command
line ends with the exit code.

${table(['code', 'HTTP', 'exit', 'what it means'], errors)}
`;
  return { path: 'docs/rest.md', text };
}

/** Which cases do not apply to our own station, and why we do not declare what they need. */
export function notApplicablePage(): Page {
  const declared = everythingBut('station', Object.keys(STATION_WITHOUT));
  const left = select({ role: 'station', profiles: PROFILES, declared }, CASES).flatMap((one) => ('run' in one ? [] : [one]));
  const rows = left.map(({ entry, title }) => {
    const reasons = blockersOf(parseCondition(entry.condition), declared).map((id) => {
      const asks = FEATURES.find((feature) => feature.id === id)?.asks ?? '';
      return declared.has(id) ? `${code(id)} is declared (${asks})` : `${code(id)} is not declared: ${STATION_WITHOUT[id] ?? asks}`;
    });
    return [code(entry.id), title, code(entry.condition), reasons.join('; ')];
  });
  const text = `${made('packages/cli/src/own-features.ts and the catalogue')}
# Cases that do not apply to our own station

Of ${CATALOGUE.filter(({ role }) => role === 'station').length} cases for a station these ${left.length} are *not applicable* to the simulated station of this repository. Its CSMS
declares every feature, so all ${CATALOGUE.filter(({ role }) => role === 'csms').length} cases for a CSMS apply. What *not applicable* means: [conformance.md](conformance.md).

${table(['case', 'what it proves', 'condition', 'why not'], rows)}
`;
  return { path: 'docs/conformance-not-applicable.md', text };
}

/** For generators of clients; the CSMS serves the same at /api/openapi.json. */
export const openApiPage = (): Page => ({ path: 'docs/openapi.json', text: `${JSON.stringify(openApi(VERSION), null, 2)}\n` });

/** The first line of a record is its title. */
export function decisionsPage(): Page {
  const files = readdirSync(join(root, 'docs/adr'))
    .filter((file) => /^\d{4}-/.test(file))
    .sort();
  const lines = files.map((file) => {
    const [, title = file] = /^# (.+)$/m.exec(readFileSync(join(root, 'docs/adr', file), 'utf8')) ?? [];
    return `- [${title}](${file})`;
  });
  return {
    path: 'docs/adr/index.md',
    text: `${made('docs/adr')}
# Decisions

What somebody will question in a year: context, options, choice, price. One page each.

${lines.join('\n')}
`,
  };
}

export const pages = (): readonly Page[] => [
  configurationPage(),
  decisionsPage(),
  restPage(),
  openApiPage(),
  cliPage(),
  notApplicablePage(),
];
