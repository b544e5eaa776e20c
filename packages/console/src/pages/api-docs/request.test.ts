import { expect, test } from 'vitest';
import type { Operation } from './operations.ts';
import { addressOf, curlOf, missingOf } from './request.ts';

const operation: Operation = {
  id: 'x',
  method: 'GET',
  path: '/stations/{stationId}/commands',
  tag: 'stations',
  summary: '',
  role: 'viewer',
  parameters: [
    { name: 'stationId', in: 'path', required: true },
    { name: 'limit', in: 'query', required: false },
    { name: 'q', in: 'query', required: false },
  ],
  body: undefined,
};

test('ids are percent-encoded, empty filters stay out', () => {
  expect(addressOf(operation, { stationId: 'A B/1', limit: 5, q: '' })).toBe('/api/v1/stations/A%20B%2F1/commands?limit=5');
  expect(addressOf(operation, {})).toBe('/api/v1/stations/{stationId}/commands');
  expect(missingOf(operation, {})).toEqual(['stationId']);
});

test('curl asks the environment for the key and is safe against quotes', () => {
  const sent = { origin: 'http://h', method: 'POST', address: '/api/v1/x', role: 'admin', type: 'application/json' };
  expect(curlOf({ ...sent, body: { text: `{"a":"it's"}` } })).toBe(
    `curl -X POST 'http://h/api/v1/x' \\\n  -H "authorization: Bearer $BUSBAR_KEY" \\\n  -H 'content-type: application/json' \\\n  --data-binary '{"a":"it'\\''s"}'`,
  );
  expect(curlOf({ ...sent, method: 'GET', role: 'anyone', body: undefined })).toBe("curl 'http://h/api/v1/x'");
});
