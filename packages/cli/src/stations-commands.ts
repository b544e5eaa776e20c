import { routes, Station } from '@busbar/api';
import { isRecord } from '@busbar/runtime';
import { ApiClient } from './api-client.ts';
import { queryOf } from './api-options.ts';
import { type ApiSurroundings, card, type Listed, line, oneOf, part, short, showList } from './listing.ts';
import { printable } from './table.ts';

type Given = Listed & Readonly<Record<string, string | boolean | number | undefined>>;

export const listStations = (flags: Given, around: ApiSurroundings): Promise<void> =>
  showList(
    {
      path: '/stations',
      query: queryOf(routes.listStations, flags),
      schema: Station,
      head: ['station', 'link', 'state', 'version', 'connectors', 'model'],
      keep: [0],
      row: (station) => [
        station.id,
        station.connected ? 'connected' : 'offline',
        station.approval === 'approved' ? (station.registration ?? 'never booted') : station.approval,
        (station.ocppVersion ?? '').replace('ocpp', ''),
        station.connectors.map(({ evseId, connectorId, status }) => `${evseId}.${connectorId} ${status}`).join(', '),
        [station.vendorName, station.model].filter(Boolean).join(' '),
      ],
      none:
        queryOf(routes.listStations, flags).size === 0
          ? 'No station is registered yet: busbar stations add ID\n'
          : 'No station is like that: busbar stations shows all.\n',
    },
    flags,
    around,
  );

export async function showStation(id: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('GET', `/stations/${part(id)}`);
  if (flags.json) return write(line(body));
  const one = oneOf(Station, body);
  write(
    card([
      ['station', one.id],
      ['link', one.connected ? `connected, ${one.ocppVersion ?? ''}, security profile ${one.linkSecurityProfile ?? '?'}` : 'offline'],
      ['last seen', short(one.lastSeen)],
      ['approval', one.approval],
      ['registration', one.registration ?? 'never booted'],
      ['booted', one.bootAt === null ? null : `${short(one.bootAt)} ${one.bootReason ?? ''}`],
      ['model', [one.vendorName, one.model].filter(Boolean).join(' ')],
      ['firmware', one.firmwareVersion],
      ['serial number', one.serialNumber],
      ['site', String(one.site)],
      ['least profile', String(one.securityProfile)],
      ...one.connectors.map(
        ({ evseId, connectorId, status, at }) => [`connector ${evseId}.${connectorId}`, `${status} since ${short(at)}`] as const,
      ),
      ['anomalies', one.anomalies.join(', ')],
    ]),
  );
}

const passwordIn = (body: unknown): string => (isRecord(body) && typeof body['password'] === 'string' ? body['password'] : '');

export async function addStation(id: string, flags: Given, { environment, write }: ApiSurroundings): Promise<void> {
  const { site, serialNumber } = flags;
  const { body } = await new ApiClient(flags, environment).request('POST', '/stations', {
    body: { id, ...(site === undefined ? {} : { site: Number(site) }), ...(serialNumber === undefined ? {} : { serialNumber }) },
  });
  if (flags.json) return write(line(body));
  write(`${printable(id)} is registered. Its password, shown only now:\n${passwordIn(body)}\n`);
}

export async function removeStation(id: string, flags: Given, { environment, write }: ApiSurroundings): Promise<void> {
  const retire = flags['retire'] === true;
  await new ApiClient(flags, environment).request('DELETE', `/stations/${part(id)}${retire ? '?withTransactions=retire' : ''}`);
  if (flags.json) return write(line({ removed: id }));
  write(retire ? `${printable(id)} may not connect any more; its transactions stay.\n` : `${printable(id)} is removed.\n`);
}

export async function judgeStation(
  id: string,
  verdict: 'accept' | 'reject',
  flags: Listed,
  { environment, write }: ApiSurroundings,
): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('POST', `/stations/${part(id)}/${verdict}`);
  if (flags.json) return write(line(body ?? { [verdict]: id }));
  write(
    verdict === 'accept'
      ? `${printable(id)} is approved and asked to boot.\n`
      : `${printable(id)} is refused: its boots are answered Rejected.\n`,
  );
}

/** What is expected here; with `--send` the station gets it over OCPP first. */
export async function stationPassword(id: string, flags: Given, { environment, write }: ApiSurroundings): Promise<void> {
  const send = flags['send'] === true;
  const { body } = await new ApiClient(flags, environment).request(send ? 'POST' : 'PUT', `/stations/${part(id)}/password`, { body: {} });
  if (flags.json) return write(line(body));
  const done = send ? `${printable(id)} has another password` : `${printable(id)} is expected with another password`;
  write(`${done}, shown only now:\n${passwordIn(body)}\n`);
}
