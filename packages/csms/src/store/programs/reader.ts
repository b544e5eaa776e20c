import type { Ocpp } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';
import type { LedgerFact } from '../../ledger/event.ts';
import { unpackSamples } from '../../ledger/pack.ts';
import type { Approval, CommandRecord, JobRecord, StationRecord, TrustRecord, VariableRow } from '../intents.ts';
import type { Query, Row, SqlValue } from '../sql.ts';
import type { Reader, StoredEvent, TxFilter, TxRecord } from '../store.ts';
import { bulkReader } from './bulk-lane.ts';
import { blobOrNull, json, num, numOrNull, opt, text, textOrNull } from './columns.ts';
import { columnsOf, toRequest } from './event-row.ts';
import { fileReader } from './file-rows.ts';
import { fleetReader } from './fleet-rows.ts';
import { listReader } from './list-reader.ts';
import { peopleReader } from './people-lane.ts';
import { toCertificate, toCommand, toToken, toTx } from './record-rows.ts';
import { SAMPLE_KINDS, SampleDictionary, UnknownSampleKind } from './sample-keys.ts';
import { tokenKey } from './simple-intents.ts';
import { tariffReader } from './tariff-lane.ts';
import { templateReader } from './template-lane.ts';
import { EVENT_COLUMNS } from './tx-row.ts';
import { webhookReader } from './webhook-lane.ts';
import { Where } from './where.ts';

const TX = 'SELECT tx.*, station.identity AS identity FROM tx JOIN station ON station.id = tx.station';

