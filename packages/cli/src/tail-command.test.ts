import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { tailCommand } from './tail-command.ts';

const event = (id: number, kind: string, more: object): string =>
  `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify({ at: '2026-03-01T12:00:00.000Z', type: kind, stationId: 'CS-1', ...more })}\n\n`;

/** A server whose first link breaks in the middle of what it says. */
async function tailed(flags: Parameters<typeof tailCommand>[0], colour: boolean): Promise<{ said: string; asked: readonly unknown[] }> {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers['last-event-id']]);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (asked.length === 1) {
      response.write(event(7, 'command', { action: 'Reset', state: 'sent' }), () => response.destroy());
      return;
    }
    response.write(event(8, 'transaction', { kind: 'ended' }) + event(9, 'command', { action: 'Reset', state: 'answered' }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let said = '';
  try {
    const url = `http://127.0.0.1:${port}`;
    await tailCommand({ ...flags, url }, { environment: { BUSBAR_API_KEY: 'x' }, write: (text) => (said += text), colour });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return { said, asked };
}

test('a broken link is taken up behind the last event; nothing is shown twice', async () => {
  const { said, asked } = await tailed({ count: 3, topic: 'command,transaction', json: true }, true);
  expect(asked).toEqual([
    ['/api/v1/events?topics=command%2Ctransaction', undefined],
    ['/api/v1/events?topics=command%2Ctransaction', '7'],
  ]);
  expect(
    said
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text).type),
  ).toEqual(['command', 'transaction', 'command']);
});

test('only what was asked for is shown and counted, in colours where there are some', async () => {
  const { said } = await tailed({ count: 2, action: 'Reset' }, true);
  // oxlint-disable-next-line eslint/no-control-regex -- the colour is what is tested
  expect(said).toMatch(/^\u001B\[33m12:00:00\.000 {2}CS-1 .*state=sent\u001B\[0m\n\u001B\[33m.*state=answered\u001B\[0m\n$/);
  expect((await tailed({ count: 2, action: 'Reset' }, false)).said).toMatch(/^12:00:00\.000 {2}CS-1/);
});
