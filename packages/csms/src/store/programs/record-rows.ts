import type { Ocpp } from '@busbar/protocol';
import { billOf } from '../../ledger/bill.ts';
import { NO_FACTS } from '../../ledger/fold.ts';
import type { CertificateRecord, CommandRecord, CommandState, StationRow, TokenInput } from '../intents.ts';
import type { Row } from '../sql.ts';
import type { TxRecord } from '../store.ts';
import { json, jsonOrNull, num, numOrNull, opt, text, textOrNull } from './columns.ts';
import { toTxRow } from './tx-row.ts';

export function toTx(row: Row): TxRecord {
  const own = toTxRow(row, NO_FACTS);
  return {
    id: num(row, 'id'),
    station: num(row, 'station'),
    identity: text(row, 'identity'),
    txid: text(row, 'txid'),
    row: own,
    bill: billOf(own),
  };
}

export function toToken(row: Row): TokenInput {
  const group = textOrNull(row, 'group_token');
  return {
    type: text(row, 'type'),
    idToken: text(row, 'id_token'),
    status: json<TokenInput['status']>({ status: JSON.stringify(text(row, 'status')) }, 'status'),
    ...opt('groupIdToken', group === null ? null : { idToken: group, type: text(row, 'group_type') }),
    ...opt('validUntil', numOrNull(row, 'valid_until')),
    ...opt('cacheExpiryDateTime', numOrNull(row, 'cache_expiry')),
    ...opt('chargingPriority', numOrNull(row, 'charging_priority')),
    ...opt('language1', textOrNull(row, 'language1')),
    ...opt('language2', textOrNull(row, 'language2')),
    ...opt('evseId', jsonOrNull<number[]>(row, 'evse_id')),
    ...opt('personalMessage', jsonOrNull<Ocpp.MessageContentType>(row, 'personal_message')),
    ...opt('masterPass', num(row, 'master_pass') === 1 ? true : null),
  };
}

const STATES: readonly CommandState[] = ['queued', 'sent', 'answered', 'refused', 'unknown', 'notSent'];

export function toCommand(row: Row): CommandRecord {
  const station: StationRow = num(row, 'station');
  return {
    id: text(row, 'id'),
    station,
    action: text(row, 'action'),
    request: text(row, 'request'),
    origin: (['person', 'driver', 'automation'] as const).find((known) => known === row['origin']) ?? 'person',
    actor: text(row, 'actor'),
    ...opt('idempotencyKey', textOrNull(row, 'idempotency_key')),
    ...opt('remoteStartId', numOrNull(row, 'remote_start_id')),
    ...opt('requestId', numOrNull(row, 'request_id')),
    createdAt: num(row, 'created_at'),
    ...opt('expiresAt', numOrNull(row, 'expires_at')),
    state: STATES.find((known) => known === row['state']) ?? 'unknown',
    messageId: textOrNull(row, 'message_id'),
    result: textOrNull(row, 'result'),
    sentAt: numOrNull(row, 'sent_at'),
    endedAt: numOrNull(row, 'ended_at'),
    effect: textOrNull(row, 'effect'),
  };
}

const CERTIFICATE_STATES = ['issued', 'installed', 'refused', 'revoked'] as const;
export const toCertificate = (row: Row): CertificateRecord => ({
  id: num(row, 'id'),
  station: num(row, 'station'),
  use: text(row, 'use'),
  serial: text(row, 'serial'),
  issuer: text(row, 'issuer'),
  subject: text(row, 'subject'),
  notBefore: num(row, 'not_before'),
  notAfter: num(row, 'not_after'),
  chain: text(row, 'chain'),
  state: CERTIFICATE_STATES.find((known) => known === row['state']) ?? 'issued',
  issuedAt: num(row, 'issued_at'),
  revokedAt: numOrNull(row, 'revoked_at'),
  reason: textOrNull(row, 'reason'),
});