/** The reading connections. Small queries with an index behind them; nothing on the hot path reads. */
export function makeReader(all: Query): Reader {
  const one = async (sql: string, ...values: SqlValue[]): Promise<Row | undefined> => (await all(sql, ...values))[0];
  const keys = new SampleDictionary();
  /** Samples are unpacked by the dictionary; the writer may have added to it since. */
  const unpacked = async <T>(unpack: () => T): Promise<T> => {
    try {
      return unpack();
    } catch (error) {
      if (!(error instanceof UnknownSampleKind)) throw error;
      keys.fill(await all(SAMPLE_KINDS));
      return unpack();
    }
  };
  return {
    ...fileReader(all, one),
    ...tariffReader(all),
    ...fleetReader(all, TX, toTx),
    ...peopleReader(all),
    ...listReader(all),
    ...bulkReader(all),
    ...templateReader(all),
    ...webhookReader(all),
    stations: async () => (await all('SELECT * FROM station ORDER BY identity')).map(toStation),
    station: async (identity) => {
      const row = await one('SELECT * FROM station WHERE org_id=1 AND identity=?', identity);
      return row === undefined ? undefined : toStation(row);
    },
    connectors: async (station) =>
      (await all('SELECT * FROM connector WHERE station=? ORDER BY evse, connector', station)).map((row) => ({
        evse: num(row, 'evse'),
        connector: num(row, 'connector'),
        status: text(row, 'status'),
        at: num(row, 'at'),
      })),
    connections: async (station, limit, before = Number.MAX_SAFE_INTEGER) =>
      (await all('SELECT * FROM connection WHERE station=? AND epoch<? ORDER BY epoch DESC LIMIT ?', station, before, limit)).map(
        (row) => ({
          epoch: num(row, 'epoch'),
          openedAt: num(row, 'opened_at'),
          version: text(row, 'version'),
          remote: text(row, 'remote'),
          closedAt: numOrNull(row, 'closed_at'),
          closeCode: numOrNull(row, 'close_code'),
          closeReason: textOrNull(row, 'close_reason'),
        }),
      ),
    variables: async (station) => (await all('SELECT * FROM variable WHERE station=? ORDER BY name', station)).map(toVariable),
    report: async (station, requestId) => {
      const parts = await all('SELECT * FROM report WHERE station=? AND request_id=? ORDER BY seq_no', station, requestId);
      const last = parts.at(-1);
      const inOrder = parts.every((row, index) => num(row, 'seq_no') === index);
      return {
        parts: parts.length,
        complete: last !== undefined && inOrder && num(last, 'tbc') === 0,
        rows: parts.flatMap((row) => json<VariableRow[]>(row, 'body')),
      };
    },
    notices: async (station, limit, before = Number.MAX_SAFE_INTEGER) =>
      (await all('SELECT * FROM notice WHERE station=? AND id<? ORDER BY id DESC LIMIT ?', station, before, limit)).map((row) => ({
        id: num(row, 'id'),
        at: num(row, 'at'),
        receivedAt: num(row, 'received_at'),
        action: text(row, 'action'),
        body: text(row, 'body'),
      })),
    token: async (type, idToken) => {
      const row = await one('SELECT * FROM token WHERE org_id=1 AND type=? AND id_key=?', type, tokenKey(idToken));
      return row === undefined ? undefined : toToken(row);
    },
    tokens: async (limit) => (await all('SELECT * FROM token ORDER BY type, id_key LIMIT ?', limit)).map(toToken),
    authorization: async (station, txid, type, idToken) => {
      const row = await one(
        'SELECT info FROM tx_authorization WHERE station=? AND txid=? AND type=? AND id_token=?',
        station,
        txid,
        type,
        idToken,
      );
      return row === undefined ? undefined : json<Ocpp.IdTokenInfoType>(row, 'info');
    },
    transactions: async (filter) => transactions(all, filter),
    transaction: async (station, txid, generation) => {
      const row = await one(
        `${TX} WHERE tx.station=?1 AND tx.txid=?2 AND (CAST(?3 AS BIGINT) IS NULL OR tx.generation=?3) ORDER BY tx.generation DESC LIMIT 1`,
        station,
        txid,
        generation ?? null,
      );
      return row === undefined ? undefined : toTx(row);
    },
    events: async (tx) => {
      const owner = await one('SELECT txid FROM tx WHERE id=?', tx);
      if (owner === undefined) return [];
      const found = await all(EVENTS, tx);
      return unpacked(() => found.map((row) => toEvent(row, text(owner, 'txid'), keys)));
    },
    facts: async (station, txid, generation) =>
      (await all('SELECT body FROM tx_fact WHERE station=? AND txid=? AND generation=? ORDER BY at, id', station, txid, generation)).map(
        (row) => json<LedgerFact>(row, 'body'),
      ),
    meterValues: async (station, limit, before = Number.MAX_SAFE_INTEGER) => {
      const found = await all('SELECT * FROM meter_value WHERE station=? AND id<? ORDER BY id DESC LIMIT ?', station, before, limit);
      return unpacked(() =>
        found.map((row) => {
          const samples = blobOrNull(row, 'samples');
          const request =
            samples === null
              ? json<Ocpp.MeterValuesRequest>(row, 'rest')
              : { evseId: num(row, 'evse'), meterValue: unpackSamples(samples, num(row, 'at'), keys) };
          return { id: num(row, 'id'), receivedAt: num(row, 'received_at'), request };
        }),
      );
    },
    invalidEvents: async (station) =>
      (await all('SELECT * FROM invalid_event WHERE station=? ORDER BY id DESC LIMIT 1000', station)).map((row) => ({
        id: num(row, 'id'),
        hash: text(row, 'hash'),
        txid: textOrNull(row, 'txid'),
        seq: numOrNull(row, 'seq'),
        receivedAt: num(row, 'received_at'),
        text: text(row, 'text'),
        error: text(row, 'error'),
        times: num(row, 'times'),
        state: (['open', 'repaired', 'discarded'] as const).find((state) => state === row['state']) ?? 'open',
        actor: textOrNull(row, 'actor'),
        reason: textOrNull(row, 'reason'),
      })),
    command: async (id) => command(await one('SELECT * FROM command WHERE id=?', id)),
    commandByKey: async (station, key) => command(await one('SELECT * FROM command WHERE station=? AND idempotency_key=?', station, key)),
    commandByRemoteStart: async (station, id) =>
      command(await one('SELECT * FROM command WHERE station=? AND remote_start_id=? ORDER BY id DESC LIMIT 1', station, id)),
    commands: async (station, limit) =>
      (await all('SELECT * FROM command WHERE station=? ORDER BY id DESC LIMIT ?', station, limit)).map(toCommand),
    queuedCommands: async () => (await all(`SELECT * FROM command WHERE state='queued' ORDER BY id`)).map(toCommand),
    gapQueries: async (station, txid) =>
      (
        await all(
          `SELECT * FROM command WHERE station=? AND actor='gapQuery' AND request=? ORDER BY id LIMIT 100`,
          station,
          JSON.stringify({ transactionId: txid }),
        )
      ).map(toCommand),
    certificates: async (station) =>
      (await all('SELECT * FROM certificate WHERE station=? ORDER BY id DESC LIMIT 1000', station)).map(toCertificate),
    certificate: async (issuer, serial) => {
      const row = await one('SELECT * FROM certificate WHERE issuer=? AND serial=?', issuer, serial);
      return row === undefined ? undefined : toCertificate(row);
    },
    certificatesEnding: async (before) =>
      (
        await all(
          `SELECT * FROM certificate c WHERE c.state='installed' AND c.not_after<? AND NOT EXISTS
          (SELECT 1 FROM certificate n WHERE n.station=c.station AND n.use=c.use AND n.id>c.id AND n.state IN ('issued', 'installed')) ORDER BY not_after LIMIT 1000`,
          before,
        )
      ).map(toCertificate),
    isRevoked: async (issuer, serial) =>
      (await one(
        `SELECT 1 FROM revoked_serial WHERE issuer=?1 AND serial=?2 UNION ALL SELECT 1 FROM certificate WHERE issuer=?1 AND serial=?2 AND state='revoked' LIMIT 1`,
        issuer,
        serial,
      )) !== undefined,
    trust: async (kind) =>
      (
        await all('SELECT * FROM trust WHERE CAST(?1 AS TEXT) IS NULL OR kind=?1 ORDER BY kind, added_at, fingerprint', kind ?? null)
      ).flatMap(toTrust),
    jobs: async (station, limit) => (await all('SELECT * FROM job WHERE station=? ORDER BY id DESC LIMIT ?', station, limit)).map(toJob),
    job: async (id) => {
      const row = await one('SELECT * FROM job WHERE id=?', id);
      return row === undefined ? undefined : toJob(row);
    },
    runningJobs: async () => (await all(`SELECT * FROM job WHERE state='running' ORDER BY id`)).map(toJob),
    setting: async (key) => {
      const row = await one('SELECT value FROM setting WHERE key=?', key);
      return row === undefined ? undefined : text(row, 'value');
    },
  };
}

