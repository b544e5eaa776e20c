import { limits } from '@busbar/runtime';
import { StepFailed } from './report.ts';

export interface Address {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Of the CSMS, without the station's id and without a slash at the end. */
  readonly basePath: string;
  readonly id: string;
  readonly text: string;
}

export const pathOf = ({ basePath, id }: Pick<Address, 'basePath' | 'id'>): string => `${basePath}/${encodeURIComponent(id)}`;
export const urlOf = ({ secure, host, port }: Pick<Address, 'secure' | 'host' | 'port'>, path: string): string =>
  `${secure ? 'wss' : 'ws'}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;

/** Step 1: what a station would make of the URL and the id it was configured with. */
export function readAddress(text: string, id: string): Address {
  checkId(id);
  const url = parse(text);
  const secure = url.protocol === 'wss:';
  if (url.search !== '' || url.hash !== '') {
    throw new StepFailed(`${url.search}${url.hash} behind the path`, {
      verdict: 'The URL of a CSMS has no query and no fragment; the id is added to its path.',
      lines: [['do', `use ${url.origin === 'null' ? url.href.split(/[?#]/)[0] : url.origin + url.pathname}`]],
    });
  }
  const notes: string[] = [];
  let path = url.pathname.replace(/\/+$/, '');
  if (path !== url.pathname && url.pathname !== '/') notes.push('the slash at the end is left out');
  const last = decoded(path.slice(path.lastIndexOf('/') + 1));
  const alreadyThere = path !== '' && last === id;
  if (alreadyThere) path = path.slice(0, path.lastIndexOf('/'));
  if (url.username !== '' || url.password !== '') notes.push('user and password in the URL are not used');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const full = pathOf({ basePath: path, id });
  notes.unshift(alreadyThere ? `the id is in the URL already: ${full}` : `id is added: ${full}`);
  return {
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    basePath: path,
    id,
    text: `${secure ? 'wss' : 'ws'}, port ${port}, path ${path === '' ? '/' : path}, ${notes.join(', ')}`,
  };
}

function checkId(id: string): void {
  const problem =
    id === ''
      ? 'it is empty'
      : id.includes(':')
        ? 'it holds a colon, which separates user name and password in HTTP Basic'
        : Array.from(id).length > limits.stationIdLength
          ? `it has ${Array.from(id).length} characters, ${limits.stationIdLength} are allowed`
          : /^[\w*=+|@.-]+$/.test(id)
            ? undefined
            : 'it holds characters that an identifier may not have';
  if (problem === undefined) return;
  throw new StepFailed(`the id ${JSON.stringify(id)} is not allowed`, {
    verdict: `A station cannot be called so: ${problem}.`,
    lines: [
      ['do', 'use letters, digits and * - _ = + | @ .'],
      ['clause', 'A00.FR.204 (user name), SecurityCtrlr.Identity'],
    ],
    code: 'bad-usage',
  });
}

function parse(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    const withScheme = `ws://${text.replace(/^\/+/, '')}`;
    throw new StepFailed(`${text} is no URL`, {
      verdict: 'This is not the URL of a CSMS.',
      lines: [['do', `write it like ${URL.canParse(withScheme) && !text.includes('//') ? withScheme : 'wss://csms.example:9443/ocpp'}`]],
      code: 'bad-usage',
    });
  }
  if (url.protocol === 'ws:' || url.protocol === 'wss:') return url;
  const scheme = url.protocol === 'https:' ? 'wss' : 'ws';
  const known = /^https?:$/.test(url.protocol);
  throw new StepFailed(`${url.protocol} is not the scheme of a WebSocket`, {
    verdict: known ? `${url.protocol} is for browsers; stations use ${scheme}:.` : 'A station connects by ws: or wss:.',
    lines: [['do', `use ${known ? text.replace(/^https?/, scheme) : 'wss://csms.example:9443/ocpp'}`]],
    code: 'bad-usage',
  });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
