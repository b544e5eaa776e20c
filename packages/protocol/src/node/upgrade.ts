import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '@busbar/runtime';

/** Why a request is no WebSocket handshake (RFC 6455, 4.2.1), or undefined. */
export function badUpgrade(request: IncomingMessage): string | undefined {
  const { headers } = request;
  if (request.method !== 'GET') return 'a WebSocket handshake is a GET request';
  if (headers.upgrade?.toLowerCase() !== 'websocket') return 'the Upgrade header does not say websocket';
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')) return 'the Sec-WebSocket-Key header is missing or wrong';
  if (headers['sec-websocket-version'] !== '13') return 'only version 13 of WebSocket is spoken here';
  if (!/^[\w!#$%&'*+.^`|~,\s-]*$/.test(headers['sec-websocket-protocol'] ?? '')) return 'the Sec-WebSocket-Protocol header is damaged';
  return undefined;
}

/** In the client's order, each once. */
export const subprotocolsOf = (header: string | undefined): string[] => [
  ...new Set((header ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))),
];

/** Answers a handshake without an upgrade and closes. */
export function answer(socket: Duplex, status: number, reason: string, { retryAfterS }: { retryAfterS?: number } = {}): void {
  if (socket.destroyed) return;
  const body = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Basic realm="OCPP", charset="UTF-8"'] : []),
    ...(retryAfterS === undefined ? [] : [`Retry-After: ${Math.ceil(retryAfterS)}`]),
  ];
  const timer = setTimeout(() => socket.destroy(), limits.closeWaitMs);
  socket.once('close', () => clearTimeout(timer));
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
