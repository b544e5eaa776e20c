import type { Outcome } from '../intents.ts';
import { one, type Program, type Query, run, tell } from '../sql.ts';
import type { TariffIntent, TariffReader } from '../tariff-intents.ts';
import { num, numOrNull, text, textOrNull } from './columns.ts';
import type { Prepared } from './prepared.ts';

const KINDS: ReadonlySet<string> = new Set<TariffIntent['k']>(['tariffPut', 'tariffAssign', 'sitePut', 'sitePatch']);
export const isTariffIntent = (intent: Prepared): intent is TariffIntent => KINDS.has(intent.k);

const DONE: Outcome = { result: 'done' };

/** What is written about prices and sites. */
export function* applyTariff(intent: TariffIntent): Program<Outcome> {
  switch (intent.k) {
    case 'tariffPut': {
      const before = yield* one('SELECT MAX(version) AS version FROM tariff WHERE id=?', intent.id);
      const version = ((before === undefined ? null : numOrNull(before, 'version')) ?? 0) + 1;
      yield* tell('INSERT INTO tariff VALUES(?,?,?,?,?)', intent.id, version, intent.validFrom, intent.body, intent.at);
      return { result: 'new', assigned: version };
    }
    case 'tariffAssign': {
      const { scope, target, validFrom, tariff } = intent.assignment;
      yield* tell(
        'INSERT INTO tariff_assignment VALUES(?,?,?,?) ON CONFLICT(scope, target, valid_from) DO UPDATE SET tariff=excluded.tariff',
        scope,
        target,
        validFrom,
        tariff,
      );
      return DONE;
    }
    case 'sitePut': {
      const { name, zone, currency, latitude, longitude } = intent.site;
      const row = yield* one(
        'INSERT INTO site(name, zone, currency, latitude, longitude) VALUES(?,?,?,?,?) RETURNING id',
        name,
        zone,
        currency,
        latitude,
        longitude,
      );
      return row === undefined ? { result: 'notFound' } : { result: 'new', assigned: num(row, 'id') };
    }
    case 'sitePatch': {
      const { name, zone, currency, latitude, longitude } = intent.patch;
      const set = Object.entries({ name, zone, currency, latitude, longitude }).filter(
        (column): column is [string, string | number | null] => column[1] !== undefined,
      );
      if (set.length === 0) return DONE;
      const columns = set.map(([column]) => `${column}=?`).join(', ');
      const changes = yield* run(`UPDATE site SET ${columns} WHERE id=?`, ...set.map(([, value]) => value), intent.id);
      return changes > 0 ? DONE : { result: 'notFound' };
    }
  }
}

export const tariffReader = (all: Query): TariffReader => ({
  tariffs: async () =>
    (await all('SELECT * FROM tariff ORDER BY id, version')).map((row) => ({
      id: text(row, 'id'),
      version: num(row, 'version'),
      validFrom: num(row, 'valid_from'),
      body: text(row, 'body'),
      createdAt: num(row, 'created_at'),
    })),
  tariffAssignments: async () =>
    (await all('SELECT * FROM tariff_assignment ORDER BY valid_from, scope, target')).map((row) => ({
      scope: (['group', 'station'] as const).find((scope) => scope === row['scope']) ?? 'site',
      target: text(row, 'target'),
      validFrom: num(row, 'valid_from'),
      tariff: textOrNull(row, 'tariff'),
    })),
  sites: async () =>
    (await all('SELECT * FROM site ORDER BY id')).map((row) => ({
      id: num(row, 'id'),
      name: text(row, 'name'),
      zone: text(row, 'zone'),
      currency: text(row, 'currency'),
      latitude: numOrNull(row, 'latitude'),
      longitude: numOrNull(row, 'longitude'),
    })),
});
