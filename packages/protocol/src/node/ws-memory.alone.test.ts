import type { Socket } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { nodeNetwork } from './node-network.ts';
import { wsListen } from './ws-listen.ts';

const received = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.handle({ text: resolve, binary() {}, alive() {}, closed() {} }));

test('compression keeps no zlib stream per connection (D5)', async () => {
  const opened: Socket[] = [];
  const listener = await wsListen({
    host: '127.0.0.1',
    port: 0,
    acceptor: async () => ({ kind: 'accept', subprotocol: 'ocpp2.0.1', opened: (socket) => opened.push(socket) }),
  });
  const long = JSON.stringify([2, 'id', 'TransactionEvent', { text: 'sampled value '.repeat(500) }]);
  const count = 200;
  const ends: Socket[] = [];
  const before = process.memoryUsage().rss;
  for (let i = 0; i < count; i += 1) {
    const url = `ws://127.0.0.1:${listener.port}/ocpp/${i}`;
    const near = await nodeNetwork().dial({ url, subprotocols: ['ocpp2.0.1'], deflate: true, timeoutMs: 5_000 });
    const far = opened.pop();
    if (!far) throw new Error('the server opened nothing');
    near.send(long);
    expect(await received(far)).toBe(long);
    far.send(long);
    expect(await received(near)).toBe(long);
    ends.push(near, far);
  }
  // Both ends live here; with streams they would keep 500 kB (measured).
  expect((process.memoryUsage().rss - before) / count).toBeLessThan(150_000);
  for (const end of ends) end.terminate();
  await listener.close();
});
