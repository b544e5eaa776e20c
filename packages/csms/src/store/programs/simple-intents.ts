import { limits } from '@busbar/runtime';
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
import { one, type Program, run, type SqlValue, tell } from '../sql.ts';
import { variableKey } from '../variable-key.ts';
import { applyBulk, isBulkIntent } from './bulk-lane.ts';
import { json, num, text } from './columns.ts';
import { eraseElsewhere, eraseFromTransactions } from './erase-token.ts';
import { FileLane, isFileIntent } from './file-lane.ts';
import type { LedgerLane } from './ledger-lane.ts';
import type { Outbox } from './outbox.ts';
import { applyPeople, isPeopleIntent } from './people-lane.ts';
import type { Prepared, PreparedReadings } from './prepared.ts';
import { replaceHardware } from './replace-hardware.ts';
import { restarted } from './restarted.ts';
import { retainEvents, retainReadings } from './retention.ts';
import type { SampleDictionary } from './sample-keys.ts';
import { applyTariff, isTariffIntent } from './tariff-lane.ts';
import { applyTemplate, isTemplateIntent } from './template-lane.ts';
import { applyWebhook, isWebhookIntent } from './webhook-lane.ts';

type Of<K extends Intent['k']> = Extract<Intent, { k: K }>;
type Simple = Exclude<Prepared, { k: 'txEvent' }>;

const DONE: Outcome = { result: 'done' };

/** Everything but transaction events: one or two statements each. */
export class SimpleIntents {
  readonly #keys: SampleDictionary;
  readonly #lane: LedgerLane;
  readonly #outbox: Outbox;
  readonly #files = new FileLane();

  constructor(keys: SampleDictionary, lane: LedgerLane, outbox: Outbox) {
    this.#keys = keys;
    this.#lane = lane;
    this.#outbox = outbox;
  }

  *apply(intent: Simple): Program<Outcome> {
    if (isFileIntent(intent)) return yield* this.#files.apply(intent);
    if (isTariffIntent(intent)) return yield* applyTariff(intent);
    if (isPeopleIntent(intent)) return yield* applyPeople(intent);
    if (isBulkIntent(intent)) return yield* applyBulk(intent);
    if (isTemplateIntent(intent)) return yield* applyTemplate(intent);
    if (isWebhookIntent(intent)) {
      this.#outbox.forget();
      return yield* applyWebhook(intent);
    }
    switch (intent.k) {
      case 'unwritable':
        throw new Error(intent.error);
      case 'txFact':
        return yield* this.#lane.fact(intent.station, intent.txid, intent.fact, intent.generation);
      case 'invalidEvent':
        return yield* this.#invalidEvent(intent);
      case 'invalidResolved':
        return yield* this.#invalidResolved(intent);
      case 'meterValues':
        return yield* this.#meterValues(intent);
      case 'stationPut':
        return yield* this.#stationPut(intent.station);
      case 'stationPatch':
        return yield* this.#stationPatch(intent.station, intent.patch);
      case 'stationDelete':
        return yield* this.#stationDelete(intent.station);
      case 'anomaly':
        return yield* this.#anomaly(intent);
      case 'connectionOpened':
        return yield* this.#connectionOpened(intent);
      case 'connectionClosed':
        return yield* this.#connectionClosed(intent);
      case 'boot':
        return yield* this.#boot(intent);
      case 'status':
        return yield* this.#status(intent);
      case 'variables':
        return yield* this.#variables(intent.station, intent.at, intent.rows);
      case 'report':
        return yield* this.#report(intent);
      case 'notice':
        yield* tell(
          'INSERT INTO notice(station, at, received_at, action, body) VALUES(?,?,?,?,?)',
          intent.station,
          intent.at,
          intent.receivedAt,
          intent.action,
          intent.body,
        );
        return DONE;
      case 'tokenPut':
        return yield* this.#tokenPut(intent.token);
      case 'tokenDelete':
        return this.#changed(yield* run('DELETE FROM token WHERE type=? AND id_key=?', intent.type, tokenKey(intent.idToken)));
      case 'commandPut':
        return yield* this.#commandPut(intent.command);
      case 'commandState':
        return yield* this.#commandState(intent);
      case 'nextId':
        return yield* this.#nextId(intent.station, intent.counter);
      case 'audit':
        yield* tell(
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
        return yield* this.#certificatePut(intent.certificate);
      case 'certificateState':
        return yield* this.#certificateState(intent);
      case 'serialRevoked':
        return this.#changed(
          yield* run(
            'INSERT INTO revoked_serial VALUES(?,?,?,?) ON CONFLICT DO NOTHING',
            intent.issuer,
            intent.serial,
            intent.at,
            intent.reason,
          ),
        );
      case 'trustPut':
        return yield* this.#trustPut(intent.root);
      case 'trustDelete':
        return this.#changed(yield* run('DELETE FROM trust WHERE kind=? AND fingerprint=?', intent.kind, intent.fingerprint));
      case 'securityEvent':
        return yield* this.#securityEvent(intent);
      case 'jobPut':
        return yield* this.#jobPut(intent.job);
      case 'setting':
        yield* tell('INSERT INTO setting VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value', intent.key, intent.value);
        return DONE;
      case 'commandsUnknown':
        yield* restarted(intent.at);
        return DONE;
      case 'retain':
        return yield* this.#retain(intent);
      case 'hardwareReplaced':
        return yield* replaceHardware(intent);
      case 'tokenErase':
        return yield* this.#tokenErase(intent);
    }
  }

