import { variablesOf } from '../model.ts';
import { ID_TOKEN_TYPES, ID_TOKEN_TYPES_21, ONLY_21, ONLY_201 } from './values.ts';

const auth = variablesOf('AuthCtrlr');
/** Who may charge, and how that is found out. */
export const AuthCtrlr = {
  AdditionalInfoItemsPerMessage: auth(
    'AdditionalInfoItemsPerMessage',
    'integer',
    'Most additionalInfo entries of a token the station takes.',
    {
      min: 0,
    },
  ),
  AuthorizeRemoteStart: auth('AuthorizeRemoteStart', 'boolean', 'Whether the token of a remote start is authorized like a swiped one.', {
    mutability: 'ReadWrite',
    mayBeReadOnly: true,
    required: true,
  }),
  DisableRemoteAuthorization: auth(
    'DisableRemoteAuthorization',
    'boolean',
    'Decide by cache and local list alone, without asking the CSMS.',
    {
      mutability: 'ReadWrite',
    },
  ),
  Enabled: auth('Enabled', 'boolean', 'Off means that charging is free for everybody.', { mutability: 'ReadWrite' }),
  LocalAuthorizeOffline: auth('LocalAuthorizeOffline', 'boolean', 'Whether known tokens may charge while offline.', {
    mutability: 'ReadWrite',
    required: true,
  }),
  LocalPreAuthorize: auth('LocalPreAuthorize', 'boolean', 'Whether known tokens may charge without asking the CSMS while online.', {
    mutability: 'ReadWrite',
    required: true,
  }),
  MasterPassGroupId: auth('MasterPassGroupId', 'string', 'Tokens of this group may stop any transaction.', {
    max: 36,
    mutability: 'ReadWrite',
  }),
  OfflineTxForUnknownIdEnabled: auth('OfflineTxForUnknownIdEnabled', 'boolean', 'Whether unknown tokens may charge while offline.', {
    mutability: 'ReadWrite',
  }),
  SupportedIdTokenTypes: auth('SupportedIdTokenTypes', 'MemberList', 'The kinds of token the station can read.', {
    values: ID_TOKEN_TYPES,
    versions: ONLY_201,
    errata: '2.63',
  }),
  SupportedIdTokenType: auth('SupportedIdTokenType', 'MemberList', 'The kinds of token the station can read.', {
    values: ID_TOKEN_TYPES,
    values21: ID_TOKEN_TYPES_21,
    versions: ONLY_21,
    required: true,
  }),
} as const;

const cache = variablesOf('AuthCacheCtrlr');
/** The authorization cache: what the station remembers about tokens. */
export const AuthCacheCtrlr = {
  Available: cache('Available', 'boolean', 'Whether there is a cache.'),
  DisablePostAuthorize: cache('DisablePostAuthorize', 'boolean', 'A cached token that is not Accepted is refused without asking again.', {
    mutability: 'ReadWrite',
  }),
  Enabled: cache('Enabled', 'boolean', 'Whether the cache is used.', { mutability: 'ReadWrite' }),
  LifeTime: cache('LifeTime', 'integer', 'Seconds an entry lives after its last update.', { unit: 's', min: 0, mutability: 'ReadWrite' }),
  Policy: cache('Policy', 'OptionList', 'Which entry makes room when the cache is full.', {
    values: ['LRU', 'LFU', 'FIFO', 'CUSTOM'],
    mutability: 'ReadWrite',
  }),
  Storage: cache('Storage', 'integer', 'Bytes in use; the limit says how many there are.', { unit: 'B', min: 0 }),
} as const;

const list = variablesOf('LocalAuthListCtrlr');
/** The list of tokens the CSMS sends to the station. */
export const LocalAuthListCtrlr = {
  Available: list('Available', 'boolean', 'Whether the station has a local list.'),
  BytesPerMessage: list('BytesPerMessage', 'integer', 'Largest SendLocalList request in bytes.', {
    min: 1,
    required: true,
    requiredWith: 'd-local-list',
  }),
  DisablePostAuthorize: list('DisablePostAuthorize', 'boolean', 'A listed token that is not Accepted is refused without asking again.', {
    mutability: 'ReadWrite',
  }),
  Enabled: list('Enabled', 'boolean', 'Whether the list is used.', { mutability: 'ReadWrite' }),
  Entries: list('Entries', 'integer', 'Tokens in the list; the limit says how many fit.', {
    min: 0,
    required: true,
    requiredWith: 'd-local-list',
  }),
  ItemsPerMessage: list('ItemsPerMessage', 'integer', 'Most entries of one SendLocalList request.', {
    min: 1,
    required: true,
    requiredWith: 'd-local-list',
  }),
  Storage: list('Storage', 'integer', 'Bytes in use; the limit says how many there are.', { unit: 'B', min: 0 }),
  SupportsExpiryDateTime: list('SupportsExpiryDateTime', 'boolean', 'Whether entries with an expiry date leave the list by themselves.'),
} as const;

const reader = variablesOf('TokenReader');
export const TokenReader = {
  Token: reader('Token', 'string', 'The token read last.'),
  TokenType: reader('TokenType', 'OptionList', 'The kind of the token read last.', {
    values: ID_TOKEN_TYPES,
    values21: ID_TOKEN_TYPES_21,
  }),
} as const;
