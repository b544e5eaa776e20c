import { Type } from 'typebox';
import { Nullable } from './fields.ts';
import type { Route } from './route.ts';

/** What became, or would become, of each line. */
export const TokenImport = Type.Object({
  dryRun: Type.Boolean({ description: 'nothing was written' }),
  counts: Type.Object({ new: Type.Integer(), changed: Type.Integer(), same: Type.Integer(), wrong: Type.Integer() }),
  lines: Type.Array(
    Type.Object({
      line: Type.Integer({ description: 'of the file, or the place in the array; the first is 1' }),
      type: Nullable(Type.String()),
      idToken: Nullable(Type.String()),
      outcome: Type.Union([Type.Literal('new'), Type.Literal('changed'), Type.Literal('same'), Type.Literal('wrong')]),
      reason: Nullable(Type.String({ description: 'what is wrong with it, or which fields change' })),
    }),
  ),
});

export const importRoutes = {
  importTokens: {
    method: 'POST',
    role: 'operator',
    path: '/tokens/import',
    summary:
      'Creates and changes tokens from CSV (columns as in the export) or a JSON array, at most 10,000; tokens that are not in it stay. Wrong lines are told and left out. dryRun=true only says what would happen',
    query: Type.Object({ dryRun: Type.Optional(Type.Boolean()) }),
    csv: true,
    // Checked line by line: a schema would refuse the whole file for one line, and would take an array of one for its entry.
    body: Type.Unsafe<string | readonly Readonly<Record<string, unknown>>[]>({
      description: 'an array of tokens with type and idToken; or CSV',
    }),
    response: { 200: TokenImport },
  },
} as const satisfies Record<string, Route>;
