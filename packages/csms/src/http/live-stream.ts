import { formatInstant, limits } from '@busbar/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Kernel } from '../kernel.ts';
import type { Numbered } from '../live.ts';
import type { AccessControl } from './access.ts';
import { Sight } from './sight.ts';

/** Server-sent events with resume, of the sites that somebody may see and while he may: a `Last-Event-ID` that is remembered is continued, an older one gets `snapshot` first (the client reads the lists again). */
export function streamEvents(
  kernel: Kernel,
  access: AccessControl,
  request: FastifyRequest,
  reply: FastifyReply,
  stationId: string | undefined,
  clients: Set<FastifyReply>,
): void {
  const { live } = kernel;
  const { raw } = reply;
  let who = request.access;
  let sight = new Sight(kernel, who);
  reply.hijack();
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  const write = (text: string): void => {
    // A client that does not read is closed; it comes back with its Last-Event-ID.
    if (raw.writableLength > limits.eventClientBytes) raw.destroy();
    else raw.write(text);
  };
  const send = ({ id, at, event }: Numbered): void => {
    if ((stationId !== undefined && event.stationId !== stationId) || !sight.event(event)) return;
    write(`id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify({ at: formatInstant(at), ...event })}\n\n`);
  };
  const lastId = Number(request.headers['last-event-id'] ?? live.lastId);
  const missed = live.since(lastId);
  if (missed === undefined) write(`id: ${live.lastId}\nevent: snapshot\ndata: {}\n\n`);
  else for (const event of missed) send(event);
  write(': welcome\n\n');
  const stop = live.listen(send);
  /** Signed out, disabled, revoked or over: the stream ends with it. Other sites count from the next event on. */
  const ask = (): void => {
    who = who && access.again(who);
    sight = new Sight(kernel, who);
    if (who === undefined) raw.end();
  };
  const forget = access.onChange(ask);
  const beat = setInterval(() => {
    ask();
    if (who !== undefined) write(': alive\n\n');
  }, 15_000);
  clients.add(reply);
  raw.on('close', () => {
    stop();
    forget();
    clearInterval(beat);
    clients.delete(reply);
  });
}
