import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { get } from 'node:http';
import { get as getSecure } from 'node:https';
import { connect, isIP } from 'node:net';
import { checkServerIdentity, connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import { messageOf } from '@busbar/runtime';
import type { Address } from './address.ts';
import { StepFailed } from './report.ts';

const DAY = 86_400_000;
export interface Found {
  readonly text: string;
  readonly careful?: boolean;
}

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
};

/** Step 2. */
export async function resolveHost({ host }: Address): Promise<Found> {
  if (isIP(host)) return { text: `${host} is an address, no look-up is needed` };
  const from = performance.now();
  let found: LookupAddress[];
  try {
    found = await lookup(host, { all: true });
  } catch (error) {
    const unknown = codeOf(error) === 'ENOTFOUND';
    throw new StepFailed(unknown ? `${host} is not known` : `no answer from the name server (${codeOf(error)})`, {
      verdict: unknown ? `No machine is called ${host}.` : 'The name server does not answer.',
      lines: [
        [
          'do',
          unknown
            ? 'check the spelling; a name of the office network may be unknown in the mobile network'
            : 'check the network and its DNS server',
        ],
        ['or', 'use the address of the CSMS instead of its name, to see whether the rest works'],
      ],
    });
  }
  const list = found.map(({ address, family }) => `${address} (${family === 4 ? 'A' : 'AAAA'})`).join(', ');
  return { text: `${host} is ${list} in ${Math.round(performance.now() - from)} ms` };
}

/** Step 3. */
export async function openTcp({ host, port, secure }: Address, timeoutMs: number): Promise<Found> {
  const from = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port }, resolve);
  socket.setTimeout(timeoutMs, () => reject(new Error('timeout')));
  socket.on('error', reject);
  try {
    await promise;
  } catch (error) {
    const code = codeOf(error);
    const refused = code === 'ECONNREFUSED';
    throw new StepFailed(refused ? `refused: nothing listens on port ${port}` : code === '' ? `no answer in ${timeoutMs} ms` : code, {
      verdict: refused ? `The machine is there, but nothing listens on port ${port}.` : 'The machine does not answer.',
      lines: refused
        ? [
            ['do', 'check that the CSMS runs and which port it listens on'],
            ['why', `${secure ? 'wss' : 'ws'} without a port means ${secure ? 443 : 80}; Busbar listens on 9000 (ws) and 9443 (wss)`],
          ]
        : [
            ['do', `let TCP port ${port} through, in the firewall of the CSMS and in the network of the station`],
            ['why', 'silence instead of a refusal is what a firewall does'],
          ],
    });
  } finally {
    socket.destroy();
  }
  return { text: `open in ${Math.round(performance.now() - from)} ms` };
}

/** Step 4. */
export async function openTls(address: Address, roots: readonly string[] | undefined, timeoutMs: number): Promise<Found> {
  const { host, port } = address;
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connectTls(
    { host, port, rejectUnauthorized: false, ...(isIP(host) ? {} : { servername: host }), ...(roots ? { ca: [...roots] } : {}) },
    () => resolve(socket),
  );
  socket.setTimeout(timeoutMs, () => reject(new Error(`no answer in ${timeoutMs} ms`)));
  socket.on('error', reject);
  try {
    await promise;
    return judge(address, socket);
  } catch (error) {
    if (error instanceof StepFailed) throw error;
    const plain = /wrong version number|packet length too long|http request/i.test(messageOf(error));
    throw new StepFailed(plain ? `port ${port} does not speak TLS` : `no agreement: ${messageOf(error)}`, {
      verdict: plain ? 'The port answers, but in plain text: wss and ws are mixed up.' : 'The TLS handshake fails.',
      lines: plain
        ? [
            ['do', `use ws://${host}:${port}${address.basePath}`],
            ['or', 'use the TLS port of the CSMS (Busbar: 9443)'],
          ]
        : [
            ['do', 'check which TLS versions and cipher suites both sides allow'],
            ['clause', 'A00.FR.318 (cipher suites), A00.FR.421'],
          ],
    });
  } finally {
    socket.destroy();
  }
}

