import { DialError, Secret } from '@busbar/runtime';
import { describe, expect, test } from 'vitest';
import { ForgetUseCases } from './forget-use-cases.ts';
import { BOOT, PASSWORD, TestCsms } from './testing/test-csms.ts';
import { UseCases } from './use-cases.ts';

interface Try {
  readonly path?: string;
  readonly subprotocols?: readonly string[];
  readonly user?: string;
  readonly password?: string | undefined;
}
/** Dials; what was refused comes back as its HTTP status or kind. */
async function dial(
  csms: TestCsms,
  { path = '/ocpp/CS1', subprotocols = ['ocpp2.0.1'], user = 'CS1', password = PASSWORD }: Try,
): Promise<string> {
  const dialling = csms.network.dial({
    url: `ws://csms${path}`,
    subprotocols,
    basic: { user, password: new Secret(password) },
    deflate: false,
    timeoutMs: 1_000,
  });
  try {
    const socket = await csms.settle(dialling);
    return socket.subprotocol;
  } catch (error) {
    return error instanceof DialError ? String(error.httpStatus ?? error.failure) : 'bug';
  }
}
const reasons = (csms: TestCsms): string[] =>
  csms.csms.kernel.stations.refusedHandshakes().map(({ status, reason }) => `${status} ${reason}`);

describe('D2 A00.FR.204 A00.FR.205 A00.FR.207 A00.FR.303 A00.FR.304 A00.FR.324 who may connect', () => {
  test.each([
    ['the right one', {}, 'ocpp2.0.1', undefined],
    ['an unknown id', { path: '/ocpp/NOBODY', user: 'NOBODY' }, '404', 'no station with this id'],
    ['another case', { path: '/ocpp/cs1', user: 'cs1' }, '404', 'no station with this id'],
    ['a trailing slash', { path: '/ocpp/CS1/' }, '404', 'ends with a slash'],
    ['a second segment', { path: '/ocpp/x/CS1' }, '404', 'segment too many'],
    ['no id', { path: '/ocpp/' }, '404', 'missing'],
    ['another prefix', { path: '/other/CS1' }, '404', 'the path must be'],
    ['bad percent-encoding', { path: '/ocpp/%E0%A4%A' }, '400', 'percent-encoded'],
    ['a wrong password', { password: 'wrong-wrong-wrong-wrong' }, '401', 'A00.FR.205'],
    ['another user name', { user: 'CS2' }, '401', 'A00.FR.204'],
  ] as const)('%s', async (_what, attempt, result, reason) => {
    const csms = await TestCsms.start();
    await csms.register('CS1');
    expect(await dial(csms, attempt)).toBe(result);
    expect(reasons(csms)).toEqual(reason === undefined ? [] : [expect.stringContaining(reason)]);
  });

  test('a retired station, and a machine that was replaced, are let in no more', async () => {
    const csms = await TestCsms.start();
    const station = await csms.station('CS1');
    const forget = new ForgetUseCases(new UseCases(csms.csms));
    const password = await csms.settle(forget.replaceHardware('CS1', 'burnt', undefined, 'test'));
    await csms.clock.until('closed', () => station.closed !== undefined);
    expect(station.closed).toMatchObject({ code: 1008 });
    expect(await dial(csms, {})).toBe('401');
    expect(await dial(csms, { password })).toBe('ocpp2.0.1');
    await csms.settle(forget.retire('CS1', 'test'));
    expect(await dial(csms, { password })).toBe('404');
    expect(reasons(csms)[0]).toBe('404 the station was retired');
    await csms.boot();
    expect(await dial(csms, { password })).toBe('404');
  });

  test('a percent-encoded id is decoded once', async () => {
    const csms = await TestCsms.start();
    await csms.register('Säule 1%');
    expect(await dial(csms, { path: `/ocpp/${encodeURIComponent('Säule 1%')}`, user: 'Säule 1%' })).toBe('ocpp2.0.1');
  });

  test('the first subprotocol of the client that is spoken here; none in common is 101 and closed, or 400 if told so', async () => {
    const csms = await TestCsms.start();
    await csms.register('CS1');
    expect(await dial(csms, { subprotocols: ['ocpp1.6', 'ocpp2.1', 'ocpp2.0.1'] })).toBe('ocpp2.1');
    expect(await dial(csms, { subprotocols: ['ocpp2.0.1', 'ocpp2.1'] })).toBe('ocpp2.0.1');
    expect(await dial(csms, { subprotocols: ['ocpp1.6'] })).toBe('subprotocol');
    expect(reasons(csms)).toEqual([expect.stringContaining('101 no common subprotocol: the station offers ocpp1.6')]);
    const strict = await TestCsms.start({ subprotocolMismatch: 'refuse' });
    await strict.register('CS1');
    expect(await dial(strict, { subprotocols: ['ocpp1.6'] })).toBe('400'); // TC_B_58_CSMS
  });

  test('brute force is slowed per station and address; afterwards the right password works again', async () => {
    const csms = await TestCsms.start();
    await csms.register('CS1');
    for (let i = 0; i < 10; i += 1) expect(await dial(csms, { password: `wrong-password-number-${i}` })).toBe('401');
    expect(await dial(csms, {})).toBe('429');
    await csms.clock.advance(61_000);
    expect(await dial(csms, {})).toBe('ocpp2.0.1');
  });

  test('who guesses on gets one answer in five seconds, and the station itself is never locked out', async () => {
    const csms = await TestCsms.start();
    await csms.register('CS1');
    let looked = 0;
    for (let i = 0; i < 60; i += 1) {
      if ((await dial(csms, { password: `wrong-password-number-${i}` })) === '401') looked += 1;
      await csms.clock.advance(1_000);
    }
    expect(looked).toBeGreaterThanOrEqual(18);
    expect(looked).toBeLessThanOrEqual(22);
    await csms.clock.advance(5_000);
    expect(await dial(csms, {})).toBe('ocpp2.0.1');
  });

  test('A00.FR.315 A00.FR.322 a failed TLS handshake is listed with its reason', async () => {
    const csms = await TestCsms.start();
    csms.csms.tlsFailed('10.0.0.7', 'unsupported protocol');
    expect(reasons(csms)).toEqual(['0 TLS: unsupported protocol']);
  });

  test('a security profile below the lowest allowed one is refused', async () => {
    const csms = await TestCsms.start({ minSecurityProfile: 2 });
    await csms.register('CS1');
    expect(await dial(csms, {})).toBe('401');
    expect(reasons(csms)[0]).toContain('security profile 1');
  });
});

