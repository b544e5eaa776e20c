import type { OcppVersion } from '@busbar/protocol';
import { isRecord, type Millis } from '@busbar/runtime';

/** A token as OCPP names it. */
export interface IdToken {
  readonly idToken: string;
  readonly type: string;
}

export type TokenRole = 'valid' | 'valid2' | 'groupMate' | 'otherGroup' | 'invalid' | 'blocked' | 'expired' | 'masterPass';

/** How a run is set up. Times are the laboratory's unless the system under test offers shorter ones. */
export interface Settings {
  readonly version: OcppVersion;
  readonly securityProfile: 1 | 2 | 3;
  /** How long a message that has to come may take. */
  readonly stepMs: Millis;
  /** How long an answer may take. */
  readonly callMs: Millis;
  /** A whole case may take this long; then it is inconclusive. */
  readonly caseMs: Millis;
  /** Part 6, 2.1: times are compared with this tolerance. */
  readonly deviationMs: Millis;
  readonly evseId: number;
  readonly connectorId: number;
  /** Connectors that stand side by side at the station the kit plays, per EVSE. */
  readonly evses: number;
  /** Fixed names where the system under test knows only these; otherwise every case gets its own. */
  readonly station?: { readonly id: string; readonly password: string; readonly serialNumber?: string };
  readonly tokens?: Partial<Record<TokenRole, IdToken>>;
  readonly groupId?: string;
  /** The operator, as certificates name it (O). */
  readonly organization: string;
  /** Settings that make a station under test quick, where it offers them (Part 6 leaves them to the laboratory). */
  readonly quick: Readonly<Record<string, string>>;
  /** Longer than any of the station's own timers that a case waits for, in seconds. */
  readonly evConnectionTimeOutS: number;
  readonly sampleS: number;
  /** How long nothing may come where nothing may come, in seconds (Part 6: the message time-out). */
  readonly silenceS: number;
}

export const SETTINGS: Settings = {
  version: 'ocpp2.0.1',
  securityProfile: 1,
  stepMs: 30_000,
  callMs: 30_000,
  caseMs: 280_000,
  deviationMs: 4000,
  evseId: 1,
  connectorId: 1,
  evses: 2,
  organization: 'Busbar conformance kit',
  quick: {},
  evConnectionTimeOutS: 30,
  sampleS: 10,
  silenceS: 30,
};

/** Short timers of a station that lets them be set: what our own runs use. */
export const QUICK: Pick<Settings, 'quick' | 'evConnectionTimeOutS' | 'sampleS' | 'silenceS'> = {
  quick: {
    'TxCtrlr.EVConnectionTimeOut': '3',
    'OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]': '1',
    'OCPPCommCtrlr.RetryBackOffWaitMinimum': '1',
    'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
    'OCPPCommCtrlr.OfflineThreshold': '1',
  },
  evConnectionTimeOutS: 3,
  sampleS: 2,
  silenceS: 2,
};

const TOKEN_ROLES: readonly TokenRole[] = ['valid', 'valid2', 'groupMate', 'otherGroup', 'invalid', 'blocked', 'expired', 'masterPass'];

/** What a settings file may hold (docs/conformance.md explains each). */
export const SETTING_NAMES: readonly string[] = [
  'version',
  'securityProfile',
  'stepS',
  'callS',
  'caseS',
  'deviationS',
  'evseId',
  'connectorId',
  'evses',
  'station',
  'tokens',
  'groupId',
  'organization',
  'evConnectionTimeOutS',
  'sampleS',
  'silenceS',
  'quick',
];

/** A settings file; every name it may not have is an error. */
export function readSettings(file: unknown): Partial<Settings> {
  if (!isRecord(file)) throw new Error('the settings are a map');
  const strange = Object.keys(file).find((name) => !SETTING_NAMES.includes(name));
  if (strange !== undefined) throw new Error(`"${strange}" is no setting; they are ${SETTING_NAMES.join(', ')}`);
  const number = (name: string, as: string, factor = 1) => {
    const value = file[name];
    if (value === undefined) return {};
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new Error(`${name} is a number that is not negative`);
    return { [as]: value * factor };
  };
  const text = (name: 'groupId' | 'organization') => {
    const value = file[name];
    if (value === undefined) return {};
    if (typeof value !== 'string' || value === '') throw new Error(`${name} is a text`);
    return { [name]: value };
  };
  const { version, securityProfile, station, tokens, quick } = file;
  if (version !== undefined && version !== 'ocpp2.0.1' && version !== 'ocpp2.1') throw new Error('version is ocpp2.0.1 or ocpp2.1');
  if (securityProfile !== undefined && securityProfile !== 1 && securityProfile !== 2 && securityProfile !== 3)
    throw new Error('securityProfile is 1, 2 or 3');
  return {
    ...(version === undefined ? {} : { version }),
    ...(securityProfile === undefined ? {} : { securityProfile }),
    ...number('stepS', 'stepMs', 1000),
    ...number('callS', 'callMs', 1000),
    ...number('caseS', 'caseMs', 1000),
    ...number('deviationS', 'deviationMs', 1000),
    ...number('evseId', 'evseId'),
    ...number('connectorId', 'connectorId'),
    ...number('evses', 'evses'),
    ...number('evConnectionTimeOutS', 'evConnectionTimeOutS'),
    ...number('sampleS', 'sampleS'),
    ...number('silenceS', 'silenceS'),
    ...(quick === undefined ? {} : { quick: quickFrom(quick) }),
    ...(station === undefined ? {} : { station: stationFrom(station) }),
    ...(tokens === undefined ? {} : { tokens: tokensFrom(tokens) }),
    ...text('groupId'),
    ...text('organization'),
  };
}

function quickFrom(value: unknown): Settings['quick'] {
  if (!isRecord(value)) throw new Error('quick is a map of Component.Variable to its value');
  return Object.fromEntries(Object.entries(value).map(([name, setting]) => [name, String(setting)]));
}

function stationFrom(value: unknown): NonNullable<Settings['station']> {
  if (!isRecord(value) || typeof value['id'] !== 'string' || typeof value['password'] !== 'string')
    throw new Error('station has id and password');
  const { id, password, serialNumber } = value;
  return { id, password, ...(typeof serialNumber === 'string' ? { serialNumber } : {}) };
}

function tokensFrom(value: unknown): NonNullable<Settings['tokens']> {
  if (!isRecord(value)) throw new Error('tokens is a map of parts');
  return Object.fromEntries(
    Object.entries(value).map(([name, token]) => {
      if (!TOKEN_ROLES.some((role) => role === name))
        throw new Error(`"${name}" is no part of a token; they are ${TOKEN_ROLES.join(', ')}`);
      if (!isRecord(token) || typeof token['idToken'] !== 'string' || typeof token['type'] !== 'string')
        throw new Error(`tokens.${name} has idToken and type`);
      return [name, { idToken: token['idToken'], type: token['type'] }];
    }),
  );
}
