import { expect, test } from 'vitest';
import { TestCsms } from './testing/test-csms.ts';
import { UseCases } from './use-cases.ts';

const OTHER = 'the-password-it-was-made-with';

test('a station that has never booted: the password it sent can be taken, from the address it came from (D20)', async () => {
  const csms = await TestCsms.start();
  await csms.register('CS-1');
  const useCases = new UseCases(csms.csms);
  const take = (address: string) => csms.settle(useCases.takeOfferedPassword('CS-1', address));
  await expect(take('virtual')).rejects.toThrow('remembered');
  await expect(csms.connect('CS-1', 'ocpp2.0.1', OTHER)).rejects.toThrow('wrong password');
  const remoteAddress = csms.csms.kernel.stations.refusedHandshakes()[0]?.remoteAddress ?? '';
  await expect(take('10.0.0.1')).rejects.toThrow('remembered');
  await take(remoteAddress);
  const station = await csms.connect('CS-1', 'ocpp2.0.1', OTHER);
  await station.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } });
  await expect(csms.connect('CS-1', 'ocpp2.0.1', 'yet-another-password')).rejects.toThrow('wrong password');
  await expect(take(remoteAddress)).rejects.toThrow('booted before');
});