describe('D20 unknown stations', () => {
  test('pending: the first password is pinned, boots are Pending, nothing is sent; once approved it is asked to boot and Accepted', async () => {
    const csms = await TestCsms.start({ unknownStations: 'pending' });
    const station = await csms.connect('NEW', 'ocpp2.0.1', 'the-first-password-it-brought');
    station.script = { TriggerMessage: () => ({ status: 'Accepted' }) };
    expect(await station.call('BootNotification', BOOT)).toMatchObject({ status: 'Pending', interval: 60 });
    await expect(station.call('Heartbeat', {})).rejects.toMatchObject({ code: 'SecurityError' });
    const useCases = new UseCases(csms.csms);
    expect(await csms.settle(useCases.call('NEW', 'ClearCache', {}, { actor: 'ada' }))).toMatchObject({
      state: 'notSent',
      reason: 'not-approved',
    });
    expect(await dial(csms, { path: '/ocpp/NEW', user: 'NEW', password: 'another-password-of-a-thief' })).toBe('401');
    await csms.settle(useCases.approve('NEW', 'approved', 'ada'));
    await csms.clock.until('it is asked to boot', () => station.heard.length === 1);
    expect((await station.call('BootNotification', BOOT)).status).toBe('Accepted');
  });

  test('accept is possible in test mode only', async () => {
    expect(await dial(await TestCsms.start({ unknownStations: 'accept' }), {})).toBe('404');
    expect(await dial(await TestCsms.start({ unknownStations: 'accept', testMode: true }), {})).toBe('ocpp2.0.1');
  });

  test('at most a hundred wait; the oldest idle one makes room', async () => {
    const csms = await TestCsms.start({ unknownStations: 'pending' });
    for (let i = 0; i < 101; i += 1) {
      const station = await csms.connect(`N${i}`, 'ocpp2.0.1', 'a-password-of-some-length');
      station.peer.close(1000, 'bye');
      await csms.clock.advance(10);
    }
    expect(csms.csms.kernel.stations.size).toBe(100);
    expect(csms.csms.kernel.stations.get('N0')).toBeUndefined();
  }, 60_000);
});

test('T5 a second socket of the same station replaces the first one, and the first cannot undo it', async () => {
  const csms = await TestCsms.start();
  const first = await csms.station('CS1');
  const second = await csms.station('CS1');
  await csms.clock.until('the first is closed', () => first.closed !== undefined);
  await csms.clock.advance(1_000);
  expect(csms.csms.kernel.stations.get('CS1')?.session?.epoch).toBe(2);
  expect(await csms.csms.kernel.read.station('CS1')).toMatchObject({ connected: true, epoch: 2 });
  expect(await second.call('Heartbeat', {})).toHaveProperty('currentTime');
});
