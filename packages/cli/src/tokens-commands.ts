import { readFileSync } from 'node:fs';
import { routes, TokenImport } from '@busbar/api';
import { BusbarError, isRecord, messageOf } from '@busbar/runtime';
import { Type } from 'typebox';
import { ApiClient } from './api-client.ts';
import { queryOf } from './api-options.ts';
import { type ApiSurroundings, card, type Listed, line, oneOf, part, short, showList, width } from './listing.ts';
import { printable, table } from './table.ts';

type Given = Listed & Readonly<Record<string, string | boolean | number | undefined>>;

const ListedToken = Type.Object({
  type: Type.String(),
  idToken: Type.String(),
  status: Type.String(),
  validUntil: Type.Optional(Type.String()),
  groupIdToken: Type.Optional(Type.Object({ idToken: Type.String() })),
});

export function listTokens(flags: Given, around: ApiSurroundings): Promise<void> {
  const query = queryOf(routes.listTokens, flags);
  const filtered = query.size > 0;
  query.set('limit', '1000');
  return showList(
    {
      path: '/tokens',
      query,
      schema: ListedToken,
      head: ['token', 'type', 'status', 'valid until', 'group'],
      keep: [0, 1],
      row: ({ type, idToken, status, validUntil, groupIdToken }) => [
        idToken,
        type,
        status,
        short(validUntil ?? null),
        groupIdToken?.idToken ?? '',
      ],
      none: filtered ? 'No token is like that.\n' : 'No tokens yet: busbar tokens put ISO14443 AABBCCDD\n',
    },
    flags,
    around,
  );
}

const pathOf = (type: string, idToken: string): string => `/tokens/${part(type)}/${part(idToken)}`;

export async function showToken(type: string, idToken: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('GET', pathOf(type, idToken));
  if (flags.json || !isRecord(body)) return write(line(body));
  write(card(Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const)));
}

export async function putToken(type: string, idToken: string, flags: Given, { environment, write }: ApiSurroundings): Promise<void> {
  const { status = 'Accepted', group, validUntil } = flags;
  const { body } = await new ApiClient(flags, environment).request('PUT', pathOf(type, idToken), {
    body: {
      status,
      ...(group === undefined ? {} : { groupIdToken: { idToken: group } }),
      ...(validUntil === undefined ? {} : { validUntil }),
    },
  });
  write(flags.json ? line(body) : `${printable(idToken)} of type ${printable(type)} is ${String(status)} now.\n`);
}

export async function deleteToken(type: string, idToken: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  await new ApiClient(flags, environment).request('DELETE', pathOf(type, idToken));
  write(flags.json ? line({ deleted: { type, idToken } }) : `${printable(idToken)} of type ${printable(type)} is forgotten.\n`);
}

const Erased = Type.Object({ transactions: Type.Integer(), messageLogUntil: Type.String() });

export async function eraseToken(type: string, idToken: string, flags: Given, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('POST', `${pathOf(type, idToken)}/erase`, {
    body: { reason: String(flags['reason']) },
  });
  if (flags.json) return write(line(body));
  const { transactions, messageLogUntil } = oneOf(Erased, body);
  write(
    `The driver is forgotten: the token is gone, ${transactions} transactions have a pseudonym. The message log may hold it until ${short(messageLogUntil)}.\n`,
  );
}

/** CSV as the export writes it, or a JSON array; wrong lines are told and left out, with exit code 2. */
export async function importTokens(file: string, flags: Given, around: ApiSurroundings): Promise<void> {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new BusbarError('bad-usage', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const dry = flags['dryRun'] === true;
  const { body } = await new ApiClient(flags, around.environment).request('POST', `/tokens/import${dry ? '?dryRun=true' : ''}`, {
    body: text,
    type: /^\s*\[/.test(text) ? 'application/json' : 'text/csv',
  });
  const { counts, lines } = oneOf(TokenImport, body);
  if (flags.json) around.write(line(body));
  else {
    const told = lines.filter(({ outcome }) => outcome === 'wrong' || (dry && outcome !== 'same'));
    if (told.length > 0)
      around.write(
        `${table(
          ['line', 'outcome', 'type', 'token', 'reason'],
          told.map((one) => [String(one.line), one.outcome, one.type ?? '', one.idToken ?? '', one.reason ?? '']),
          { ...width(around), keep: [0] },
        )}\n`,
      );
    around.write(
      `${counts.new} new, ${counts.changed} changed, ${counts.same} as before, ${counts.wrong} wrong${dry ? '; nothing was written' : ''}.\n`,
    );
  }
  if (counts.wrong > 0)
    throw new BusbarError('invalid-request', `${counts.wrong} of ${lines.length} lines of ${file} are wrong and were left out.`);
}
