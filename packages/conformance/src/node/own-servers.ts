import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Listener, type ListenTls, wsListen } from '@busbar/protocol/node';
import type { Acceptor, Handshake, HandshakeVerdict } from '@busbar/runtime';
import type { Door, SecureDoor, TlsSetting, WebPage, WebRequest } from '../outside.ts';
import type { OwnServers } from './real-outside.ts';

export interface RunningServers extends OwnServers {
  close(): Promise<void>;
}

export interface ServerPlace {
  /** Where stations under test reach the kit; loopback unless told otherwise. */
  readonly host: string;
  readonly port: number;
}

const HEAD_BYTES = 4096;
const UPLOAD_BYTES = 64 << 20;

/** The kit's own CSMS and file server: one port each, a door for every station. */
export async function ownServers({ host, port }: ServerPlace): Promise<RunningServers> {
  const doors = new Map<string, (handshake: Handshake) => HandshakeVerdict>();
  const acceptor: Acceptor = async (handshake) => {
    const id = decodeURIComponent(handshake.path.split('/').at(-1) ?? '');
    const knocked = doors.get(id);
    return knocked === undefined ? { kind: 'refuse', status: 404, reason: 'no case waits for this station' } : knocked(handshake);
  };
  const plain = await wsListen({ host, port, acceptor });
  const files = await fileServer(host);
  const open = new Set<Listener>();
  return {
    door: (stationId, knocked): Door => {
      doors.set(stationId, knocked);
      return { ws: `ws://${host}:${plain.port}/ocpp`, second: `ws://${host}:${plain.port}/second`, close: () => doors.delete(stationId) };
    },
    secureDoor: (stationId, tls, knocked, failed) => secureDoor(host, stationId, tls(host), knocked, failed, open),
    page: files.page,
    close: async () => {
      await Promise.all([...open].map((listener) => listener.close()));
      await plain.close();
      await files.close();
    },
  };
}

async function secureDoor(
  host: string,
  stationId: string,
  tls: TlsSetting,
  knocked: (handshake: Handshake) => HandshakeVerdict,
  failed: (reason: string) => void,
  open: Set<Listener>,
): Promise<SecureDoor> {
  const listener = await wsListen({
    host,
    port: 0,
    tls: listenTls(tls),
    tlsFailed: (_, reason) => failed(reason),
    tlsAbandoned: () => failed('the station left after the handshake without a request'),
    acceptor: async (handshake) =>
      decodeURIComponent(handshake.path.split('/').at(-1) ?? '') === stationId
        ? knocked(handshake)
        : { kind: 'refuse', status: 404, reason: 'no case waits for this station' },
  });
  open.add(listener);
  return {
    wss: `wss://${host}:${listener.port}/ocpp`,
    second: `wss://${host}:${listener.port}/second`,
    host,
    renew: (next) => listener.renew(listenTls(next)),
    close: () => {
      open.delete(listener);
      listener.close().catch(() => {});
    },
  };
}

const listenTls = ({ chain, key, minVersion, maxVersion, ciphers }: TlsSetting): ListenTls => ({
  cert: chain,
  key: key.reveal(),
  requestClientCertificate: true,
  offers: {
    ...(minVersion ? { minVersion } : {}),
    ...(maxVersion ? { maxVersion } : {}),
    // OpenSSL speaks TLS 1.1 only below security level 1 (D19).
    ...(ciphers ? { ciphers } : maxVersion === 'TLSv1.1' || maxVersion === 'TLSv1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  },
});

interface Served {
  readonly page: WebPage;
  readonly seen: (request: WebRequest) => void;
  readonly held: (() => void)[];
}

async function fileServer(host: string): Promise<{ page: OwnServers['page']; close(): Promise<void> }> {
  const pages = new Map<string, Served>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    // Uploads may add a file name of their own.
    const served = pages.get(path) ?? pages.get(path.slice(0, Math.max(1, path.lastIndexOf('/'))));
    if (served === undefined) {
      response.writeHead(404).end();
      return;
    }
    take(served, path, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen({ host, port: 0 }, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    page: (path, page, seen) => {
      const served: Served = { page, seen, held: [] };
      pages.set(path, served);
      return {
        url: `http://${host}:${port}${path}`,
        secureUrl: '',
        release: () => {
          for (const go of served.held.splice(0)) go();
        },
        close: () => pages.delete(path),
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function take({ page, seen, held }: Served, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = Date.now();
  let bytes = 0;
  let head = '';
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.length;
    if (bytes > UPLOAD_BYTES) throw new Error('the upload is larger than the kit takes');
    if (head.length < HEAD_BYTES) head += new TextDecoder().decode(chunk.subarray(0, HEAD_BYTES - head.length));
  }
  const { range } = request.headers;
  seen({ method: request.method ?? '', path, bytes, head, at, ...(range === undefined ? {} : { range }) });
  if (page.stall === true) await new Promise<void>((resolve) => held.push(resolve));
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (page.status !== undefined) response.writeHead(page.status).end();
  else if (!isRead) response.writeHead(201).end();
  else if (page.body === undefined) response.writeHead(404).end();
  else send(page.body, range, request.method === 'HEAD', response);
}

function send(body: Uint8Array, range: string | undefined, headOnly: boolean, response: ServerResponse): void {
  const [, from] = /^bytes=(\d+)-/.exec(range ?? '') ?? [];
  const start = from === undefined ? 0 : Number(from);
  const part = body.subarray(start);
  response.writeHead(from === undefined ? 200 : 206, {
    'content-length': part.length,
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` }),
  });
  response.end(headOnly ? undefined : part);
}
