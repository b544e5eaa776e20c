import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limits } from '@busbar/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { HttpCsms } from './testing/http-csms.ts';
import { isPrivateAddress, webhookSender } from './webhook-sender.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close().closeAllConnections();
});
async function receiver(answer: (request: IncomingMessage, reply: ServerResponse) => void): Promise<number> {
  const server = createServer(answer);
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
const send = (url: string, allowPrivate = true) => webhookSender.send({ url, headers: { 'x-one': '1' }, body: '{"a":"ä"}', allowPrivate });

describe('where nothing is sent', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://172.31.0.1/',
    'http://192.168.1.1/',
    'http://198.19.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[ff02::1]/',
    'http://localhost/',
    'http://user:secret@93.184.216.34/',
    'http://user@93.184.216.34/',
    'ftp://93.184.216.34/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a url',
    '',
  ])('%s', async (url) => {
    expect(await webhookSender.check(url, false)).toEqual(expect.any(String));
    await expect(send(url, false)).rejects.toThrow(/\w/);
  });

  test('public addresses are fit', async () => {
    for (const url of ['https://93.184.216.34/hook', 'http://[2606:4700::1111]:8080/'])
      expect(await webhookSender.check(url, false)).toBeUndefined();
    expect(isPrivateAddress({ address: '8.8.8.8', family: 4 })).toBe(false);
  });
});

test('the body arrives whole, with its headers', async () => {
  const heard: string[] = [];
  const port = await receiver((request, reply) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      heard.push(`${request.method} ${request.url} ${String(request.headers['x-one'])} ${body}`);
      reply.writeHead(202).end('thanks');
    });
  });
  expect(await send(`http://127.0.0.1:${port}/hook?x=1`)).toBe(202);
  expect(heard).toEqual(['POST /hook?x=1 1 {"a":"ä"}']);
});

test('a redirect is an answer, not a way', async () => {
  let asked = 0;
  const port = await receiver((_request, reply) => {
    asked += 1;
    reply.writeHead(307, { location: '/elsewhere' }).end();
  });
  expect(await send(`http://127.0.0.1:${port}/`)).toBe(307);
  expect(asked).toBe(1);
});

test('an answer without an end is cut off after 64 kB', async () => {
  let written = 0;
  const port = await receiver((_request, reply) => {
    reply.writeHead(200);
    const more = (): void => {
      while (!reply.destroyed && reply.write('x'.repeat(16 << 10))) written += 16 << 10;
      reply.once('drain', more);
    };
    more();
  });
  expect(await send(`http://127.0.0.1:${port}/`)).toBe(200);
  expect(written).toBeLessThan(64 << 20);
});

test('who says nothing is not waited for', { timeout: limits.webhookTimeoutMs + 5000 }, async () => {
  const port = await receiver(() => undefined);
  await expect(send(`http://127.0.0.1:${port}/`)).rejects.toThrow('no answer in time');
});

test('through the REST interface: made, tested, delivered, in the log; addresses of the house are refused unless they are wanted', async () => {
  const heard: (string | undefined)[] = [];
  const port = await receiver((request, reply) => {
    heard.push(request.headers['busbar-signature']?.toString());
    request.resume();
    reply.writeHead(204).end();
  });
  const wish = { url: `http://127.0.0.1:${port}/`, types: ['transactionEnded'] };
  const strict = await HttpCsms.start({ webhooks: webhookSender });
  expect((await strict.api('POST', '/webhooks', wish)).body).toMatchObject({ code: 'invalid-request', pointer: '/url' });
  await strict.close();
  const csms = await HttpCsms.start({ webhooks: webhookSender, config: { webhookPrivate: true } });
  const made = await csms.api('POST', '/webhooks', wish);
  expect(made).toMatchObject({ status: 201, body: { active: true, secret: expect.stringMatching(/^whsec_/) } });
  const path = `/webhooks/${made.body.webhookId}`;
  expect((await csms.api('GET', '/webhooks')).body[0]).not.toHaveProperty('secret');
  expect((await csms.api('POST', `${path}/test`)).status).toBe(202);
  await expect.poll(async () => (await csms.all(`${path}/deliveries`))[0]?.state, { timeout: 5000 }).toBe('delivered');
  expect(heard).toEqual([expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/)]);
  expect((await csms.api('PATCH', path, { active: false, note: 'ours' })).body).toMatchObject({ active: false, note: 'ours' });
  expect((await csms.api('PATCH', path, { types: ['everything'] })).status).toBe(422);
  expect((await csms.api('DELETE', path)).status).toBe(204);
  expect((await csms.api('GET', `${path}/deliveries`)).status).toBe(404);
  expect((await csms.api('GET', '/audit')).body.map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(['createWebhook', 'testWebhook', 'patchWebhook', 'deleteWebhook']),
  );
  await csms.close();
});
