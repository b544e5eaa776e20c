import { createServer } from 'node:http';
import { isAction, loadRules } from '@busbar/protocol';
import { WebSocketServer } from 'ws';
import { answerLines } from './part.ts';

/**
 * The raw limit: the WebSocket library alone with JSON.parse and our validators. It believes everybody, stores nothing and
 * answers at once; what a server does beyond that is what the ratio shows.
 */
export function rawServerPart(): void {
  answerLines('raw-server', async () => {
    const rules = await loadRules('ocpp2.0.1');
    const server = createServer();
    const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
    sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const [, id, action, payload]: [number, string, string, unknown] = JSON.parse(data.toString('utf8'));
        if (!isAction(action) || rules.requestFault(action, payload) !== undefined) socket.send(`[4,"${id}","FormatViolation","",{}]`);
        else socket.send(JSON.stringify([3, id, answerTo(action)]));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve);
    });
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
}

function answerTo(action: string): unknown {
  if (action === 'BootNotification') return { currentTime: new Date().toISOString(), interval: 300, status: 'Accepted' };
  return action === 'Heartbeat' ? { currentTime: new Date().toISOString() } : {};
}
