import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OcppVersion } from '../versions.ts';
import type { VariableKey } from './keys.ts';
import { AuthCtrlr, CustomizationCtrlr, DeviceDataCtrlr, NetworkConfiguration, SecurityCtrlr, TxCtrlr, withInstance } from './keys.ts';
import { isIn, nameOf } from './model.ts';
import { STANDARD, standardVariable } from './standard.ts';
import { validateValue } from './value.ts';

const bool = (key: VariableKey<'boolean'>): string => key.variable;

describe('the table of standard variables', () => {
  test('names each variable once per version', () => {
    for (const version of ['ocpp2.0.1', 'ocpp2.1'] as const) {
      const names = STANDARD.filter((variable) => isIn(variable, version)).map(nameOf);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  test('describes each in one line, gives numbers sane limits and lists at least two values', () => {
    for (const variable of STANDARD) {
      expect.soft(variable.about, nameOf(variable)).toMatch(/^[A-Z2][^\n]{9,119}[.…]$/u);
      expect.soft((variable.min ?? 0) <= (variable.max ?? Infinity), nameOf(variable)).toBe(true);
      expect.soft(variable.values?.length ?? 2, nameOf(variable)).toBeGreaterThanOrEqual(2);
    }
  });

  test('knows the variables of the errata', () => {
    expect(standardVariable('OCPPCommCtrlr', 'ActiveNetworkProfile')).toMatchObject({ required: true, errata: '2.57' });
    expect(standardVariable('SecurityCtrlr', 'AllowCSMSTLSWildcards')).toMatchObject({ mutability: 'ReadWrite', errata: '2.62' });
    expect(standardVariable('SecurityCtrlr', 'AllowSecurityProfileDowngrade')).toMatchObject({ errata: '2.5' });
    expect(SecurityCtrlr.BasicAuthPassword).toMatchObject({ mutability: 'WriteOnly', min: 16, max: 64 });
    expect(isIn(AuthCtrlr.SupportedIdTokenTypes, 'ocpp2.1') || isIn(AuthCtrlr.SupportedIdTokenType, 'ocpp2.0.1')).toBe(false);
  });

  test('finds instances: exact ones, and the general entry for those a station names itself', () => {
    expect(standardVariable('DeviceDataCtrlr', 'ItemsPerMessage', 'GetReport')).toBe(DeviceDataCtrlr.ItemsPerMessageGetReport);
    expect(standardVariable('CustomizationCtrlr', 'CustomImplementationEnabled', 'org.example')).toBe(
      CustomizationCtrlr.CustomImplementationEnabled,
    );
    expect(standardVariable('TxCtrlr', 'Nothing')).toBeUndefined();
    expect(nameOf(withInstance(CustomizationCtrlr.CustomImplementationEnabled, 'org.example'))).toBe(
      'CustomizationCtrlr.CustomImplementationEnabled[org.example]',
    );
  });

  test('carries the type of the value in the key', () => {
    expect(bool(TxCtrlr.StopTxOnInvalidId)).toBe('StopTxOnInvalidId');
    // @ts-expect-error a list is no boolean
    bool(TxCtrlr.TxStartPoint);
    // @ts-expect-error no such variable
    expect(TxCtrlr.TxStartPiont).toBeUndefined();
  });
});

/** The documents are not in the repository (their licence allows no derivatives): whoever has them points OCPP_DOCS at them. */
const docs = process.env['OCPP_DOCS'] ?? '';
const lists: Record<OcppVersion, string> = {
  'ocpp2.0.1': join(docs, 'ocpp-2.0.1/csv/dm_components_vars.csv'),
  'ocpp2.1': join(docs, 'ocpp-2.1/csv/dm_components_vars.csv'),
};
const missing = docs === '' || !existsSync(lists['ocpp2.0.1']) ? ' (skipped: OCPP_DOCS does not point to the documents)' : '';

/** Lists are marked when a row's text differs from part 2 or its errata, which win. */
const KNOWN_DIFFERENCES: Record<string, string> = {
  'OCPPCommCtrlr.ActiveNetworkProfile type': 'part 2: integer',
  'OCPPCommCtrlr.ActiveNetworkProfile required': 'errata 2.57',
  'OCPPCommCtrlr.NetworkConfigurationPriority type': 'part 2: SequenceList',
  'AuthCtrlr.SupportedIdTokenType required': 'part 2 of 2.1: required',
  'Connector.AvailabilityState required': 'errata 2.66',
  'EVSE.DischargePower required': 'with V2X only, a later block',
};
/** Components the table holds whole, apart from what belongs to blocks of 2.1 that are not built yet. */
const WHOLE =
  /^(AlignedData|AuthCache|Auth|Clock|Customization|DeviceData|LocalAuthList|OCPPComm|SampledData|Security|Tx)Ctrlr$|^(ChargingStation|Connector|EVSE|TokenReader)$/;

describe(`the documents' own lists${missing}`, () => {
  test.skipIf(missing !== '').each(['ocpp2.0.1', 'ocpp2.1'] as const)('agree with the table: %s', (version) => {
    const rows = readRows(readFileSync(lists[version], 'utf8')).filter(([component = '']) => /^[A-Z]\w+$/.test(component));
    expect(rows.length).toBeGreaterThan(100);
    const problems: string[] = [];
    for (const [component = '', variable = '', instance = '', required = '', type = '', unit = ''] of rows) {
      const named = instance === '' || instance.startsWith('<') ? undefined : instance;
      const ours = standardVariable(component, variable.trim(), named);
      const name = `${component}.${variable.trim()}${named ? `[${named}]` : ''}`;
      if (!ours || !isIn(ours, version)) {
        if (required === 'yes' ? !LATER.test(component) : WHOLE.test(component)) problems.push(`${name} is not in the table`);
        continue;
      }
      const differs = (what: string, theirs: string, mine: string): void => {
        if (theirs !== mine && !KNOWN_DIFFERENCES[`${name} ${what}`]) problems.push(`${name}: ${what} ${theirs}, here ${mine}`);
      };
      if (required !== '') differs('required', required, ours.required ? 'yes' : 'no');
      if (type !== '') differs('type', plainType(type), ours.type.toLowerCase());
      if (unit !== '' && !unit.split(', ').includes(ours.unit ?? '')) differs('unit', unit, ours.unit ?? '');
    }
    expect(problems).toEqual([]);
  });

  test.skipIf(missing !== '')('agree on who may write a variable', () => {
    const rows = readRows(readFileSync(join(docs, 'index/variables.csv'), 'utf8'), ',').slice(1);
    const problems = rows.flatMap(([component = '', variable = '', instance = '', , , , theirs = '']) => {
      const ours = standardVariable(component, variable, instance === '' || /[<.]/.test(instance) ? undefined : instance);
      if (!ours || theirs === '') return [];
      const mine = ours.mayBeReadOnly ? 'either' : ours.mutability;
      const wanted = /ReadOnly.*ReadWrite|ReadWrite.*ReadOnly/.test(theirs) ? 'either' : theirs;
      return mine === wanted ? [] : [`${nameOf(ours)}: ${wanted}, here ${mine}`];
    });
    expect(problems).toEqual([]);
  });

  test.skipIf(missing !== '')('the values in the list of 2.1 agree with ours', () => {
    const types = readRows(readFileSync(join(docs, 'ocpp-2.1/csv/idtokenenumtype.csv'), 'utf8')).slice(1);
    const tokens = types.map(([value = '']) => value.trim()).filter((value) => value !== '');
    expect(validateValue(AuthCtrlr.SupportedIdTokenType, tokens.join(','))).toBeUndefined();
    expect(isIn(NetworkConfiguration.OcppCsmsUrl, 'ocpp2.0.1')).toBe(false);
  });
});

/** Blocks of 2.1 without a table yet. */
const LATER = /^(V2XCharging|DCDER|ACDER|Payment|WebPayments)Ctrlr$/;
const plainType = (type: string): string => type.toLowerCase().replace(/^(password|identifier)string$/, 'string');

/** Quotes, line breaks inside quotes. */
function readRows(text: string, separator: ';' | ',' = ';'): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(
    new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(${separator}|\\r?\\n|$)`, 'g'),
  )) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== separator) rows.push([]);
  }
  return rows;
}
