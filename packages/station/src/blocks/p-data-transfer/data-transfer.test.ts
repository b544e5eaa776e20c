import { expect, test } from 'vitest';
import { bench } from '../../testing/bench.ts';

const dataTransfer = {
  'com.example': {
    messages: {
      Echo: (data: unknown) => ({ status: 'Accepted' as const, data }),
      '': () => ({ status: 'Rejected' as const }),
    },
  },
};

test('P01.FR.05 an unknown vendor, or one that is switched off, is UnknownVendorId', async () => {
  const b = await bench({ config: { dataTransfer } }).booted();
  expect((await b.ask('DataTransfer', { vendorId: 'org.nobody' })).status).toBe('UnknownVendorId');
  expect(await b.set('CustomizationCtrlr', 'CustomImplementationEnabled', 'false', 'com.example')).toBe('Accepted');
  expect((await b.ask('DataTransfer', { vendorId: 'com.example', messageId: 'Echo' })).status).toBe('UnknownVendorId');
});

test('P01.FR.06 a known vendor with another message is UnknownMessageId', async () => {
  const b = await bench({ config: { dataTransfer } }).booted();
  expect((await b.ask('DataTransfer', { vendorId: 'com.example', messageId: 'Sing' })).status).toBe('UnknownMessageId');
});

test('P01.FR.07 status and data are what the vendor says', async () => {
  const b = await bench({ config: { dataTransfer } }).booted();
  expect(await b.ask('DataTransfer', { vendorId: 'com.example', messageId: 'Echo', data: { a: 1 } })).toEqual({
    status: 'Accepted',
    data: { a: 1 },
  });
  expect(await b.ask('DataTransfer', { vendorId: 'com.example' })).toEqual({ status: 'Rejected' });
});

test('P02.FR.04 the station sends a vendor message of its own', async () => {
  const b = await bench().booted();
  const answer = b.station.dataTransfer('com.example', 'Hello', 'text');
  await b.wait();
  expect(await answer).toEqual({ status: 'Accepted' });
  expect(b.csms.last('DataTransfer')).toEqual({ vendorId: 'com.example', messageId: 'Hello', data: 'text' });
});