  *authorization(station: StationRow, txid: string, { type, idToken, info }: StoredAuthorization): Program<void> {
    yield* tell(
      'INSERT INTO tx_authorization VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING',
      station,
      txid,
      type,
      idToken,
      JSON.stringify(info),
    );
  }

  #changed(changes: number): Outcome {
    return changes > 0 ? DONE : { result: 'notFound' };
  }

  *#invalidEvent({ station, receivedAt, hash, text: raw, error, txid, seq }: Of<'invalidEvent'>): Program<Outcome> {
    const changes = yield* run(
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
      yield* tell('UPDATE invalid_event SET times=times+1 WHERE station=? AND hash=?', station, hash);
      return { result: 'duplicate' };
    }
    if (txid === undefined) return yield* this.#anomaly({ k: 'anomaly', station, anomaly: 'invalidEvent', at: receivedAt });
    return {
      ...(yield* this.#lane.fact(station, txid, { kind: 'invalidEvent', at: receivedAt, hash, ...(seq === undefined ? {} : { seq }) })),
      result: 'new',
    };
  }

  *#invalidResolved({ station, id, how, at, actor, reason }: Of<'invalidResolved'>): Program<Outcome> {
    const row = yield* one(
      `UPDATE invalid_event SET state=?, resolved_at=?, actor=?, reason=? WHERE station=? AND id=? AND state='open' RETURNING hash, txid`,
      how,
      at,
      actor,
      reason,
      station,
      id,
    );
    if (row === undefined) return { result: 'notFound' };
    yield* tell(
      'INSERT INTO audit(at, actor, action, target, reason, result) VALUES(?,?,?,?,?,?)',
      at,
      actor,
      how === 'repaired' ? 'repairInvalidEvent' : 'discardInvalidEvent',
      `station ${station}, invalid event ${id}`,
      reason,
      'done',
    );
    if (row['txid'] === null) return DONE;
    return yield* this.#lane.fact(station, text(row, 'txid'), { kind: 'invalidResolved', at, hash: text(row, 'hash'), how });
  }

  *#meterValues({ station, evse, at, receivedAt, samples, rest }: PreparedReadings): Program<Outcome> {
    yield* this.#keys.keep();
    yield* tell(
      'INSERT INTO meter_value(station, evse, at, received_at, samples, rest) VALUES(?,?,?,?,?,?)',
      station,
      evse,
      at,
      receivedAt,
      samples,
      rest,
    );
    return DONE;
  }

  *#stationPut({ identity, site, serialNumber, password, securityProfile, approval, settings, at }: StationInput): Program<Outcome> {
    const row = yield* one(
      'INSERT INTO station(identity, site, serial_number, password, security_profile, approval, settings, created_at) VALUES(?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING id',
      identity,
      site ?? 1,
      serialNumber ?? null,
      password ?? null,
      securityProfile,
      approval,
      settings ?? '{}',
      at,
    );
    return row === undefined ? { result: 'duplicate' } : { result: 'new', assigned: num(row, 'id') };
  }

  *#stationPatch(station: StationRow, patch: StationPatch): Program<Outcome> {
    const columns: [string, SqlValue | undefined][] = [
      ['serial_number', patch.serialNumber],
      ['password', patch.password],
      ['pending_password', patch.pendingPassword],
      ['approval', patch.approval],
      ['site', patch.site],
      ['settings', patch.settings],
      ['registration', patch.registration],
      ['security_profile', patch.securityProfile],
    ];
    const set = columns.filter((column): column is [string, SqlValue] => column[1] !== undefined);
    if (set.length === 0) return DONE;
    return this.#changed(
      yield* run(`UPDATE station SET ${set.map(([name]) => `${name}=?`).join(', ')} WHERE id=?`, ...set.map(([, value]) => value), station),
    );
  }

  *#stationDelete(station: StationRow): Program<Outcome> {
    if ((yield* one('SELECT 1 FROM tx WHERE station=? LIMIT 1', station)) !== undefined) return { result: 'conflict' };
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
      'bulk_item',
    ])
      yield* tell(`DELETE FROM ${table} WHERE station=?`, station);
    yield* this.#files.forget(station);
    return this.#changed(yield* run('DELETE FROM station WHERE id=?', station));
  }

  *#anomaly({ station, anomaly }: Of<'anomaly'>): Program<Outcome> {
    const row = yield* one('SELECT anomalies FROM station WHERE id=?', station);
    if (row === undefined) return { result: 'notFound' };
    const all = new Set(json<string[]>(row, 'anomalies')).add(anomaly);
    yield* tell('UPDATE station SET anomalies=? WHERE id=?', JSON.stringify([...all].sort()), station);
    return DONE;
  }

  /** The epoch grows with each connection; whatever an older socket still says can be told apart. */
  *#connectionOpened({ station, at, version, remote }: Of<'connectionOpened'>): Program<Outcome> {
    const row = yield* one(
      'UPDATE station SET epoch=epoch+1, connected=1, version=?, last_seen=? WHERE id=? RETURNING epoch',
      version,
      at,
      station,
    );
    if (row === undefined) return { result: 'notFound' };
    const epoch = num(row, 'epoch');
    yield* tell(
      'INSERT INTO connection(station, epoch, opened_at, version, remote) VALUES(?,?,?,?,?)',
      station,
      epoch,
      at,
      version,
      remote,
    );
    yield* tell('DELETE FROM connection WHERE station=? AND epoch<=?', station, epoch - limits.connectionsKept);
    return { result: 'done', assigned: epoch };
  }

  *#connectionClosed({ station, epoch, at, code, reason, lastSeen }: Of<'connectionClosed'>): Program<Outcome> {
    yield* tell(
      'UPDATE connection SET closed_at=?, close_code=?, close_reason=? WHERE station=? AND epoch=?',
      at,
      code,
      reason,
      station,
      epoch,
    );
    yield* tell('UPDATE station SET connected=0, last_seen=? WHERE id=? AND epoch=?', lastSeen, station, epoch);
    return DONE;
  }

  *#boot({ station, epoch, at, request, status, interval, securityProfile }: Of<'boot'>): Program<Outcome> {
    const { chargingStation: cs, reason } = request;
    const changes = yield* run(
      `UPDATE station SET registration=?, vendor_name=?, model=?, firmware_version=?, boot_reason=?, boot_at=?, boot_interval=?, boot_body=?, last_seen=?,
        serial_number=COALESCE(serial_number, ?), security_profile=CASE WHEN security_profile < ?11 THEN ?11 ELSE security_profile END WHERE id=?12 AND epoch=?13`,
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
    const told = { reason, status, vendorName: cs.vendorName, model: cs.model, firmwareVersion: cs.firmwareVersion ?? null };
    yield* this.#outbox.write('stationBooted', `boot-${station}-${epoch}-${at}`, station, at, told);
    return this.#changed(changes);
  }

  *#status({ station, epoch, evse, connector, status, at }: Of<'status'>): Program<Outcome> {
    // T5: what an older socket still delivers never undoes what a newer one said.
    const changes = yield* run(
      `INSERT INTO connector VALUES(?,?,?,?,?,?) ON CONFLICT(station, evse, connector) DO UPDATE SET status=excluded.status, at=excluded.at, epoch=excluded.epoch WHERE connector.epoch <= excluded.epoch`,
      station,
      evse,
      connector,
      status,
      at,
      epoch,
    );
    const told = { evseId: evse, connectorId: connector, status };
    if (changes > 0) yield* this.#outbox.write('connectorStatus', `status-${station}-${evse}-${connector}-${at}`, station, at, told);
    return { result: changes > 0 ? 'done' : 'duplicate' };
  }

  *#variables(station: StationRow, at: number, rows: readonly VariableRow[]): Program<Outcome> {
    for (const row of rows) {
      yield* tell(
        `INSERT INTO variable VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(station, name) DO UPDATE SET value=COALESCE(excluded.value, variable.value), mutability=COALESCE(excluded.mutability, variable.mutability),
          persistent=COALESCE(excluded.persistent, variable.persistent), constant=COALESCE(excluded.constant, variable.constant),
          characteristics=COALESCE(excluded.characteristics, variable.characteristics), at=excluded.at`,
        station,
        variableKey(row),
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

  *#report({ station, requestId, seqNo, tbc, at, rows }: Of<'report'>): Program<Outcome> {
    if (seqNo === 0) yield* tell('DELETE FROM report WHERE station=? AND request_id=?', station, requestId); // a request id that is used again
    yield* tell(
      'INSERT INTO report VALUES(?,?,?,?,?,?) ON CONFLICT(station, request_id, seq_no) DO UPDATE SET tbc=excluded.tbc, at=excluded.at, body=excluded.body',
      station,
      requestId,
      seqNo,
      tbc ? 1 : 0,
      at,
      JSON.stringify(rows),
    );
    return yield* this.#variables(station, at, rows);
  }

  *#tokenPut(token: TokenInput): Program<Outcome> {
    yield* tell(
      `INSERT INTO token(type, id_key, id_token, status, group_token, group_type, valid_until, cache_expiry, charging_priority, language1, language2, evse_id, personal_message, master_pass)
        VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(org_id, type, id_key) DO UPDATE SET id_token=excluded.id_token, status=excluded.status, group_token=excluded.group_token, group_type=excluded.group_type, valid_until=excluded.valid_until,
        cache_expiry=excluded.cache_expiry, charging_priority=excluded.charging_priority, language1=excluded.language1, language2=excluded.language2, evse_id=excluded.evse_id,
        personal_message=excluded.personal_message, master_pass=excluded.master_pass`,
      token.type,
      tokenKey(token.idToken),
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

  *#certificatePut(c: CertificateInput): Program<Outcome> {
    const changes = yield* run(
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
  *#certificateState({ issuer, serial, state, at, reason }: Of<'certificateState'>): Program<Outcome> {
    return this.#changed(
      yield* run(
        `UPDATE certificate SET state=?, revoked_at=?, reason=? WHERE issuer=? AND serial=? AND state<>'revoked'`,
        state,
        state === 'revoked' ? at : null,
        reason ?? null,
        issuer,
        serial,
      ),
    );
  }

  *#trustPut({ kind, fingerprint, pem, subject, notAfter, hashData, addedAt }: TrustRecord): Program<Outcome> {
    const changes = yield* run(
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
  *#securityEvent({ station, at, receivedAt, type, critical, source, techInfo }: Of<'securityEvent'>): Program<Outcome> {
    const known = yield* one(
      'SELECT 1 FROM security_event WHERE station=? AND at=? AND type=? AND tech_info IS NOT DISTINCT FROM ? AND source=? ORDER BY id DESC LIMIT 1',
      station,
      at,
      type,
      techInfo ?? null,
      source,
    );
    if (known !== undefined) return { result: 'duplicate' };
    yield* tell(
      'INSERT INTO security_event(station, at, received_at, type, critical, source, tech_info) VALUES(?,?,?,?,?,?,?)',
      station,
      at,
      receivedAt,
      type,
      critical ? 1 : 0,
      source,
      techInfo ?? null,
    );
    const about = { type, critical, source, techInfo: techInfo ?? null };
    yield* this.#outbox.write('securityEvent', `security-${station}-${receivedAt}-${type}`, station, at, about);
    return { result: 'new' };
  }

  *#jobPut(job: JobRecord): Program<Outcome> {
    const changes = yield* run(
      `INSERT INTO job VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET state=excluded.state, step=excluded.step, detail=excluded.detail, updated_at=excluded.updated_at,
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

  *#commandPut(c: CommandInput): Program<Outcome> {
    const changes = yield* run(
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

  *#commandState({ id, state, at, messageId, result }: Of<'commandState'>): Program<Outcome> {
    if (state === 'sent')
      return this.#changed(
        yield* run(`UPDATE command SET state='sent', sent_at=?, message_id=? WHERE id=? AND state='queued'`, at, messageId ?? null, id),
      );
    const changes = yield* run(
      `UPDATE command SET state=?, ended_at=?, result=? WHERE id=? AND state IN ('queued', 'sent')`,
      state,
      at,
      result ?? null,
      id,
    );
    if (changes > 0 && (yield* this.#outbox.wanted())) {
      const row = yield* one('SELECT station, action FROM command WHERE id=?', id);
      if (row !== undefined)
        yield* this.#outbox.write('commandEnded', `command-${id}`, num(row, 'station'), at, {
          commandId: id,
          action: text(row, 'action'),
          state,
        });
    }
    return this.#changed(changes);
  }

  *#nextId(station: StationRow, counter: 'requestId' | 'remoteStartId'): Program<Outcome> {
    const column = counter === 'requestId' ? 'request_id' : 'remote_start_id';
    // An int32 that survives restarts; after two thousand million it begins anew.
    const row = yield* one(
      `UPDATE station SET ${column}=CASE WHEN ${column} >= 2147483647 THEN 1 ELSE ${column}+1 END WHERE id=? RETURNING ${column} AS n`,
      station,
    );
    return row === undefined ? { result: 'notFound' } : { result: 'done', assigned: num(row, 'n') };
  }

  *#tokenErase(intent: Of<'tokenErase'>): Program<Outcome> {
    const erased = yield* eraseFromTransactions(intent, this.#keys);
    if (erased === 0) yield* eraseElsewhere(intent);
    this.#lane.forget(); // what it remembers bears the name still
    return { result: 'done', assigned: erased };
  }

  *#retain({ what, before }: Of<'retain'>): Program<Outcome> {
    if (what === 'readings') return { result: 'done', assigned: yield* retainReadings(before) };
    const assigned = yield* retainEvents(before);
    this.#lane.forget();
    return { result: 'done', assigned };
  }
}

/** identifierString compares without case (Part 2, 2.1.2). */
export const tokenKey = (idToken: string): string => idToken.toLowerCase();

const flag = (value: boolean | undefined): number | null => (value === undefined ? null : value ? 1 : 0);
