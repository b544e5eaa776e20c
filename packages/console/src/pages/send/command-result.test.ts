import { expect, test } from 'vitest';
import { type CommandView, resultWords, tookMs } from './command-result.ts';
import { sendWords } from './send-words.ts';

const base = {
  commandId: '1',
  stationId: 'A',
  action: 'Reset',
  request: {},
  origin: 'person',
  actor: 'person:ada',
  messageId: null,
  createdAt: '2030-01-01T00:00:00.000Z',
  sentAt: '2030-01-01T00:00:00.000Z',
  endedAt: '2030-01-01T00:00:00.288Z',
} as const;

test.each<[CommandView, string, string, string]>([
  [{ ...base, state: 'queued' }, 'Queued', 'Not connected; sent when it comes back.', 'pending'],
  [{ ...base, state: 'sent' }, 'Waiting', '', 'pending'],
  [{ ...base, state: 'answered', response: { status: 'Accepted' } }, 'Accepted', '', 'ok'],
  [
    { ...base, state: 'answered', response: { status: 'Rejected', statusInfo: { reasonCode: 'ReadOnly', additionalInfo: 'fixed' } } },
    'Rejected',
    'ReadOnly, fixed',
    'warn',
  ],
  [
    { ...base, state: 'answered', response: { setVariableResult: [{ attributeStatus: 'Accepted' }, { attributeStatus: 'Rejected' }] } },
    'Rejected',
    '',
    'warn',
  ],
  [{ ...base, state: 'answered', response: null }, 'Answered', '', 'ok'],
  [{ ...base, state: 'refused', error: { code: 'NotSupported', description: 'no' } }, 'Refused (CALLERROR NotSupported)', 'no', 'faulted'],
  [{ ...base, state: 'notSent', reason: 'not-connected' }, 'Not sent', 'because it is not connected', 'warn'],
])('%j', (view, word, why, tone) => {
  expect(resultWords(view, sendWords.en)).toEqual({ word, why, tone });
});

test('how long it took, once it is over', () => {
  expect(tookMs(base)).toBe(288);
  expect(tookMs({ ...base, endedAt: null })).toBeUndefined();
});
