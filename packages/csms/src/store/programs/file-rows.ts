import type { Ocpp } from '@busbar/protocol';
import type { FileReader, FileToken, FirmwareRecord, FirmwareState, FirmwareUpdateRecord, LogRecord, ToldStatus } from '../file-intents.ts';
import type { Row, SqlValue } from '../sql.ts';
import { json, num, numOrNull, text, textOrNull } from './columns.ts';

type All = (sql: string, ...values: SqlValue[]) => Promise<readonly Row[]>;
type One = (sql: string, ...values: SqlValue[]) => Promise<Row | undefined>;

const maybe = <T>(row: Row | undefined, to: (row: Row) => T): T | undefined => (row === undefined ? undefined : to(row));

export function fileReader(all: All, one: One): FileReader {
  return {
    fileToken: async (hash) => maybe(await one('SELECT * FROM file_token WHERE hash=?', hash), toToken),
    fileTokensOf: async (station) => (await all('SELECT * FROM file_token WHERE station=?', station)).map(toToken),
    expiredFileTokens: async (at) => (await all('SELECT * FROM file_token WHERE expires_at < ? LIMIT 1000', at)).map(toToken),
    log: async (station, requestId) => maybe(await one('SELECT * FROM log WHERE station=? AND request_id=?', station, requestId), toLog),
    logs: async (station, limit) =>
      (await all('SELECT * FROM log WHERE station=? ORDER BY requested_at DESC, request_id DESC LIMIT ?', station, limit)).map(toLog),
    firmwareUpdate: async (station, requestId) =>
      maybe(await one('SELECT * FROM firmware_update WHERE station=? AND request_id=?', station, requestId), toUpdate),
    firmwareUpdates: async (station, limit) =>
      (await all('SELECT * FROM firmware_update WHERE station=? ORDER BY requested_at DESC, request_id DESC LIMIT ?', station, limit)).map(
        toUpdate,
      ),
    updatesOfFirmware: async (firmware, limit) =>
      (await all('SELECT * FROM firmware_update WHERE firmware=? ORDER BY requested_at DESC LIMIT ?', firmware, limit)).map(toUpdate),
    firmware: async (id) => maybe(await one('SELECT * FROM firmware WHERE id=?', id), toFirmware),
    firmwares: async (limit, before = Number.MAX_SAFE_INTEGER) =>
      (await all('SELECT * FROM firmware WHERE id<? ORDER BY id DESC LIMIT ?', before, limit)).map(toFirmware),
    customerInformation: async (station, requestId) => {
      const parts = await all('SELECT * FROM customer_information WHERE station=? AND request_id=? ORDER BY seq_no', station, requestId);
      const last = parts.at(-1);
      const inOrder = parts.every((row, index) => num(row, 'seq_no') === index);
      return {
        parts: parts.length,
        complete: last !== undefined && inOrder && num(last, 'tbc') === 0,
        at: last === undefined ? null : num(last, 'at'),
        data: parts.map((row) => text(row, 'data')).join(''),
      };
    },
    installedCertificates: async (station) =>
      maybe(await one('SELECT * FROM installed_certificate WHERE station=?', station), (row) => ({
        at: num(row, 'at'),
        chains: json<Ocpp.CertificateHashDataChainType[]>(row, 'body'),
      })),
  };
}

const toToken = (row: Row): FileToken => ({
  hash: text(row, 'hash'),
  station: num(row, 'station'),
  kind: text(row, 'kind') === 'log' ? 'log' : 'firmware',
  file: text(row, 'file'),
  requestId: num(row, 'request_id'),
  maxBytes: num(row, 'max_bytes'),
  expiresAt: num(row, 'expires_at'),
});

const toLog = (row: Row): LogRecord => ({
  requestId: num(row, 'request_id'),
  type: textOrNull(row, 'type'),
  requestedAt: num(row, 'requested_at'),
  answer: textOrNull(row, 'answer'),
  filename: textOrNull(row, 'filename'),
  statuses: json<ToldStatus[]>(row, 'statuses'),
  file: textOrNull(row, 'file'),
  bytes: numOrNull(row, 'bytes'),
  receivedAt: numOrNull(row, 'received_at'),
  reason: textOrNull(row, 'reason'),
});

const toUpdate = (row: Row): FirmwareUpdateRecord => ({
  station: num(row, 'station'),
  requestId: num(row, 'request_id'),
  firmware: numOrNull(row, 'firmware'),
  requestedAt: num(row, 'requested_at'),
  retrieveAt: numOrNull(row, 'retrieve_at'),
  installAt: numOrNull(row, 'install_at'),
  answer: textOrNull(row, 'answer'),
  statuses: json<ToldStatus[]>(row, 'statuses'),
});

const FIRMWARE_STATES: readonly FirmwareState[] = ['awaitingImage', 'ready', 'invalid'];

const toFirmware = (row: Row): FirmwareRecord => ({
  id: num(row, 'id'),
  version: text(row, 'version'),
  models: json<string[]>(row, 'models'),
  sha256: text(row, 'sha256'),
  signature: text(row, 'signature'),
  certificate: text(row, 'certificate'),
  file: text(row, 'file'),
  bytes: numOrNull(row, 'bytes'),
  state: FIRMWARE_STATES.find((known) => known === row['state']) ?? 'invalid',
  reason: textOrNull(row, 'reason'),
  createdAt: num(row, 'created_at'),
});
