import { BusbarError, limits } from '@busbar/runtime';
import { type ImportedLine, importTokens } from '../token-import.ts';
import type { UseCases } from '../use-cases.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { readCsv } from './csv-read.ts';

/** Many tokens at once, from a file. */
export function registerTokenImport(app: Typed, useCases: UseCases): void {
  app.addContentTypeParser('text/csv', { parseAs: 'string', bodyLimit: limits.importTokenBytes }, (_request, body, done) =>
    done(null, body),
  );
  app.post<{ Querystring: { dryRun?: boolean }; Body: unknown }>(
    contract('importTokens').url,
    { ...contract('importTokens').options, bodyLimit: limits.importTokenBytes },
    async (request) => {
      const { body, query } = request;
      const lines = typeof body === 'string' ? linesOf(body) : entriesOf(body);
      if (lines.length > limits.importTokens)
        throw new BusbarError('invalid-request', `One import takes at most ${limits.importTokens} tokens; these are ${lines.length}.`);
      return importTokens(useCases, lines, query.dryRun === true, actorOf(request));
    },
  );
}

function entriesOf(body: unknown): readonly ImportedLine[] {
  if (!Array.isArray(body)) throw new BusbarError('invalid-request', 'The body is CSV (text/csv), or an array of tokens in JSON.');
  return body.map((fields: unknown, index) => ({ line: index + 1, fields }));
}

/** How a cell of the export is read; what is empty is empty. */
const CELLS: Readonly<Record<string, (cell: string) => unknown>> = {
  type: (cell) => cell,
  idToken: (cell) => cell,
  status: (cell) => cell,
  validUntil: (cell) => cell,
  cacheExpiryDateTime: (cell) => cell,
  chargingPriority: numberOf,
  language1: (cell) => cell,
  language2: (cell) => cell,
  evseId: (cell) => cell.split(/[ ,]+/).map(numberOf),
  masterPass: (cell) => ({ true: true, false: false })[cell.toLowerCase()] ?? cell,
};
const GROUP = ['group', 'groupType'] as const;

function linesOf(text: string): readonly ImportedLine[] {
  const [head, ...rows] = readCsv(text);
  const names = head?.cells.map((cell) => cell.trim()) ?? [];
  const unknown = names.find((name) => !(name in CELLS) && !GROUP.some((own) => own === name));
  if (unknown !== undefined || !names.includes('type') || !names.includes('idToken'))
    throw new BusbarError(
      'invalid-request',
      unknown === undefined
        ? 'The first line names the columns; type and idToken are needed.'
        : `"${unknown.slice(0, 40)}" is no column of tokens. The columns are ${[...Object.keys(CELLS), ...GROUP].join(', ')}.`,
    );
  return rows.map(({ line, cells }) => ({ line, fields: fieldsOf(names, cells) }));
}

function fieldsOf(names: readonly string[], cells: readonly string[]): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  const group: Partial<Record<(typeof GROUP)[number], string>> = {};
  for (const [index, name] of names.entries()) {
    // What the export put before a text that a spreadsheet would run is no part of it.
    const cell = (cells[index] ?? '').trim().replace(/^'(?=[=+\-@])/, '');
    const part = GROUP.find((own) => own === name);
    if (part !== undefined) group[part] = cell;
    else if (cell === '') fields[name] = name === 'idToken' ? '' : null;
    else fields[name] = CELLS[name]?.(cell);
  }
  if (group.group !== undefined)
    fields['groupIdToken'] =
      group.group === ''
        ? null
        : { idToken: group.group, type: group.groupType === undefined || group.groupType === '' ? 'Central' : group.groupType };
  return fields;
}

function numberOf(cell: string): number | string {
  return /^-?\d+$/.test(cell) ? Number(cell) : cell;
}
