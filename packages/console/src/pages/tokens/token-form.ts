import type { NamedToken, Token } from '@busbar/api';
import type { Static } from 'typebox';

export type TokenView = Static<typeof NamedToken>;
type TokenBody = Static<typeof Token>;

/** What the form holds: all of it is text, as people type it. */
export interface TokenFields {
  readonly type: string;
  readonly idToken: string;
  readonly status: string;
  readonly group: string;
  /** As `datetime-local` has it, on the clock of the browser. */
  readonly validUntil: string;
  readonly priority: string;
  readonly language: string;
  readonly evses: string;
  readonly masterPass: boolean;
}

export const TYPES = [
  'ISO14443',
  'ISO15693',
  'eMAID',
  'Central',
  'Local',
  'KeyCode',
  'MacAddress',
  'EVCCID',
  'VIN',
  'DirectPayment',
  'NoAuthorization',
] as const;

export const EMPTY: TokenFields = {
  type: 'ISO14443',
  idToken: '',
  status: 'Accepted',
  group: '',
  validUntil: '',
  priority: '',
  language: '',
  evses: '',
  masterPass: false,
};

export const fieldsOf = (token: TokenView): TokenFields => ({
  type: token.type,
  idToken: token.idToken,
  status: token.status,
  group: token.groupIdToken?.idToken ?? '',
  validUntil: token.validUntil === undefined ? '' : localTime(token.validUntil),
  priority: token.chargingPriority === undefined ? '' : String(token.chargingPriority),
  language: token.language1 ?? '',
  evses: token.evseId?.join(' ') ?? '',
  masterPass: token.masterPass === true,
});

/** What is sent; fields that the form does not show stay as they were. */
export function bodyOf(fields: TokenFields, before: TokenView | undefined): TokenBody {
  const { type: _type, idToken: _id, ...kept } = before ?? { type: '', idToken: '', status: 'Accepted' };
  const {
    groupIdToken,
    validUntil: _until,
    chargingPriority: _priority,
    language1: _language,
    evseId: _evse,
    masterPass: _master,
    ...rest
  } = kept;
  const group = fields.group.trim();
  const evses = fields.evses
    .split(/[ ,;]+/)
    .filter((part) => part !== '')
    .map(Number);
  return {
    ...rest,
    status: fields.status,
    ...(group === '' ? {} : { groupIdToken: group === groupIdToken?.idToken ? groupIdToken : { idToken: group } }),
    ...(fields.validUntil === '' ? {} : { validUntil: new Date(fields.validUntil).toISOString() }),
    ...(fields.priority.trim() === '' ? {} : { chargingPriority: Number(fields.priority) }),
    ...(fields.language.trim() === '' ? {} : { language1: fields.language.trim() }),
    ...(evses.length === 0 ? {} : { evseId: evses }),
    ...(fields.masterPass ? { masterPass: true } : {}),
  };
}

const two = (n: number): string => String(n).padStart(2, '0');
function localTime(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
