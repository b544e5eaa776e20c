/** One argument of a POSIX shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

interface Sent {
  readonly origin: string;
  readonly stations: readonly string[];
  readonly action: string;
  readonly payload: unknown;
  /** Seconds that stations which are away are waited for; undefined = refused. */
  readonly expires: number | undefined;
}

/** The same as a command line; the key is asked of the environment, never written out. */
export function asCurl({ origin, stations, action, payload, expires }: Sent): string {
  const [only] = stations;
  const one = stations.length === 1 && only !== undefined;
  const offline = expires === undefined ? '' : `&offline=queue&expires=${expires}`;
  const path = one ? `/stations/${encodeURIComponent(only)}/calls/${action}?wait=30${offline}` : '/bulk';
  const body = one
    ? payload
    : { stations, action: { kind: 'call', action, payload }, ...(expires === undefined ? {} : { offline: 'queue', expires }) };
  return [
    `curl -X POST ${quoted(`${origin}/api/v1${path}`)}`,
    `-H "authorization: Bearer $BUSBAR_KEY"`,
    `-H 'content-type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ');
}
