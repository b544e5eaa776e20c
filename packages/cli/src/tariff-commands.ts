import { readFileSync } from 'node:fs';
import { Tariff, TariffAssignment } from '@busbar/api';
import { BusbarError, messageOf } from '@busbar/runtime';
import type { Static } from 'typebox';
import { ApiClient } from './api-client.ts';
import { type ApiSurroundings, type Listed, line, part, rowsOf, short } from './listing.ts';
import { printable, table } from './table.ts';

type Timed = Listed & { readonly validFrom?: string };

export async function listTariffs(flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const client = new ApiClient(flags, environment);
  const [tariffs, assignments] = [await client.request('GET', '/tariffs'), await client.request('GET', '/tariff-assignments')];
  if (flags.json) return write(line({ tariffs: tariffs.body, assignments: assignments.body }));
  const versions = rowsOf(Tariff, tariffs.body);
  if (versions.length === 0) return write('No tariffs yet: busbar tariffs put ID FILE\n');
  write(
    table(
      ['tariff', 'version', 'valid from', 'name', 'currency', 'VAT %', 'periods'],
      versions.map(({ id, version, validFrom, name, currency, vatPercent, periods }) => [
        id,
        String(version),
        short(validFrom),
        name,
        currency,
        vatPercent ?? '0',
        periods.map(periodText).join(' | '),
      ]),
    ),
  );
  const given = rowsOf(TariffAssignment, assignments.body);
  if (given.length > 0)
    write(
      `\n${table(
        ['scope', 'target', 'tariff', 'valid from'],
        given.map(({ scope, target, tariff, validFrom }) => [scope, target, tariff ?? '(none)', short(validFrom)]),
      )}`,
    );
}

function periodText({ days, from, to, perKWh, perMinute, idlePerMinute }: Static<typeof Tariff>['periods'][number]): string {
  const when = [days?.join(','), from === undefined && to === undefined ? undefined : `${from ?? '00:00'}-${to ?? '24:00'}`];
  const prices = [perKWh && `${perKWh}/kWh`, perMinute && `${perMinute}/min`, idlePerMinute && `idle ${idlePerMinute}/min`];
  return [...when, ...prices].filter((text) => text !== undefined && text !== '').join(' ') || 'free';
}

export async function putTariff(id: string, file: string, flags: Timed, { environment, write }: ApiSurroundings): Promise<void> {
  let terms: object;
  try {
    terms = Object(JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8')));
  } catch (error) {
    throw new BusbarError('bad-usage', `${file} cannot be read as JSON: ${messageOf(error)}`, { cause: error });
  }
  const { body } = await new ApiClient(flags, environment).request('PUT', `/tariffs/${part(id)}`, {
    body: { ...terms, ...(flags.validFrom === undefined ? {} : { validFrom: flags.validFrom }) },
  });
  if (flags.json) return write(line(body));
  const [tariff] = rowsOf(Tariff, [body]);
  write(`${printable(id)} has version ${tariff?.version ?? '?'}, valid from ${short(tariff?.validFrom ?? null)}.\n`);
}

export async function assignTariff(
  scope: string,
  target: string,
  tariff: string,
  flags: Timed,
  { environment, write }: ApiSurroundings,
): Promise<void> {
  const client = new ApiClient(flags, environment);
  const path = `/tariff-assignments/${part(scope)}/${part(target)}`;
  const { body } =
    tariff === '-'
      ? await client.request('DELETE', path)
      : await client.request('PUT', path, {
          body: { tariff, ...(flags.validFrom === undefined ? {} : { validFrom: flags.validFrom }) },
        });
  const given = `${printable(scope)} ${printable(target)} ${tariff === '-' ? 'has no tariff of its own' : `has ${printable(tariff)}`} now.\n`;
  write(flags.json ? line(body ?? { scope, target, tariff: null }) : given);
}