const command = (row: Row | undefined): CommandRecord | undefined => (row === undefined ? undefined : toCommand(row));

async function transactions(all: Query, filter: TxFilter): Promise<TxRecord[]> {
  const { station, sites, state, notFinal, beforeId, afterId, endedSince, endedUntil, limit } = filter;
  const where = new Where();
  where.maybe('tx.station=?', station);
  where.oneOf('station.site', sites);
  where.maybe('tx.state=?', state);
  where.maybe('tx.final=?', notFinal === true ? 0 : undefined);
  where.maybe('tx.id<?', beforeId);
  where.maybe('tx.id>?', afterId);
  where.maybe('COALESCE(tx.ended_at, tx.last_at)>=?', endedSince);
  where.maybe('COALESCE(tx.ended_at, tx.last_at)<?', endedUntil);
  const found = await all(`${TX} ${where.sql} ORDER BY tx.id ${afterId === undefined ? 'DESC' : 'ASC'} LIMIT ?`, ...where.values, limit);
  return found.map(toTx);
}

const EVENTS = `SELECT ${EVENT_COLUMNS}, 0 AS conflict FROM tx_event WHERE tx=?1 UNION ALL SELECT ${EVENT_COLUMNS}, 1 AS conflict FROM tx_event_conflict WHERE tx=?1
  ORDER BY seq NULLS FIRST, at, conflict LIMIT 100000`;

