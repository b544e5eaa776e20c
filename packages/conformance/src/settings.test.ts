import { describe, expect, test } from 'vitest';
import { readSettings } from './settings.ts';

describe('a settings file', () => {
  test('an empty one changes nothing', () => {
    expect(readSettings({})).toEqual({});
  });
  test('seconds become milliseconds', () => {
    expect(readSettings({ stepS: 5, callS: 0.5, caseS: 60, deviationS: 2 })).toEqual({
      stepMs: 5000,
      callMs: 500,
      caseMs: 60_000,
      deviationMs: 2000,
    });
  });
  test('all the rest is taken as it stands', () => {
    const file = {
      version: 'ocpp2.1',
      securityProfile: 2,
      evseId: 3,
      connectorId: 2,
      evses: 4,
      station: { id: 'CS-1', password: 'secret', serialNumber: 'SN' },
      tokens: { valid: { idToken: 'AABB', type: 'ISO14443' } },
      groupId: 'G',
      organization: 'Operator',
      evConnectionTimeOutS: 3,
      sampleS: 2,
      silenceS: 1,
      quick: { 'TxCtrlr.EVConnectionTimeOut': '3' },
    };
    expect(readSettings(file)).toEqual(file);
  });
  test.each([
    [[], 'the settings are a map'],
    [undefined, 'the settings are a map'],
    [{ steps: 1 }, '"steps" is no setting'],
    [{ stepS: '5' }, 'stepS is a number'],
    [{ stepS: -1 }, 'stepS is a number'],
    [{ callS: Number.NaN }, 'callS is a number'],
    [{ version: 'ocpp1.6' }, 'version is'],
    [{ securityProfile: 4 }, 'securityProfile is'],
    [{ station: { id: 'CS-1' } }, 'station has id and password'],
    [{ tokens: { good: { idToken: 'A', type: 'B' } } }, '"good" is no part of a token'],
    [{ tokens: { valid: { idToken: 'A' } } }, 'tokens.valid has idToken and type'],
    [{ tokens: [] }, 'tokens is a map'],
    [{ groupId: 7 }, 'groupId is a text'],
    [{ organization: '' }, 'organization is a text'],
    [{ quick: 'x' }, 'quick is a map'],
  ])('%j is refused: %s', (file, says) => {
    expect(() => readSettings(file)).toThrow(says);
  });
});
