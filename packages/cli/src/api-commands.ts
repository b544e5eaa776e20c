import { Station, Transaction } from '@busbar/api';
import { BusbarError, isRecord } from '@busbar/runtime';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ApiClient, type ApiFlags, type Environment } from './api-client.ts';
import { printable, table } from './table.ts';

export interface ApiSurroundings {
  readonly environment: Environment;
  readonly write: (text: string) => void;
  /** A line that is written over, on a terminal; nothing elsewhere. */
  readonly progress?: (text: string) => void;
}

export interface Listed extends ApiFlags {
  readonly json?: boolean;
}

/** The rows of a list, as the contract says; anything else comes from another server or version. */
export function rowsOf<S extends TSchema>(schema: S, body: unknown): readonly Static<S>[] {
  const list = Type.Array(schema);
  if (Value.Check(list, body)) return body;
  throw new BusbarError('no-api', 'The answer is not what this version of Busbar expects.');
}

export const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
export const part = (text: string): string => encodeURIComponent(text);
const kWh = (wattHours: number | null): string => (wattHours === null ? '' : `${(wattHours / 1000).toFixed(3)} kWh`);
const kW = (watts: number | null): string => (watts === null ? '' : `${(watts / 1000).toFixed(2)} kW`);
export const short = (time: string | null): string => (time === null ? '' : time.replace('T', ' ').replace(/\.\d+Z$/, 'Z'));

export async function listStations(flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const body = await new ApiClient(flags, environment).list('/stations');
  if (flags.json) return write(line(body));
  const rows = rowsOf(Station, body).map((station) => [
    station.id,
    station.connected ? 'connected' : 'offline',
    station.approval === 'approved' ? (station.registration ?? 'never booted') : station.approval,
    (station.ocppVersion ?? '').replace('ocpp', ''),
    station.connectors.map(({ evseId, connectorId, status }) => `${evseId}.${connectorId} ${status}`).join(', '),
    [station.vendorName, station.model].filter(Boolean).join(' '),
  ]);
  write(
    rows.length === 0
      ? 'No station is registered yet: busbar stations add ID\n'
      : table(['station', 'link', 'state', 'version', 'connectors', 'model'], rows),
  );
}

export async function addStation(id: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('POST', '/stations', { body: { id } });
  if (flags.json) return write(line(body));
  const password = isRecord(body) && typeof body['password'] === 'string' ? body['password'] : '';
  write(`${printable(id)} is registered. Its password, shown only now:\n${password}\n`);
}

export async function listTransactions(
  flags: Listed & { readonly station?: string; readonly state?: string; readonly limit?: string },
  { environment, write }: ApiSurroundings,
): Promise<void> {
  const query = new URLSearchParams();
  if (flags.station !== undefined) query.set('stationId', flags.station);
  if (flags.state !== undefined) query.set('state', flags.state);
  if (flags.limit !== undefined) query.set('limit', flags.limit);
  const { body } = await new ApiClient(flags, environment).request('GET', `/transactions?${query.toString()}`);
  if (flags.json) return write(line(body));
  const rows = rowsOf(Transaction, body).map((one) => [
    one.stationId,
    one.evseId === null ? '' : String(one.evseId),
    one.transactionId,
    short(one.startedAt),
    one.state === 'active' ? (one.chargingState ?? 'active') : (one.stoppedReason ?? 'ended'),
    kWh(one.energyWh),
    one.state === 'active' ? kW(one.powerW) : '',
    `${one.bill}, ${one.completeness}${one.completeness === 'complete' ? '' : `: ${one.reason}`}`,
  ]);
  write(
    rows.length === 0
      ? 'No transactions.\n'
      : table(['station', 'evse', 'transaction', 'started', 'state', 'energy', 'power', 'bill'], rows),
  );
}

const ListedToken = Type.Object({
  type: Type.String(),
  idToken: Type.String(),
  status: Type.String(),
  validUntil: Type.Optional(Type.String()),
  groupIdToken: Type.Optional(Type.Object({ idToken: Type.String() })),
});

export async function listTokens(flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const body = await new ApiClient(flags, environment).list('/tokens?limit=1000');
  if (flags.json) return write(line(body));
  const rows = rowsOf(ListedToken, body).map(({ type, idToken, status, validUntil, groupIdToken }) => [
    idToken,
    type,
    status,
    short(validUntil ?? null),
    groupIdToken?.idToken ?? '',
  ]);
  write(
    rows.length === 0
      ? 'No tokens yet: busbar tokens put ISO14443 AABBCCDD\n'
      : table(['token', 'type', 'status', 'valid until', 'group'], rows),
  );
}

export async function putToken(
  type: string,
  idToken: string,
  flags: Listed & { readonly status?: string },
  { environment, write }: ApiSurroundings,
): Promise<void> {
  const path = `/tokens/${part(type)}/${part(idToken)}`;
  const { body } = await new ApiClient(flags, environment).request('PUT', path, { body: { status: flags.status ?? 'Accepted' } });
  write(flags.json ? line(body) : `${printable(idToken)} of type ${printable(type)} is ${flags.status ?? 'Accepted'} now.\n`);
}

export async function deleteToken(type: string, idToken: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  await new ApiClient(flags, environment).request('DELETE', `/tokens/${part(type)}/${part(idToken)}`);
  write(flags.json ? line({ deleted: { type, idToken } }) : `${printable(idToken)} of type ${printable(type)} is forgotten.\n`);
}

export async function call(
  station: string,
  action: string,
  text: string,
  flags: Listed & { readonly timeout?: string },
  { environment, write }: ApiSurroundings,
): Promise<void> {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    throw new BusbarError(
      'bad-usage',
      `${text.slice(0, 60)} is not JSON. In a shell: busbar call ${station} ${action} '{"type":"OnIdle"}'`,
      { cause: error },
    );
  }
  const query = flags.timeout === undefined ? '' : `?timeout=${part(flags.timeout)}`;
  const { body } = await new ApiClient(flags, environment).request('POST', `/stations/${part(station)}/calls/${part(action)}${query}`, {
    body: payload,
    also: [409, 504],
  });
  const view = isRecord(body) ? body : {};
  if (typeof view['code'] === 'string' && view['state'] === undefined) throw problem(view);
  failUnlessAnswered(station, action, view);
  write(flags.json ? line(body) : `${JSON.stringify(view['response'], undefined, 2)}\n`);
}

function problem({ code, detail }: Readonly<Record<string, unknown>>): BusbarError {
  return new BusbarError(code === 'not-accepted' || code === 'queue-full' || code === 'conflict' ? code : 'not-connected', String(detail));
}

/** Whoever calls from a script wants to know by the exit code whether the station answered. */
function failUnlessAnswered(station: string, action: string, view: Readonly<Record<string, unknown>>): void {
  const reason = typeof view['reason'] === 'string' ? view['reason'] : '';
  switch (view['state']) {
    case 'refused': {
      const { code, description } = isRecord(view['error']) ? view['error'] : {};
      throw new BusbarError('call-refused', `${station} refused ${action}: ${String(code)} ${String(description)}`.trim());
    }
    case 'unknown':
      throw new BusbarError('no-answer', `${station} did not answer ${action} (${reason}); whether it acted is unknown.`);
    case 'notSent':
      throw new BusbarError('not-connected', `${action} was not sent to ${station}: ${reason}.`);
    default:
      return;
  }
}
