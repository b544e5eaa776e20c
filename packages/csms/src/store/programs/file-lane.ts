import { limits } from '@busbar/runtime';
import type { FileIntent, ToldStatus } from '../file-intents.ts';
import type { Outcome, StationRow } from '../intents.ts';
import { one, type Program, run, type SqlValue, tell } from '../sql.ts';
import { json, num } from './columns.ts';
import type { Prepared } from './prepared.ts';

type Of<K extends FileIntent['k']> = Extract<FileIntent, { k: K }>;
type Table = 'log' | 'firmware_update';

const DONE: Outcome = { result: 'done' };
const KINDS: ReadonlySet<string> = new Set<FileIntent['k']>([
  'fileToken',
  'fileTokensExpired',
  'log',
  'firmwareUpdate',
  'customerInformation',
  'installedCertificates',
  'firmwarePut',
  'firmwareState',
  'firmwareDelete',
]);

export const isFileIntent = (intent: Prepared): intent is FileIntent => KINDS.has(intent.k);

/** What is written about files: logs, firmware, certificates, customers. */
export class FileLane {
  *apply(intent: FileIntent): Program<Outcome> {
    switch (intent.k) {
      case 'fileToken': {
        const { hash, station, kind, file, requestId, maxBytes, expiresAt } = intent.token;
        yield* tell('INSERT INTO file_token VALUES(?,?,?,?,?,?,?)', hash, station, kind, file, requestId, maxBytes, expiresAt);
        return DONE;
      }
      case 'fileTokensExpired':
        yield* tell('DELETE FROM file_token WHERE expires_at < ?', intent.at);
        return DONE;
      case 'log': {
        const { type, answer, filename, file, bytes, receivedAt, reason, status } = intent.change;
        yield* this.#row('log', intent);
        yield* this.#set('log', intent, { type, answer, filename, file, bytes, received_at: receivedAt, reason });
        return yield* this.#status('log', intent, status);
      }
      case 'firmwareUpdate': {
        const { firmware, retrieveAt, installAt, answer, status } = intent.change;
        yield* this.#row('firmware_update', intent);
        yield* this.#set('firmware_update', intent, { firmware, retrieve_at: retrieveAt, install_at: installAt, answer });
        return yield* this.#status('firmware_update', intent, status);
      }
      case 'customerInformation':
        return yield* this.#customerInformation(intent);
      case 'installedCertificates':
        return yield* this.#installedCertificates(intent);
      case 'firmwarePut': {
        const { version, models, sha256, signature, certificate, file, at } = intent.firmware;
        const row = yield* one(
          `INSERT INTO firmware(version, models, sha256, signature, certificate, file, state, created_at) VALUES(?,?,?,?,?,?,'awaitingImage',?) RETURNING id`,
          version,
          JSON.stringify(models),
          sha256,
          signature,
          certificate,
          file,
          at,
        );
        return row === undefined ? { result: 'conflict' } : { result: 'new', assigned: num(row, 'id') };
      }
      case 'firmwareState':
        return changed(
          yield* run('UPDATE firmware SET state=?, bytes=?, reason=? WHERE id=?', intent.state, intent.bytes, intent.reason, intent.id),
        );
      case 'firmwareDelete':
        return changed(yield* run('DELETE FROM firmware WHERE id=?', intent.id));
    }
  }

  /** A station is gone: so is what it told. Its files are removed by who knows the disk. */
  *forget(station: StationRow): Program<void> {
    for (const table of ['file_token', 'log', 'customer_information', 'installed_certificate', 'firmware_update'])
      yield* tell(`DELETE FROM ${table} WHERE station=?`, station);
  }

  *#row(table: Table, { station, requestId, at, fresh }: Of<'log'> | Of<'firmwareUpdate'>): Program<void> {
    if (fresh === true) yield* tell(`DELETE FROM ${table} WHERE station=? AND request_id=?`, station, requestId);
    const added = yield* run(
      `INSERT INTO ${table}(station, request_id, requested_at) VALUES(?,?,?) ON CONFLICT DO NOTHING`,
      station,
      requestId,
      at,
    );
    if (added > 0)
      yield* tell(
        `DELETE FROM ${table} WHERE station=?1 AND request_id NOT IN (SELECT request_id FROM ${table} WHERE station=?1 ORDER BY requested_at DESC LIMIT ?2)`,
        station,
        limits.toldRequests,
      );
  }

  *#set(
    table: Table,
    { station, requestId }: { readonly station: StationRow; readonly requestId: number },
    columns: Readonly<Record<string, SqlValue | undefined>>,
  ): Program<void> {
    const set = Object.entries(columns).filter((column): column is [string, SqlValue] => column[1] !== undefined);
    if (set.length === 0) return;
    const names = set.map(([name]) => `${name}=?`).join(', ');
    yield* tell(`UPDATE ${table} SET ${names} WHERE station=? AND request_id=?`, ...set.map(([, value]) => value), station, requestId);
  }

  *#status(table: Table, { station, requestId, at }: Of<'log'> | Of<'firmwareUpdate'>, status: string | undefined): Program<Outcome> {
    if (status === undefined) return DONE;
    const row = yield* one(`SELECT statuses FROM ${table} WHERE station=? AND request_id=?`, station, requestId);
    if (row === undefined) return { result: 'notFound' };
    const told = json<ToldStatus[]>(row, 'statuses');
    // A station that repeats itself is heard once: what it does has not changed.
    if (told.at(-1)?.status === status) return { result: 'duplicate' };
    const kept = [...told, { status, at }].slice(-limits.toldStatuses);
    yield* this.#set(table, { station, requestId }, { statuses: JSON.stringify(kept) });
    return DONE;
  }

  *#customerInformation({ station, requestId, seqNo, tbc, at, data }: Of<'customerInformation'>): Program<Outcome> {
    if (seqNo === 0) yield* tell('DELETE FROM customer_information WHERE station=? AND request_id=?', station, requestId);
    yield* tell(
      'INSERT INTO customer_information VALUES(?,?,?,?,?,?) ON CONFLICT(station, request_id, seq_no) DO UPDATE SET tbc=excluded.tbc, at=excluded.at, data=excluded.data',
      station,
      requestId,
      seqNo,
      tbc ? 1 : 0,
      at,
      data,
    );
    return DONE;
  }

  *#installedCertificates({ station, at, types, chains }: Of<'installedCertificates'>): Program<Outcome> {
    const row = yield* one('SELECT body FROM installed_certificate WHERE station=?', station);
    const known = row === undefined ? [] : json<{ certificateType: string }[]>(row, 'body');
    const others = types === undefined ? [] : known.filter(({ certificateType }) => !types.includes(certificateType));
    yield* tell(
      'INSERT INTO installed_certificate VALUES(?,?,?) ON CONFLICT(station) DO UPDATE SET at=excluded.at, body=excluded.body',
      station,
      at,
      JSON.stringify([...others, ...chains]),
    );
    return DONE;
  }
}

const changed = (changes: number): Outcome => (changes > 0 ? DONE : { result: 'notFound' });
