import type { Operation } from './operations.ts';

type Values = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

/** Where it goes: parameters of the path percent-encoded, those of the query without empty ones. */
export function addressOf({ path, parameters }: Operation, values: Values): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(textOf(values[name])) || `{${name}}`);
  const query = new URLSearchParams(
    parameters
      .filter((one) => one.in === 'query' && textOf(values[one.name]) !== '')
      .map(({ name }) => [name, textOf(values[name])] as const),
  );
  return `/api/v1${filled}${query.size === 0 ? '' : `?${query}`}`;
}

/** Required parameters that nobody has filled. */
export const missingOf = ({ parameters }: Operation, values: Values): readonly string[] =>
  parameters.filter(({ name, required }) => required && textOf(values[name]) === '').map(({ name }) => name);

/** One argument of a POSIX shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

interface Sent {
  readonly origin: string;
  readonly method: string;
  readonly address: string;
  readonly role: string;
  readonly type: string | undefined;
  /** A text as it goes; the name of a file where bytes go. */
  readonly body: { readonly text: string } | { readonly file: string } | undefined;
}

/** The same as a command line; the key is asked of the environment, never written out. */
export const curlOf = ({ origin, method, address, role, type, body }: Sent): string =>
  [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${quoted(`${origin}${address}`)}`,
    ...(role === 'anyone' ? [] : ['-H "authorization: Bearer $BUSBAR_KEY"']),
    ...(body === undefined || type === undefined ? [] : [`-H ${quoted(`content-type: ${type}`)}`]),
    ...(body === undefined ? [] : 'text' in body ? [`--data-binary ${quoted(body.text)}`] : [`--data-binary ${quoted(`@${body.file}`)}`]),
  ].join(' \\\n  ');
