import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { parseInstant } from '@busbar/runtime';
import { packSamples } from '../../ledger/pack.ts';
import type {
  CertificateInput,
  CommandInput,
  Intent,
  JobRecord,
  Outcome,
  StationInput,
  StationPatch,
  StationRow,
  StoredAuthorization,
  TokenInput,
  TrustRecord,
  VariableRow,
} from '../intents.ts';
import { json, num, text } from './columns.ts';
import { FileLane, isFileIntent } from './file-lane.ts';
import type { LedgerLane } from './ledger-lane.ts';
import type { SqliteSampleKeys } from './sample-keys.ts';

type Of<K extends Intent['k']> = Extract<Intent, { k: K }>;
type Simple = Exclude<Intent, { k: 'txEvent' }>;

const DONE: Outcome = { result: 'done' };

/** Everything but transaction events: one or two statements each. */
export class SimpleIntents {
  readonly #db: DatabaseSync;
  readonly #keys: SqliteSampleKeys;
  readonly #lane: LedgerLane;
  readonly #files: FileLane;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, keys: SqliteSampleKeys, lane: LedgerLane) {
    this.#db = db;
    this.#keys = keys;
    this.#lane = lane;
    this.#files = new FileLane(db);
  }

  apply(intent: Simple): Outcome {
    if (isFileIntent(intent)) return this.#files.apply(intent);
    switch (intent.k) {
      case 'txFact':
        return this.#lane.fact(intent.station, intent.txid, intent.fact, intent.generation);
      case 'invalidEvent':
        return this.#invalidEvent(intent);
      case 'invalidResolved':
        return this.#invalidResolved(intent);
      case 'meterValues':
        return this.#meterValues(intent);
      case 'stationPut':
        return this.#stationPut(intent.station);
      case 'stationPatch':
        return this.#stationPatch(intent.station, intent.patch);
      case 'stationDelete':
        return this.#stationDelete(intent.station);
      case 'anomaly':
        return this.#anomaly(intent);
      case 'connectionOpened':
        return this.#connectionOpened(intent);
      case 'connectionClosed':
        return this.#connectionClosed(intent);
      case 'boot':
        return this.#boot(intent);
      case 'status':
        return this.#status(intent);
      case 'variables':
        return this.#variables(intent.station, intent.at, intent.rows);
      case 'report':
        return this.#report(intent);
      case 'notice':
        this.#run(
          'INSERT INTO notice(station, at, received_at, action, body) VALUES(?,?,?,?,?)',
          intent.station,
          intent.at,
          intent.receivedAt,
          intent.action,
          intent.body,
        );
        return DONE;
      case 'tokenPut':
        return this.#tokenPut(intent.token);
      case 'tokenDelete':
        return this.#changed(this.#run('DELETE FROM token WHERE type=? AND id_token=?', intent.type, intent.idToken));
      case 'commandPut':
        return this.#commandPut(intent.command);
      case 'commandState':
        return this.#commandState(intent);
      case 'nextId':
        return this.#nextId(intent.station, intent.counter);
      case 'audit':
        this.#run(
          'INSERT INTO audit(at, actor, action, target, reason, result) VALUES(?,?,?,?,?,?)',
          intent.at,
          intent.actor,
          intent.action,
          intent.target,
          intent.reason,
          intent.result,
        );
        return DONE;
      case 'certificatePut':
        return this.#certificatePut(intent.certificate);
      case 'certificateState':
        return this.#certificateState(intent);
      case 'serialRevoked':
        return this.#changed(
          this.#run(
            'INSERT INTO revoked_serial VALUES(?,?,?,?) ON CONFLICT DO NOTHING',
            intent.issuer,
            intent.serial,
            intent.at,
            intent.reason,
          ),
        );
      case 'trustPut':
        return this.#trustPut(intent.root);
      case 'trustDelete':
        return this.#changed(this.#run('DELETE FROM trust WHERE kind=? AND fingerprint=?', intent.kind, intent.fingerprint));
      case 'securityEvent':
        return this.#securityEvent(intent);
      case 'jobPut':
        return this.#jobPut(intent.job);
      case 'apiKey':
        this.#run(
          'INSERT INTO api_key VALUES(?,?,?) ON CONFLICT DO UPDATE SET hash=excluded.hash, created_at=excluded.created_at',
          intent.name,
          intent.hash,
          intent.at,
        );
        return DONE;
      case 'setting':
        this.#run('INSERT INTO setting VALUES(?,?) ON CONFLICT DO UPDATE SET value=excluded.value', intent.key, intent.value);
        return DONE;
      case 'commandsUnknown':
        return this.#restarted(intent.at);
    }
  }

  authorization(station: StationRow, txid: string, { type, idToken, info }: StoredAuthorization): void {
    this.#run('INSERT INTO tx_authorization VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING', station, txid, type, idToken, JSON.stringify(info));
  }

  #run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  #changed(changes: number): Outcome {
    return changes > 0 ? DONE : { result: 'notFound' };
  }

  #invalidEvent({ station, receivedAt, hash, text: raw, error, txid, seq }: Of<'invalidEvent'>): Outcome {
    const changes = this.#run(
      `INSERT INTO invalid_event(station, hash, txid, seq, received_at, text, error, state) VALUES(?,?,?,?,?,?,?,'open') ON CONFLICT DO NOTHING`,
      station,
      hash,
      txid ?? null,
      seq ?? null,
      receivedAt,
      raw,
      error,
    );
    if (changes === 0) {
      this.#run('UPDATE invalid_event SET times=times+1 WHERE station=? AND hash=?', station, hash);
      return { result: 'duplicate' };
    }
    if (txid === undefined) return this.#anomaly({ k: 'anomaly', station, anomaly: 'invalidEvent', at: receivedAt });
    return {
      ...this.#lane.fact(station, txid, { kind: 'invalidEvent', at: receivedAt, hash, ...(seq === undefined ? {} : { seq }) }),
      result: 'new',
    };
  }

  #invalidResolved({ station, id, how, at, actor, reason }: Of<'invalidResolved'>): Outcome {
    const row = this.#statement(
      `UPDATE invalid_event SET state=?, resolved_at=?, actor=?, reason=? WHERE station=? AND id=? AND state='open' RETURNING hash, txid`,
    ).get(how, at, actor, reason, station, id);
    if (row === undefined) return { result: 'notFound' };
    this.#run(
      'INSERT INTO audit(at, actor, action, target, reason, result) VALUES(?,?,?,?,?,?)',
      at,
      actor,
      `invalidEvent ${how}`,
      `station ${station}, invalid event ${id}`,
      reason,
      'done',
    );
    if (row['txid'] === null) return DONE;
    return this.#lane.fact(station, text(row, 'txid'), { kind: 'invalidResolved', at, hash: text(row, 'hash'), how });
  }

  #meterValues({ station, receivedAt, request }: Of<'meterValues'>): Outcome {
    const [first] = request.meterValue;
    const at = first === undefined ? receivedAt : parseInstant(first.timestamp);
    const samples = request.customData === undefined ? packSamples(request.meterValue, at, this.#keys) : undefined;
    this.#run(
      'INSERT INTO meter_value(station, evse, at, received_at, samples, rest) VALUES(?,?,?,?,?,?)',
      station,
      request.evseId,
      at,
      receivedAt,
      samples ?? null,
      samples ? null : JSON.stringify(request),
    );
    return DONE;
  }

  #stationPut({ identity, site, serialNumber, password, securityProfile, approval, at }: StationInput): Outcome {
    const row = this.#statement(
      'INSERT INTO station(identity, site, serial_number, password, security_profile, approval, created_at) VALUES(?,?,?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING id',
    ).get(identity, site ?? 1, serialNumber ?? null, password ?? null, securityProfile, approval, at);
    return row === undefined ? { result: 'duplicate' } : { result: 'new', assigned: num(row, 'id') };
  }

  #stationPatch(station: StationRow, patch: StationPatch): Outcome {
    const columns: [string, SQLInputValue | undefined][] = [
      ['serial_number', patch.serialNumber],
      ['password', patch.password],
      ['pending_password', patch.pendingPassword],
      ['approval', patch.approval],
      ['site', patch.site],
      ['settings', patch.settings],
      ['registration', patch.registration],
      ['security_profile', patch.securityProfile],
    ];
    const set = columns.filter((column): column is [string, SQLInputValue] => column[1] !== undefined);
    if (set.length === 0) return DONE;
    return this.#changed(
      this.#run(`UPDATE station SET ${set.map(([name]) => `${name}=?`).join(', ')} WHERE id=?`, ...set.map(([, value]) => value), station),
    );
  }

  #stationDelete(station: StationRow): Outcome {
    if (this.#statement('SELECT 1 FROM tx WHERE station=? LIMIT 1').get(station) !== undefined) return { result: 'conflict' };
    for (const table of [
      'connection',
      'connector',
      'variable',
      'report',
      'notice',
      'command',
      'invalid_event',
      'meter_value',
      'security_event',
      'job',
    ])
      this.#run(`DELETE FROM ${table} WHERE station=?`, station);
    this.#files.forget(station);
    return this.#changed(this.#run('DELETE FROM station WHERE id=?', station));
  }

  #anomaly({ station, anomaly }: Of<'anomaly'>): Outcome {
    const row = this.#statement('SELECT anomalies FROM station WHERE id=?').get(station);
    if (row === undefined) return { result: 'notFound' };
    const all = new Set(json<string[]>(row, 'anomalies')).add(anomaly);
    this.#run('UPDATE station SET anomalies=? WHERE id=?', JSON.stringify([...all].sort()), station);
    return DONE;
  }

  /** The epoch grows with each connection; whatever an older socket still says can be told apart. */
  #connectionOpened({ station, at, version, remote }: Of<'connectionOpened'>): Outcome {
    const row = this.#statement('UPDATE station SET epoch=epoch+1, connected=1, version=?, last_seen=? WHERE id=? RETURNING epoch').get(
      version,
      at,
      station,
    );
    if (row === undefined) return { result: 'notFound' };
    const epoch = num(row, 'epoch');
    this.#run('INSERT INTO connection(station, epoch, opened_at, version, remote) VALUES(?,?,?,?,?)', station, epoch, at, version, remote);
    return { result: 'done', assigned: epoch };
  }

  #connectionClosed({ station, epoch, at, code, reason, lastSeen }: Of<'connectionClosed'>): Outcome {
    this.#run(
      'UPDATE connection SET closed_at=?, close_code=?, close_reason=? WHERE station=? AND epoch=?',
      at,
      code,
      reason,
      station,
      epoch,
    );
    this.#run('UPDATE station SET connected=0, last_seen=? WHERE id=? AND epoch=?', lastSeen, station, epoch);
    return DONE;
  }

  #boot({ station, epoch, at, request, status, interval, securityProfile }: Of<'boot'>): Outcome {
    const { chargingStation: cs, reason } = request;
    const changes = this.#run(
      `UPDATE station SET registration=?, vendor_name=?, model=?, firmware_version=?, boot_reason=?, boot_at=?, boot_interval=?, boot_body=?, last_seen=?,
        serial_number=COALESCE(serial_number, ?), security_profile=MAX(security_profile, ?) WHERE id=? AND epoch=?`,
      status,
      cs.vendorName,
      cs.model,
      cs.firmwareVersion ?? null,
      reason,
      at,
      interval,
      JSON.stringify(request),
      at,
      status === 'Accepted' ? (cs.serialNumber ?? null) : null,
      status === 'Accepted' ? (securityProfile ?? 0) : 0, // A05.FR.07
      station,
      epoch,
    );
    this.#run(
      'INSERT INTO outbox(event_id, type, station, at, body) VALUES(?,?,?,?,?)',
      `boot-${station}-${epoch}-${at}`,
      'stationBooted',
      station,
      at,
      JSON.stringify({ reason, status }),
    );
    return this.#changed(changes);
  }

  #status({ station, epoch, evse, connector, status, at }: Of<'status'>): Outcome {
    // T5: what an older socket still delivers never undoes what a newer one said.
    const changes = this.#run(
      `INSERT INTO connector VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET status=excluded.status, at=excluded.at, epoch=excluded.epoch WHERE connector.epoch <= excluded.epoch`,
      station,
      evse,
      connector,
      status,
      at,
      epoch,
    );
    if (changes > 0)
      this.#run(
        'INSERT INTO outbox(event_id, type, station, at, body) VALUES(?,?,?,?,?)',
        `status-${station}-${evse}-${connector}-${at}`,
        'connectorStatus',
        station,
        at,
        JSON.stringify({ evseId: evse, connectorId: connector, status }),
      );
    return { result: changes > 0 ? 'done' : 'duplicate' };
  }

  #variables(station: StationRow, at: number, rows: readonly VariableRow[]): Outcome {
    for (const row of rows) {
      this.#run(
        `INSERT INTO variable VALUES(?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET value=COALESCE(excluded.value, variable.value), mutability=COALESCE(excluded.mutability, variable.mutability),
          persistent=COALESCE(excluded.persistent, variable.persistent), constant=COALESCE(excluded.constant, variable.constant),
          characteristics=COALESCE(excluded.characteristics, variable.characteristics), at=excluded.at`,
        station,
        variableName(row),
        row.value ?? null,
        row.mutability ?? null,
        flag(row.persistent),
        flag(row.constant),
        row.characteristics ?? null,
        at,
      );
    }
    return DONE;
  }

  #report({ station, requestId, seqNo, tbc, at, rows }: Of<'report'>): Outcome {
    if (seqNo === 0) this.#run('DELETE FROM report WHERE station=? AND request_id=?', station, requestId); // a request id that is used again
    this.#run(
      'INSERT INTO report VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET tbc=excluded.tbc, at=excluded.at, body=excluded.body',
      station,
      requestId,
      seqNo,
      tbc ? 1 : 0,
      at,
      JSON.stringify(rows),
    );
    return this.#variables(station, at, rows);
  }

  #tokenPut(token: TokenInput): Outcome {
    this.#run(
      `INSERT INTO token(type, id_token, status, group_token, group_type, valid_until, cache_expiry, charging_priority, language1, language2, evse_id, personal_message, master_pass)
        VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET status=excluded.status, group_token=excluded.group_token, group_type=excluded.group_type, valid_until=excluded.valid_until,
        cache_expiry=excluded.cache_expiry, charging_priority=excluded.charging_priority, language1=excluded.language1, language2=excluded.language2, evse_id=excluded.evse_id,
        personal_message=excluded.personal_message, master_pass=excluded.master_pass`,
      token.type,
      token.idToken,
      token.status,
      token.groupIdToken?.idToken ?? null,
      token.groupIdToken?.type ?? null,
      token.validUntil ?? null,
      token.cacheExpiryDateTime ?? null,
      token.chargingPriority ?? null,
      token.language1 ?? null,
      token.language2 ?? null,
      token.evseId === undefined ? null : JSON.stringify(token.evseId),
      token.personalMessage === undefined ? null : JSON.stringify(token.personalMessage),
      token.masterPass ? 1 : 0,
    );
    return DONE;
  }

  #certificatePut(c: CertificateInput): Outcome {
    const changes = this.#run(
      'INSERT INTO certificate(station, use, serial, issuer, subject, not_before, not_after, chain, state, issued_at) VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING',
      c.station,
      c.use,
      c.serial,
      c.issuer,
      c.subject,
      c.notBefore,
      c.notAfter,
      c.chain,
      c.state,
      c.issuedAt,
    );
    return { result: changes > 0 ? 'new' : 'duplicate' };
  }

  /** A revoked certificate stays revoked. */
  #certificateState({ issuer, serial, state, at, reason }: Of<'certificateState'>): Outcome {
    return this.#changed(
      this.#run(
        `UPDATE certificate SET state=?, revoked_at=?, reason=? WHERE issuer=? AND serial=? AND state<>'revoked'`,
        state,
        state === 'revoked' ? at : null,
        reason ?? null,
        issuer,
        serial,
      ),
    );
  }

  #trustPut({ kind, fingerprint, pem, subject, notAfter, hashData, addedAt }: TrustRecord): Outcome {
    const changes = this.#run(
      'INSERT INTO trust VALUES(?,?,?,?,?,?,?) ON CONFLICT DO NOTHING',
      kind,
      fingerprint,
      pem,
      subject,
      notAfter,
      JSON.stringify(hashData),
      addedAt,
    );
    return { result: changes > 0 ? 'new' : 'duplicate' };
  }

  /** A retried message is the same event: it is stored once (A04). */
  #securityEvent({ station, at, receivedAt, type, critical, source, techInfo }: Of<'securityEvent'>): Outcome {
    const known = this.#statement(
      'SELECT 1 FROM security_event WHERE station=? AND at=? AND type=? AND tech_info IS ? AND source=? ORDER BY id DESC LIMIT 1',
    ).get(station, at, type, techInfo ?? null, source);
    if (known !== undefined) return { result: 'duplicate' };
    this.#run(
      'INSERT INTO security_event(station, at, received_at, type, critical, source, tech_info) VALUES(?,?,?,?,?,?,?)',
      station,
      at,
      receivedAt,
      type,
      critical ? 1 : 0,
      source,
      techInfo ?? null,
    );
    this.#run(
      'INSERT INTO outbox(event_id, type, station, at, body) VALUES(?,?,?,?,?)',
      `security-${station}-${receivedAt}-${type}`,
      'securityEvent',
      station,
      at,
      JSON.stringify({ type, critical, techInfo }),
    );
    return { result: 'new' };
  }

  #jobPut(job: JobRecord): Outcome {
    const changes = this.#run(
      `INSERT INTO job VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET state=excluded.state, step=excluded.step, detail=excluded.detail, updated_at=excluded.updated_at,
        reason=excluded.reason WHERE job.state='running'`,
      job.id,
      job.station,
      job.kind,
      job.state,
      job.step,
      job.detail,
      job.actor,
      job.createdAt,
      job.updatedAt,
      job.reason,
    );
    return this.#changed(changes);
  }

  #commandPut(c: CommandInput): Outcome {
    const changes = this.#run(
      `INSERT INTO command(id, station, action, request, origin, actor, idempotency_key, remote_start_id, request_id, created_at, expires_at, state) VALUES(?,?,?,?,?,?,?,?,?,?,?,'queued') ON CONFLICT DO NOTHING`,
      c.id,
      c.station,
      c.action,
      c.request,
      c.origin,
      c.actor,
      c.idempotencyKey ?? null,
      c.remoteStartId ?? null,
      c.requestId ?? null,
      c.createdAt,
      c.expiresAt ?? null,
    );
    return { result: changes > 0 ? 'new' : 'duplicate' };
  }

  #commandState({ id, state, at, messageId, result }: Of<'commandState'>): Outcome {
    if (state === 'sent')
      return this.#changed(
        this.#run(`UPDATE command SET state='sent', sent_at=?, message_id=? WHERE id=? AND state='queued'`, at, messageId ?? null, id),
      );
    return this.#changed(
      this.#run(
        `UPDATE command SET state=?, ended_at=?, result=? WHERE id=? AND state IN ('queued', 'sent')`,
        state,
        at,
        result ?? null,
        id,
      ),
    );
  }

  #nextId(station: StationRow, counter: 'requestId' | 'remoteStartId'): Outcome {
    const column = counter === 'requestId' ? 'request_id' : 'remote_start_id';
    // An int32 that survives restarts; after two thousand million it begins anew.
    const row = this.#statement(
      `UPDATE station SET ${column}=CASE WHEN ${column} >= 2147483647 THEN 1 ELSE ${column}+1 END WHERE id=? RETURNING ${column} AS n`,
    ).get(station);
    return row === undefined ? { result: 'notFound' } : { result: 'done', assigned: num(row, 'n') };
  }

  /** At the start of the CSMS: nobody is connected, and whatever was under way ended unseen. Nothing is ever sent again by itself. */
  #restarted(at: number): Outcome {
    this.#run(`UPDATE command SET state='unknown', ended_at=?, result='{"reason":"csmsRestarted"}' WHERE state='sent'`, at);
    this.#run(
      `UPDATE command SET state='notSent', ended_at=?, result='{"reason":"csmsRestarted"}' WHERE state='queued' AND expires_at IS NULL`,
      at,
    );
    this.#run('UPDATE connection SET closed_at=?, close_code=0, close_reason=? WHERE closed_at IS NULL', at, 'CSMS stopped');
    this.#run('UPDATE station SET connected=0 WHERE connected=1');
    return DONE;
  }
}

const flag = (value: boolean | undefined): number | null => (value === undefined ? null : value ? 1 : 0);

const variableName = (row: VariableRow): string =>
  JSON.stringify([
    row.component,
    row.componentInstance ?? null,
    row.evse ?? null,
    row.connector ?? null,
    row.variable,
    row.instance ?? null,
    row.attribute,
  ]);
