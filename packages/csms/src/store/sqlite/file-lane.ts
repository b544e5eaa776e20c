import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { limits } from '@busbar/runtime';
import type { FileIntent, ToldStatus } from '../file-intents.ts';
import type { Intent, Outcome, StationRow } from '../intents.ts';
import { json, num } from './columns.ts';

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

export const isFileIntent = (intent: Intent): intent is FileIntent => KINDS.has(intent.k);

/** What is written about files: logs, firmware, certificates, customers. */
export class FileLane {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  apply(intent: FileIntent): Outcome {
    switch (intent.k) {
      case 'fileToken': {
        const { hash, station, kind, file, requestId, maxBytes, expiresAt } = intent.token;
        this.#run('INSERT INTO file_token VALUES(?,?,?,?,?,?,?)', hash, station, kind, file, requestId, maxBytes, expiresAt);
        return DONE;
      }
      case 'fileTokensExpired':
        this.#run('DELETE FROM file_token WHERE expires_at < ?', intent.at);
        return DONE;
      case 'log': {
        const { type, answer, filename, file, bytes, receivedAt, reason, status } = intent.change;
        this.#row('log', intent);
        this.#set('log', intent, { type, answer, filename, file, bytes, received_at: receivedAt, reason });
        return this.#status('log', intent, status);
      }
      case 'firmwareUpdate': {
        const { firmware, retrieveAt, installAt, answer, status } = intent.change;
        this.#row('firmware_update', intent);
        this.#set('firmware_update', intent, { firmware, retrieve_at: retrieveAt, install_at: installAt, answer });
        return this.#status('firmware_update', intent, status);
      }
      case 'customerInformation':
        return this.#customerInformation(intent);
      case 'installedCertificates':
        return this.#installedCertificates(intent);
      case 'firmwarePut': {
        const { version, models, sha256, signature, certificate, file, at } = intent.firmware;
        const row = this.#statement(
          `INSERT INTO firmware(version, models, sha256, signature, certificate, file, state, created_at) VALUES(?,?,?,?,?,?,'awaitingImage',?) RETURNING id`,
        ).get(version, JSON.stringify(models), sha256, signature, certificate, file, at);
        return row === undefined ? { result: 'conflict' } : { result: 'new', assigned: num(row, 'id') };
      }
      case 'firmwareState':
        return changed(
          this.#run('UPDATE firmware SET state=?, bytes=?, reason=? WHERE id=?', intent.state, intent.bytes, intent.reason, intent.id),
        );
      case 'firmwareDelete':
        return changed(this.#run('DELETE FROM firmware WHERE id=?', intent.id));
    }
  }

  /** A station is gone: so is what it told. Its files are removed by who knows the disk. */
  forget(station: StationRow): void {
    for (const table of ['file_token', 'log', 'customer_information', 'installed_certificate', 'firmware_update'])
      this.#run(`DELETE FROM ${table} WHERE station=?`, station);
  }

  #row(table: Table, { station, requestId, at, fresh }: Of<'log'> | Of<'firmwareUpdate'>): void {
    if (fresh === true) this.#run(`DELETE FROM ${table} WHERE station=? AND request_id=?`, station, requestId);
    const added = this.#run(
      `INSERT INTO ${table}(station, request_id, requested_at) VALUES(?,?,?) ON CONFLICT DO NOTHING`,
      station,
      requestId,
      at,
    );
    if (added > 0)
      this.#run(
        `DELETE FROM ${table} WHERE station=?1 AND request_id NOT IN (SELECT request_id FROM ${table} WHERE station=?1 ORDER BY requested_at DESC LIMIT ?2)`,
        station,
        limits.toldRequests,
      );
  }

  #set(
    table: Table,
    { station, requestId }: { readonly station: StationRow; readonly requestId: number },
    columns: Readonly<Record<string, SQLInputValue | undefined>>,
  ): void {
    const set = Object.entries(columns).filter((column): column is [string, SQLInputValue] => column[1] !== undefined);
    if (set.length === 0) return;
    const names = set.map(([name]) => `${name}=?`).join(', ');
    this.#run(`UPDATE ${table} SET ${names} WHERE station=? AND request_id=?`, ...set.map(([, value]) => value), station, requestId);
  }

  #status(table: Table, { station, requestId, at }: Of<'log'> | Of<'firmwareUpdate'>, status: string | undefined): Outcome {
    if (status === undefined) return DONE;
    const row = this.#statement(`SELECT statuses FROM ${table} WHERE station=? AND request_id=?`).get(station, requestId);
    if (row === undefined) return { result: 'notFound' };
    const told = json<ToldStatus[]>(row, 'statuses');
    // A station that repeats itself is heard once: what it does has not changed.
    if (told.at(-1)?.status === status) return { result: 'duplicate' };
    const kept = [...told, { status, at }].slice(-limits.toldStatuses);
    this.#set(table, { station, requestId }, { statuses: JSON.stringify(kept) });
    return DONE;
  }

  #customerInformation({ station, requestId, seqNo, tbc, at, data }: Of<'customerInformation'>): Outcome {
    if (seqNo === 0) this.#run('DELETE FROM customer_information WHERE station=? AND request_id=?', station, requestId);
    this.#run(
      'INSERT INTO customer_information VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET tbc=excluded.tbc, at=excluded.at, data=excluded.data',
      station,
      requestId,
      seqNo,
      tbc ? 1 : 0,
      at,
      data,
    );
    return DONE;
  }

  #installedCertificates({ station, at, types, chains }: Of<'installedCertificates'>): Outcome {
    const row = this.#statement('SELECT body FROM installed_certificate WHERE station=?').get(station);
    const known = row === undefined ? [] : json<{ certificateType: string }[]>(row, 'body');
    const others = types === undefined ? [] : known.filter(({ certificateType }) => !types.includes(certificateType));
    this.#run(
      'INSERT INTO installed_certificate VALUES(?,?,?) ON CONFLICT DO UPDATE SET at=excluded.at, body=excluded.body',
      station,
      at,
      JSON.stringify([...others, ...chains]),
    );
    return DONE;
  }

  #run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql) ?? this.#db.prepare(sql);
    this.#prepared.set(sql, known);
    return known;
  }
}

const changed = (changes: number): Outcome => (changes > 0 ? DONE : { result: 'notFound' });
