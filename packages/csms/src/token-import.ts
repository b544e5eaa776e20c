import { NamedToken } from '@busbar/api';
import { BusbarError, formatInstant, isRecord, limits, maskToken, messageOf, parseInstant } from '@busbar/runtime';
import { Value } from 'typebox/value';
import type { TokenInput } from './store/intents.ts';
import { checkToken } from './token-rules.ts';
import type { UseCases } from './use-cases.ts';

/** One line of a file, or entry of an array: the fields of a token by name. Fields that are left out keep what they are. */
export interface ImportedLine {
  readonly line: number;
  readonly fields: unknown;
}

export interface ImportedToken {
  readonly line: number;
  readonly type: string | null;
  readonly idToken: string | null;
  readonly outcome: 'new' | 'changed' | 'same' | 'wrong';
  readonly reason: string | null;
}

export interface Imported {
  readonly dryRun: boolean;
  readonly counts: Record<ImportedToken['outcome'], number>;
  readonly lines: readonly ImportedToken[];
}

interface Judged extends ImportedToken {
  readonly token?: TokenInput;
}

/** Says what each line would do, and does it unless this is a trial. A wrong line stops no other. */
export async function importTokens(useCases: UseCases, lines: readonly ImportedLine[], dryRun: boolean, actor: string): Promise<Imported> {
  const { queue, clock } = useCases.kernel;
  const seen = new Map<string, number>();
  const judged: Judged[] = [];
  for (const line of lines) judged.push(await judge(useCases, line, seen));
  const counts = { new: 0, changed: 0, same: 0, wrong: 0 };
  for (const { outcome } of judged) counts[outcome] += 1;
  if (!dryRun) {
    const tokens = judged.flatMap(({ token }) => token ?? []);
    for (let from = 0; from < tokens.length; from += limits.importTokensAtOnce)
      await queue.commit(tokens.slice(from, from + limits.importTokensAtOnce).map((token) => ({ k: 'tokenPut', token }) as const));
    const result = `${counts.new} new, ${counts.changed} changed, ${counts.wrong} wrong`;
    await queue.commit([
      { k: 'audit', at: clock.now(), actor, action: 'importTokens', target: `${tokens.length} tokens`, reason: '', result },
    ]);
  }
  return { dryRun, counts, lines: judged.map(({ line, type, idToken, outcome, reason }) => ({ line, type, idToken, outcome, reason })) };
}

async function judge({ kernel }: UseCases, { line, fields }: ImportedLine, seen: Map<string, number>): Promise<Judged> {
  const named = isRecord(fields) ? fields : {};
  const type = typeof named['type'] === 'string' ? named['type'] : null;
  const idToken = typeof named['idToken'] === 'string' ? named['idToken'] : null;
  const wrong = (reason: string): Judged => ({ line, type, idToken, outcome: 'wrong', reason });
  if (type === null || type === '') return wrong('type is missing, such as ISO14443');
  if (idToken === null || (idToken === '' && type !== 'NoAuthorization')) return wrong('idToken is missing');
  const key = `${type} ${idToken.toLowerCase()}`;
  const first = seen.get(key);
  if (first !== undefined) return wrong(`stands in line ${first} already; upper and lower case are the same`);
  seen.set(key, line);
  const before = await kernel.read.token(type, idToken);
  try {
    const token = tokenOf({ ...(before === undefined ? {} : written(before)), ...named });
    if (before === undefined) return { line, type, idToken, outcome: 'new', reason: null, token };
    const changed = changedFields(before, token);
    if (changed.length === 0) return { line, type, idToken, outcome: 'same', reason: null };
    return { line, type, idToken, outcome: 'changed', reason: changed.join(', '), token: { ...token, idToken: before.idToken } };
  } catch (error) {
    if (error instanceof BusbarError) return wrong(error.message);
    throw new Error(`token ${maskToken(idToken)}: ${messageOf(error)}`, { cause: error });
  }
}

/** A token as people write it: with times as text. */
type Written = Omit<TokenInput, 'validUntil' | 'cacheExpiryDateTime'> & {
  readonly validUntil?: string;
  readonly cacheExpiryDateTime?: string;
};
/** The contract's schema says what this type says: a token of the REST interface. */
const isWritten = (fields: unknown): fields is Written => Value.Check(NamedToken, fields);

const written = ({ validUntil, cacheExpiryDateTime, ...rest }: TokenInput): Written => ({
  ...rest,
  ...(validUntil === undefined ? {} : { validUntil: formatInstant(validUntil) }),
  ...(cacheExpiryDateTime === undefined ? {} : { cacheExpiryDateTime: formatInstant(cacheExpiryDateTime) }),
});

function tokenOf(fields: Readonly<Record<string, unknown>>): TokenInput {
  // null: this field is to be empty.
  const named = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
  const unknown = Object.keys(named).find((name) => !(name in NamedToken.properties));
  if (unknown !== undefined) throw new BusbarError('invalid-request', `${unknown} is no field of a token`);
  if (!isWritten(named)) throw new BusbarError('invalid-request', faultOf(named));
  const { validUntil, cacheExpiryDateTime, ...rest } = named;
  if (rest.idToken.length > LONGEST.idToken || rest.type.length > LONGEST.type)
    throw new BusbarError('invalid-request', 'idToken or type is too long');
  const token: TokenInput = {
    ...rest,
    ...(validUntil === undefined ? {} : { validUntil: instant('validUntil', validUntil) }),
    ...(cacheExpiryDateTime === undefined ? {} : { cacheExpiryDateTime: instant('cacheExpiryDateTime', cacheExpiryDateTime) }),
  };
  checkToken(token);
  return token;
}

/** As the path of a token has it. */
const LONGEST = { idToken: 255, type: 20 } as const;

function faultOf(named: unknown): string {
  const [fault] = Value.Errors(NamedToken, named);
  if (fault === undefined) return 'no token';
  const where = fault.instancePath.slice(1);
  const params: unknown = fault.params;
  const values = isRecord(params) ? params['allowedValues'] : undefined;
  const allowed = Array.isArray(values) ? `: ${values.join(', ')}` : '';
  return `${where === '' ? '' : `${where} `}${fault.message}${allowed}`.slice(0, 300);
}

function instant(name: string, text: string): number {
  const at = parseInstant(text);
  if (!Number.isFinite(at)) throw new BusbarError('invalid-request', `${name} is no RFC 3339 time, such as 2027-01-31T23:59:59+01:00`);
  return at;
}

/** Names of what is different; a token without a mark is one whose mark is off. */
function changedFields(before: TokenInput, after: TokenInput): readonly string[] {
  const [a, b] = [own(before), own(after)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

const own = (token: TokenInput): Readonly<Record<string, unknown>> => ({
  ...token,
  idToken: token.idToken.toLowerCase(),
  masterPass: token.masterPass === true,
});
