import { createServer, type Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import type { Act } from '../act.ts';
import { Inconclusive, NotApplicable } from '../expectation.ts';
import { httpDriver } from './http.ts';
import { manualDriver } from './manual.ts';

const ACT: Act = { do: 'registerStation', stationId: 'CS-1', password: 'p' };
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A vendor's end of the http driver that always answers the same. */
async function vendor(status: number, answer: string): Promise<{ base: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ method: request.method ?? '', url: request.url ?? '', authorization: request.headers.authorization, body });
      response.writeHead(status, { connection: 'close' }).end(answer);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { base: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/adapter`, asked };
}

describe('the http driver', () => {
  test('posts the act under its name', async () => {
    const { base, asked } = await vendor(200, '{"fine":true}');
    expect(await httpDriver(`${base}/`, 'KEY').perform(ACT)).toEqual({ fine: true });
    expect(asked).toEqual([{ method: 'POST', url: '/adapter/registerStation', authorization: 'Bearer KEY', body: JSON.stringify(ACT) }]);
  });
  test('without a token it sends none, and an empty answer is fine', async () => {
    const { base, asked } = await vendor(204, '');
    expect(await httpDriver(base, undefined).perform(ACT)).toBe('');
    expect(asked[0]?.authorization).toBeUndefined();
  });
  test('409: the system has no such thing', async () => {
    const { base } = await vendor(409, 'no display');
    await expect(httpDriver(base, undefined).perform(ACT)).rejects.toThrow(NotApplicable);
    await expect(httpDriver(base, undefined).perform(ACT)).rejects.toThrow('no display');
  });
  test.each([400, 401, 404, 500, 503])('%i: no verdict on the system', async (status) => {
    const { base } = await vendor(status, 'broken');
    await expect(httpDriver(base, undefined).perform(ACT)).rejects.toThrow(Inconclusive);
    await expect(httpDriver(base, undefined).perform(ACT)).rejects.toThrow(`POST /registerStation answered ${status}: broken`);
  });
  test('nobody listens: no verdict either', async () => {
    const { base } = await vendor(200, '');
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(httpDriver(base, undefined).perform(ACT)).rejects.toThrow(/the driver does not reach http/);
  });
});

describe('the manual driver', () => {
  const driverWith = () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let said = '';
    output.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return { input, driver: manualDriver(input, output), said: () => said };
  };

  test('tells what to do and waits for Enter', async () => {
    const { input, driver, said } = driverWith();
    const doing = driver.perform(ACT);
    input.write('\n');
    await doing;
    expect(said()).toContain('-> Register the station "CS-1" with the password "p".');
    await driver.close();
  });
  test('n: not applicable, and the next question is asked all the same', async () => {
    const { input, driver } = driverWith();
    const both = Promise.allSettled([driver.perform(ACT), driver.perform(ACT)]);
    input.write('n\n\n');
    const [first, second] = await both;
    expect(first).toMatchObject({ status: 'rejected', reason: expect.any(NotApplicable) });
    expect(second.status).toBe('fulfilled');
    await driver.close();
  });
  test('a station by TLS: the person is shown root, certificate and key, the reason names none of them', async () => {
    const { input, driver, said } = driverWith();
    const doing = driver.perform({
      do: 'createStation',
      stationId: 'CS-1',
      url: 'wss://kit',
      password: 'p',
      securityProfile: 3,
      roots: ['ROOT-PEM'],
      certificate: { chain: 'CHAIN-PEM', key: 'KEY-PEM' },
      organization: 'O',
      version: 'ocpp2.0.1',
      variables: {},
      layout: { evses: 2, cable: 'fixed', display: true },
    });
    input.write('n\n');
    const reason = await doing.then(String, String);
    expect(reason).toContain('2 EVSEs at least, a fixed cable, a display.');
    for (const pem of ['ROOT-PEM', 'CHAIN-PEM', 'KEY-PEM']) {
      expect(said()).toContain(pem);
      expect(reason).not.toContain(pem);
    }
    await driver.close();
  });
  test('nobody there any more: inconclusive, not a wait for ever', async () => {
    const { input, driver } = driverWith();
    const doing = driver.perform(ACT);
    input.end();
    await expect(doing).rejects.toThrow(Inconclusive);
    await expect(driver.perform(ACT)).rejects.toThrow('nobody is there');
  });
  test('what a station calls itself does not move the cursor of the person', async () => {
    const { input, driver, said } = driverWith();
    const doing = driver.perform({ do: 'removeStation', stationId: 'A\u001B[2J' });
    input.write('\n');
    await doing;
    expect(said()).not.toContain('\u001B[2J');
    await driver.close();
  });
});
