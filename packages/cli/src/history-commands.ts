import { AuditEntry, Command, Incident, routes } from '@busbar/api';
import type { Static } from 'typebox';
import { ApiClient } from './api-client.ts';
import { queryOf } from './api-options.ts';
import { type ApiSurroundings, card, type Listed, line, oneOf, part, short, showList } from './listing.ts';
import { printable } from './table.ts';

type Given = Listed & Readonly<Record<string, string | boolean | number | undefined>>;

export const listIncidents = (flags: Listed, around: ApiSurroundings): Promise<void> =>
  showList(
    {
      path: '/incidents',
      schema: Incident,
      head: ['who acts', 'what', 'stations', 'since', 'do', 'detail'],
      keep: [],
      row: ({ group, code, stations, since, suggestion, detail, clause }) => [
        group,
        code,
        stations.join(' '),
        short(since),
        suggestion,
        [...Object.entries(detail).map(([name, value]) => `${name}=${value}`), ...(clause === null ? [] : [clause])].join(' '),
      ],
      none: 'Nothing is wrong.\n',
    },
    flags,
    around,
  );

export const listCommands = (flags: Given, around: ApiSurroundings): Promise<void> =>
  showList(
    {
      path: '/commands',
      query: queryOf(routes.listCommands, flags),
      schema: Command,
      head: ['command', 'created', 'station', 'action', 'state', 'by', 'outcome'],
      keep: [0, 2],
      row: (one) => [one.commandId, short(one.createdAt), one.stationId, one.action, one.state, one.actor, outcomeOf(one)],
      none: 'No commands.\n',
      usual: 100,
    },
    flags,
    around,
  );

function outcomeOf(one: Static<typeof Command>): string {
  switch (one.state) {
    case 'answered':
      return JSON.stringify(one.response);
    case 'refused':
      return `${one.error.code} ${one.error.description}`.trim();
    case 'unknown':
    case 'notSent':
      return one.reason;
    case 'queued':
    case 'sent':
      return '';
  }
}

export async function showCommand(commandId: string, flags: Given, { environment, write }: ApiSurroundings): Promise<void> {
  const wait = flags['wait'] === undefined ? '' : `?wait=${part(String(flags['wait']))}`;
  const { body } = await new ApiClient(flags, environment).request('GET', `/commands/${part(commandId)}${wait}`, { also: [409, 504] });
  if (flags.json) return write(line(body));
  const one = oneOf(Command, body);
  write(
    card([
      ['command', one.commandId],
      ['station', one.stationId],
      ['action', one.action],
      ['request', JSON.stringify(one.request)],
      ['state', one.state],
      ['outcome', outcomeOf(one)],
      ['asked', `${short(one.createdAt)} by ${one.actor} (${one.origin})`],
      ['sent', short(one.sentAt)],
      ['ended', short(one.endedAt)],
      ['effect', one.effect === undefined ? null : `transaction ${one.effect.transactionId}`],
    ]),
  );
}

export async function cancelCommand(commandId: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('DELETE', `/commands/${part(commandId)}`);
  write(flags.json ? line(body ?? { cancelled: commandId }) : `${printable(commandId)} is taken back.\n`);
}

export const listAudit = (flags: Given, around: ApiSurroundings): Promise<void> =>
  showList(
    {
      path: '/audit',
      query: queryOf(routes.audit, flags),
      schema: AuditEntry,
      head: ['at', 'who', 'did', 'to', 'result', 'why'],
      keep: [],
      row: ({ at, actor, action, target, reason, result }) => [short(at), actor, action, target, result, reason],
      none: 'Nothing is written there.\n',
      usual: 100,
    },
    flags,
    around,
  );