const toEvent = (row: Row, txid: string, keys: SampleDictionary): StoredEvent => ({
  receivedAt: num(row, 'received_at'),
  conflict: num(row, 'conflict') === 1,
  request: toRequest(columnsOf(row), txid, keys),
});

function toStation(row: Row): StationRecord {
  return {
    row: num(row, 'id'),
    identity: text(row, 'identity'),
    site: num(row, 'site'),
    serialNumber: textOrNull(row, 'serial_number'),
    password: textOrNull(row, 'password'),
    pendingPassword: textOrNull(row, 'pending_password'),
    securityProfile: num(row, 'security_profile'),
    approval:
      (['unapproved', 'approved', 'rejected', 'retired'] as const).find((known): known is Approval => known === row['approval']) ??
      'unapproved',
    registration: (['Accepted', 'Pending', 'Rejected'] as const).find((known) => known === row['registration']) ?? null,
    vendorName: textOrNull(row, 'vendor_name'),
    model: textOrNull(row, 'model'),
    firmwareVersion: textOrNull(row, 'firmware_version'),
    bootReason: textOrNull(row, 'boot_reason'),
    bootAt: numOrNull(row, 'boot_at'),
    interval: numOrNull(row, 'boot_interval'),
    lastSeen: numOrNull(row, 'last_seen'),
    epoch: num(row, 'epoch'),
    connected: num(row, 'connected') === 1,
    version: textOrNull(row, 'version'),
    anomalies: json<string[]>(row, 'anomalies'),
    settings: text(row, 'settings'),
    createdAt: num(row, 'created_at'),
  };
}

type VariableName = readonly [string, string | null, number | null, number | null, string, string | null, VariableRow['attribute']];

function toVariable(row: Row): VariableRow & { at: Instant } {
  const [component, componentInstance, evse, connector, variable, instance, attribute] = json<VariableName>(row, 'name');
  const [persistent, constant] = [numOrNull(row, 'persistent'), numOrNull(row, 'constant')];
  return {
    component,
    ...opt('componentInstance', componentInstance),
    ...opt('evse', evse),
    ...opt('connector', connector),
    variable,
    ...opt('instance', instance),
    attribute,
    ...opt('value', textOrNull(row, 'value')),
    ...opt('mutability', textOrNull(row, 'mutability')),
    ...opt('persistent', persistent === null ? null : persistent === 1),
    ...opt('constant', constant === null ? null : constant === 1),
    ...opt('characteristics', textOrNull(row, 'characteristics')),
    at: num(row, 'at'),
  };
}

const TRUST_KINDS = ['csms', 'station', 'v2g', 'mo', 'manufacturer'] as const;

const toTrust = (row: Row): TrustRecord[] =>
  TRUST_KINDS.filter((known) => known === row['kind']).map((kind) => ({
    kind,
    fingerprint: text(row, 'fingerprint'),
    pem: text(row, 'pem'),
    subject: text(row, 'subject'),
    notAfter: num(row, 'not_after'),
    hashData: json<TrustRecord['hashData']>(row, 'hash_data'),
    addedAt: num(row, 'added_at'),
  }));

const toJob = (row: Row): JobRecord => ({
  id: text(row, 'id'),
  station: num(row, 'station'),
  kind: 'upgradeProfile',
  state: (['running', 'done', 'failed'] as const).find((known) => known === row['state']) ?? 'failed',
  step: text(row, 'step'),
  detail: text(row, 'detail'),
  actor: text(row, 'actor'),
  createdAt: num(row, 'created_at'),
  updatedAt: num(row, 'updated_at'),
  reason: textOrNull(row, 'reason'),
});
