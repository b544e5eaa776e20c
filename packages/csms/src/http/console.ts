import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { BusbarError } from '@busbar/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessControl } from './access.ts';
import { open } from './contract.ts';
import { setCookie } from './cookies.ts';

/** The built console: its page, with BUSBAR_NONCE where each answer gets a fresh one, and the files the page names. */
export interface ConsoleFiles {
  readonly page: string;
  /** By name, without a folder; all of them are known at the start, so no path is ever looked up on the disk. */
  readonly assets: ReadonlyMap<string, Buffer>;
}

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
};
/** Below it the header costs more than the compression saves. */
const GZIP_FROM = 1024;

/** The page for every address that is not the API's, and its files. What it shows it asks for; without a sign-in that is nothing. */
export function registerConsole(app: FastifyInstance, access: AccessControl, { page, assets }: ConsoleFiles): void {
  const small = new Map<string, Buffer>();
  app.get<{ Params: { name: string } }>('/assets/:name', open('anyone'), async ({ params: { name }, headers }, reply) => {
    const file = assets.get(name);
    if (file === undefined) throw new BusbarError('not-found', `The console has no file ${name}.`);
    reply
      .type(TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
      .header('cache-control', 'public, max-age=31536000, immutable') // their names hold a hash of what is in them
      .header('x-content-type-options', 'nosniff')
      .header('vary', 'accept-encoding');
    if (file.length < GZIP_FROM || headers['accept-encoding']?.includes('gzip') !== true) return reply.send(file);
    const zipped = small.get(name) ?? gzipSync(file, { level: 9 });
    small.set(name, zipped);
    return reply.header('content-encoding', 'gzip').send(zipped);
  });
  app.get<{ Querystring: { ticket?: string } }>('/', open('anyone'), async (request, reply) => {
    const { ticket } = request.query;
    if (ticket === undefined) return sendPage(reply, page);
    const cookie = access.redeem(ticket);
    if (cookie === undefined)
      throw new BusbarError('unauthorized', 'This ticket was used or is too old. Sign in, or restart with npm start.');
    return reply.header('set-cookie', setCookie(request, cookie)).redirect('/', 303);
  });
  app.get('/*', open('anyone'), async (request, reply) => {
    if (isPage(request)) return sendPage(reply, page);
    throw new BusbarError('not-found', `GET ${request.url.split('?')[0] ?? ''} does not exist.`);
  });
}

/** An address of the console: what a browser opens, and nothing of the API's but the page about it. */
const isPage = ({ url, headers }: FastifyRequest): boolean =>
  (/^\/api\/docs(?:[/?]|$)/.test(url) || !/^\/(?:api|assets|health|metrics)(?:[/?]|$)/.test(url)) &&
  headers.accept?.includes('text/html') === true;

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.replaceAll('BUSBAR_NONCE', nonce));
}
