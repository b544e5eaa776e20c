import type { FastifyReply } from 'fastify';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

/** A page without style and script, for what a browser is shown outside the console. Nobody learns from where it came. */
const sendPage = (reply: FastifyReply, body: string): FastifyReply =>
  reply
    .header('content-security-policy', "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Busbar</title>${body}</html>`,
    );

/** To the console. Not a redirect: its chain began elsewhere, and along such a chain browsers do not send a cookie that is SameSite=Strict. */
export const sendOn = (reply: FastifyReply): FastifyReply =>
  sendPage(reply, '<meta http-equiv="refresh" content="0;url=/"><a href="/">Busbar</a>');

/** What went wrong, in a sentence, and the way back. */
export const sendRefusal = (reply: FastifyReply, status: number, detail: string): FastifyReply =>
  sendPage(reply.code(status), `<h1>You are not signed in</h1><p>${escaped(detail)}</p><p><a href="/">Back to the sign-in page</a></p>`);
