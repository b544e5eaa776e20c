// The `http` driver's other end for a CSMS with an API of its own: copy it and replace `yours`, the only part that knows
// the API. Here it is the REST interface of Busbar, as if it were yours.
//   node adapter.ts API-BASE PORT        API_KEY: the key of your API; ADAPTER_TOKEN: what the kit must show
import { createServer, type IncomingMessage } from 'node:http';
import { pathToFileURL } from 'node:url';

type Body = Readonly<Record<string, unknown>>;
interface Answer {
  /** 200 done, 409 your system has no such thing, anything else: no verdict on it. */
  readonly status: number;
  readonly body: unknown;
}
type Api = (method: string, path: string, body?: unknown) => Promise<Answer>;

const MOST_BYTES = 1 << 20;
const done: Answer = { status: 200, body: {} };
const cannot = (what: string): Answer => ({ status: 409, body: { reason: `our CSMS cannot ${what}` } });
const word = (value: unknown): string => encodeURIComponent(String(value));

/** What a person would do, done by your API. Every act is described in docs/conformance.md. */
async function yours(act: Body, api: Api): Promise<Answer> {
  const at = `/stations/${word(act['stationId'])}`;
  switch (act['do']) {
    case 'registerStation': {
      const { do: _, stationId, ...rest } = act;
      const made = await api('POST', '/stations', { id: stationId, ...rest });
      // What the CSMS does by itself when a station boots would disturb the cases.
      return made.status < 300 ? api('PUT', `${at}/test-mode`, { automation: 'off' }) : made;
    }
    case 'removeStation': {
      const gone = await api('DELETE', at);
      return gone.status === 404 || gone.status === 409 ? done : gone; // it has transactions to keep: fine
    }
    case 'setToken':
      return api('PUT', `/tokens/${word(act['type'])}/${word(act['idToken'])}`, act['token']);
    case 'call':
      // Sends and does not wait: the kit sees the message at its station.
      return api('POST', `${at}/calls/${word(act['action'])}?wait=0`, act['payload']);
    case 'setPassword':
      return api('POST', `${at}/password`, { password: act['password'] });
    case 'nextBoot':
      return api('PUT', `${at}/test-mode`, { nextBoot: act['boots'] });
    case 'automation':
      return cannot('switch this for one station');
    case 'renewCertificate':
      return api('POST', `${at}/renew-certificate`, {});
    case 'trustStations':
      return api('POST', '/trust/station', { pem: act['pem'] });
    default:
      return cannot(String(act['do']));
  }
}

const apiOf =
  (base: string, key: string): Api =>
  async (method, path, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.ok ? 200 : response.status, body: await response.text() };
  };

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

/** Listens on this machine only. */
export function startAdapter(options: {
  base: string;
  key: string;
  token: string;
  port: number;
}): Promise<{ port: number; close(): void }> {
  const api = apiOf(options.base, options.key);
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    if (request.headers.authorization !== `Bearer ${options.token}`) return { status: 401, body: { reason: 'wrong token' } };
    return yours(await bodyOf(request), api);
  };
  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown): Answer => ({ status: 500, body: { reason: String(error) } }))
      .then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)))
      .catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address ? address.port : options.port, close: () => server.close() });
    });
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , base = 'http://127.0.0.1:8080/api/v1', port = '9200'] = process.argv;
  const { API_KEY: key = '', ADAPTER_TOKEN: token = '' } = process.env;
  const running = await startAdapter({ base, key, token, port: Number(port) });
  console.log(`adapter at http://127.0.0.1:${running.port} for ${base}`);
}
