import { expect, test } from 'vitest';
import { bodyOf, EMPTY, fieldsOf, type TokenView } from './token-form.ts';

const TOKEN: TokenView = {
  type: 'ISO14443',
  idToken: '04A1',
  status: 'Accepted',
  groupIdToken: { idToken: 'FLEET', type: 'Local' },
  validUntil: '2027-01-01T10:30:00.000Z',
  cacheExpiryDateTime: '2026-12-01T00:00:00.000Z',
  chargingPriority: 3,
  language1: 'de',
  evseId: [1, 2],
  personalMessage: { format: 'UTF8', content: 'Moin' },
  masterPass: true,
};

test('what a form shows and sends again is the token', () => {
  const { type: _type, idToken: _id, ...body } = TOKEN;
  expect(bodyOf(fieldsOf(TOKEN), TOKEN)).toEqual(body);
});

test('an emptied field goes, what the form does not show stays', () => {
  const fields = { ...fieldsOf(TOKEN), group: ' ', validUntil: '', priority: '', language: '', evses: '', masterPass: false };
  expect(bodyOf(fields, TOKEN)).toEqual({
    status: 'Accepted',
    cacheExpiryDateTime: '2026-12-01T00:00:00.000Z',
    personalMessage: { format: 'UTF8', content: 'Moin' },
  });
});

test('a new one has what was typed', () => {
  expect(bodyOf({ ...EMPTY, idToken: '04', group: 'G', evses: '1, 3' }, undefined)).toEqual({
    status: 'Accepted',
    groupIdToken: { idToken: 'G' },
    evseId: [1, 3],
  });
});
