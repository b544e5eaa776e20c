import { expect, test } from 'vitest';
import { asCurl } from './curl.ts';

test('one station is called; quotes of the message do not end the argument', () => {
  expect(
    asCurl({ origin: 'http://x', stations: ['CS/1'], action: 'DataTransfer', payload: { vendorId: "it's" }, expires: undefined }),
  ).toBe(
    [
      `curl -X POST 'http://x/api/v1/stations/CS%2F1/calls/DataTransfer?wait=30' \\`,
      `  -H "authorization: Bearer $BUSBAR_KEY" \\`,
      `  -H 'content-type: application/json' \\`,
      `  -d '{"vendorId":"it'\\''s"}'`,
    ].join('\n'),
  );
});

test('several are a job', () => {
  const text = asCurl({ origin: 'http://x', stations: ['A', 'B'], action: 'Reset', payload: { type: 'OnIdle' }, expires: 60 });
  expect(text).toContain('/api/v1/bulk');
  expect(text).toContain(
    '{"stations":["A","B"],"action":{"kind":"call","action":"Reset","payload":{"type":"OnIdle"}},"offline":"queue","expires":60}',
  );
});
