import type { Intent, Outcome } from '../intents.ts';
import { type Program, run, tell } from '../sql.ts';

/**
 * Another machine stands under this id from now on: what the old one told of itself goes, its certificates open nothing, its
 * password neither. Transactions, bills and the audit stay. The record of its security profile falls to what a password
 * can reach; the next boot is a new machine's.
 */
export function* replaceHardware(intent: Extract<Intent, { k: 'hardwareReplaced' }>): Program<Outcome> {
  const { station, at, password, serialNumber, reason } = intent;
  for (const table of ['variable', 'report', 'connector', 'installed_certificate', 'file_token'])
    yield* tell(`DELETE FROM ${table} WHERE station=?`, station);
  yield* tell(`UPDATE certificate SET state='revoked', revoked_at=?, reason=? WHERE station=? AND state<>'revoked'`, at, reason, station);
  const changes = yield* run(
    `UPDATE station SET password=?, pending_password=NULL, serial_number=?, registration=NULL, vendor_name=NULL, model=NULL, firmware_version=NULL, boot_reason=NULL, boot_at=NULL, boot_interval=NULL,
      boot_body=NULL, anomalies='[]', security_profile=CASE WHEN security_profile > 2 THEN 2 ELSE security_profile END WHERE id=?`,
    password,
    serialNumber,
    station,
  );
  return { result: changes > 0 ? 'done' : 'notFound' };
}