function judge({ host, id }: Address, socket: TLSSocket): Found {
  const certificate = socket.getPeerCertificate();
  const from = Date.parse(certificate.valid_from);
  const until = Date.parse(certificate.valid_to);
  const issuer = text(certificate.issuer?.CN) ?? text(certificate.issuer?.O) ?? 'unknown';
  const version = (socket.getProtocol() ?? '').replace('TLSv', '');
  if (Date.now() > until) {
    throw new StepFailed(`the certificate expired on ${certificate.valid_to}`, {
      verdict: "The server's certificate has expired, or the clock of this machine runs ahead.",
      lines: [['do', 'renew the certificate of the CSMS']],
    });
  }
  if (Date.now() < from) {
    throw new StepFailed(`the certificate is valid from ${certificate.valid_from}`, {
      verdict: "The server's certificate is not valid yet. More often the clock of the station is behind.",
      lines: [['do', `set the clock: this machine thinks it is ${new Date().toISOString()}`]],
    });
  }
  const wrongName = checkServerIdentity(host, certificate);
  if (wrongName) {
    throw new StepFailed(`the name does not fit: ${namesOf(certificate)}`, {
      verdict: `The certificate is not made out for ${host}.`,
      lines: [
        ['do', `use a name it holds: ${namesOf(certificate)}`],
        ['or', `let the CSMS have a certificate for ${host}`],
      ],
    });
  }
  if (!socket.authorized) {
    throw new StepFailed(`issued by "${issuer}", which is not trusted (${messageOf(socket.authorizationError)})`, {
      verdict: 'The certificate of the server leads to no root that is trusted here.',
      lines: [
        ['do', 'give the root of the CSMS with --tls-ca FILE, and install it on the station as CSMSRootCertificate'],
        ['why', `a station trusts only the roots in its own store; ${id} must have this one`],
      ],
    });
  }
  const days = Math.floor((until - Date.now()) / DAY);
  const wildcard = namesOf(certificate).includes('*');
  const careful = [
    ...(wildcard ? ['by a wildcard, which stations refuse unless AllowCSMSTLSWildcards is on'] : []),
    ...(days < 14 ? ['renew it soon'] : []),
  ];
  return {
    text: `${version}, name fits${wildcard ? ` ${careful[0]}` : ''}, issued by "${issuer}", ${days} days left${days < 14 ? ', renew it soon' : ''}`,
    careful: careful.length > 0,
  };
}

const namesOf = ({ subject, subjectaltname }: PeerCertificate): string =>
  subjectaltname?.replaceAll(/DNS:|IP Address:/g, '') ?? text(subject?.CN) ?? 'no name at all';
const text = (value: string | readonly string[] | undefined): string | undefined => (typeof value === 'string' ? value : value?.join(' '));

/** Step 5: the Date header of a plain HTTP answer; it knows whole seconds. */
export async function compareClocks({ host, port, secure, basePath }: Address, timeoutMs: number): Promise<Found | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const options = { host, port, path: basePath === '' ? '/' : basePath, agent: false, timeout: timeoutMs } as const;
  const sent = Date.now();
  const request = secure ? getSecure({ ...options, rejectUnauthorized: false }) : get(options);
  request.on('response', (response) => {
    resolve(response.headers.date);
    response.destroy();
  });
  request.on('error', () => resolve(undefined));
  request.on('timeout', () => resolve(undefined));
  const header = await promise;
  request.destroy();
  const server = Date.parse(header ?? '');
  if (Number.isNaN(server)) return undefined;
  // The header was cut to the second, so the truth lies up to one second later.
  const aheadS = ((sent + Date.now()) / 2 - server - 500) / 1000;
  if (Math.abs(aheadS) < 1) return { text: 'less than 1 s from the server' };
  const far = Math.abs(aheadS) > 60;
  return {
    text: `${aheadS.toFixed(1).replace('-', '')} s ${aheadS > 0 ? 'ahead of' : 'behind'} the server${far ? ', transactions get wrong times' : ''}`,
    careful: far,
  };
}
