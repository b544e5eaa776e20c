import type { Role } from './case.ts';

/** A feature of Part 5 (chapter 3, appendices A and B, errata 5) that a system under test declares. */
export interface Feature {
  readonly id: string;
  readonly roles: readonly Role[];
  /** The question, in our words. */
  readonly asks: string;
}

const station = (id: string, asks: string): Feature => ({ id, roles: ['station'], asks });
const csms = (id: string, asks: string): Feature => ({ id, roles: ['csms'], asks });
const both = (id: string, asks: string): Feature => ({ id, roles: ['station', 'csms'], asks });

/** Every feature that a condition of the catalogue may name. */
export const FEATURES: readonly Feature[] = [
  station('C-01', 'Can it authorize a driver while it is offline?'),
  station('C-02', 'Can it let unknown drivers charge while offline (OfflineTxForUnknownIdEnabled)?'),
  station('C-03', 'Can it give an invalid driver a little energy (MaxEnergyOnInvalidId)?'),
  station('C-04', 'Can it hold short status changes back (MinimumStatusDuration)?'),
  station('C-06.1', 'Can it keep the authorization when the cable is pulled at the EV (StopTxOnEVSideDisconnect false)?'),
  station('C-06.2', 'Can it end the transaction when the cable is pulled at the EV (StopTxOnEVSideDisconnect true)?'),
  station('C-07', 'Has it a master pass with a user interface?'),
  station('C-08', 'Has it a master pass without a user interface?'),
  station('C-09.1', 'Can a transaction start with EVConnected?'),
  station('C-09.2', 'Can a transaction start with Authorized?'),
  station('C-09.3', 'Can a transaction start with DataSigned?'),
  station('C-09.4', 'Can a transaction start with PowerPathClosed?'),
  station('C-09.5', 'Can a transaction start with EnergyTransfer?'),
  station('C-09.6', 'Can a transaction start with ParkingBayOccupancy?'),
  station('C-10.1', 'Can a transaction stop with EVConnected?'),
  station('C-10.2', 'Can a transaction stop with Authorized?'),
  station('C-10.3', 'Can a transaction stop with PowerPathClosed?'),
  station('C-10.4', 'Can a transaction stop with EnergyTransfer?'),
  station('C-10.5', 'Can a transaction stop with ParkingBayOccupancy?'),
  csms('C-11', 'Can the CSMS unlock a connector with a detachable cable (UnlockConnector)?'),
  station('C-12.1', 'Can it unlock when the cable is pulled at the EV (UnlockOnEVSideDisconnect true)?'),
  station('C-12.2', 'Can it stay locked when the cable is pulled at the EV (UnlockOnEVSideDisconnect false)?'),
  both('C-13', 'Can a single EVSE be reset?'),
  both('C-14', 'Are customers known by customerIdentifier?'),
  csms('C-15', 'Can firmware updates be scheduled?'),
  csms('C-16', 'Can the CSMS ask for the status of transactions (GetTransactionStatus)?'),
  csms('C-17', 'Can the CSMS ask for the ConfigurationInventory?'),
  station('C-20', 'Can new sessions be refused or allowed while firmware waits (AllowNewSessionsPendingFirmwareUpdate)?'),
  station('C-21', 'Can it queue all messages while offline (QueueAllMessages)?'),
  station('C-28', 'Can clock-aligned readings be limited to idle EVSEs (AlignedDataSendDuringIdle)?'),
  both('C-29.1', 'TriggerMessage: MeterValues?'),
  both('C-29.2', 'TriggerMessage: TransactionEvent?'),
  both('C-29.3', 'TriggerMessage: LogStatusNotification?'),
  both('C-29.4', 'TriggerMessage: FirmwareStatusNotification?'),
  both('C-29.5', 'TriggerMessage: StatusNotification?'),
  station('C-29.6', 'TriggerMessage: BootNotification?'),
  both('C-30', 'Local start: RFID ISO 14443?'),
  both('C-31', 'Local start: RFID ISO 15693?'),
  both('C-32', 'Local start: PIN code (KeyCode)?'),
  both('C-33', 'Local start: an id the station makes (Local)?'),
  both('C-34', 'Local start: MAC address of the EV?'),
  both('C-35', 'Local start: without authorization (start button)?'),
  both('C-36', 'Remote start: RFID ISO 14443?'),
  both('C-37', 'Remote start: RFID ISO 15693?'),
  both('C-38', 'Remote start: an id the CSMS makes (Central)?'),
  both('C-39', 'Remote start: without authorization?'),
  station('C-40', 'Does it send meter values?'),
  station('C-42', 'Does it send signed meter values?'),
  station('C-43', 'Can it install firmware while a transaction runs?'),
  csms('C-44', 'Can the CSMS answer a boot Pending first?'),
  csms('C-45', 'Does the CSMS send GetVariables for several variables at once?'),
  csms('C-46', 'Does the CSMS send SetVariables for several variables at once?'),
  station('C-47', 'Does it fall back to the ordinary reconnecting when a new network profile fails?'),
  station('C-48.1', 'Can remote starts be authorized first (AuthorizeRemoteStart true)?'),
  station('C-48.2', 'Can remote starts go without authorization (AuthorizeRemoteStart false)?'),
  station('C-49', 'Has it an authorization cache?'),
  csms('C-50.1', 'Does the CSMS ask for the FullInventory when a station is new?'),
  csms('C-50.2', 'Can an operator ask for the FullInventory?'),
  station('C-51', 'Can TxStartPoint be changed?'),
  station('C-52', 'Can TxStopPoint be changed?'),
  station('C-53', 'Can entries of the cache grow old (AuthCacheCtrlr.LifeTime)?'),
  station('C-56', 'Can it send the SummaryInventory?'),
  station('C-57', 'Can it cancel the upload of a log?'),
  station('C-58', 'Can it leave out asking the CSMS (DisableRemoteAuthorization)?'),
  station('C-59', 'Can it leave out asking again about a refused token (DisablePostAuthorize)?'),
  station('C-60', 'Can it cancel a firmware update?'),
  both('C-61', 'Does it offer security profile 1 (no TLS)?'),
  station('AS-2', 'Does it check new roots against the old one (AdditionalRootCertificateCheck)?'),
  station('AS-3', 'Does it repeat SignCertificate when no certificate comes (CertSigningWaitMinimum, CertSigningRepeatTimes)?'),
  station('HFS-1', 'Has it a socket for detachable cables?'),
  station('HFS-2', 'Has it a fixed cable?'),
  station('HFS-4', 'Does it charge with DC?'),
  station('HFS-8', 'Has it more than one EVSE?'),
  station('AQ-1', 'Can its last CSMS root certificate be removed?'),
  station('AQ-2', 'Does a lock keep the driver from plugging in before authorization?'),
  station('AQ-3', 'Can its last own certificate be removed, other than by OCPP?'),
  station('AQ-7', 'Can it download firmware while a transaction runs?'),
  station('AQ-8', 'Must the driver choose an EVSE before the authorization?'),
  station('AQ-9', 'Does it charge EVs by IEC 61851-1 (mode 3)?'),
  station('AQ-11', 'Has it one certificate for OCPP and ISO 15118?'),
  csms('AQ-16', 'Does the CSMS refuse unknown stations when they connect?'),
  station('Mode12Only', 'Does it charge in mode 1 or 2 only?'),
  station('ISO15118', 'Is it to be certified for ISO 15118?'),
  station('LocalList', 'Is it to be certified for the local authorization list?'),
  station('SmartCharging', 'Is it to be certified for smart charging?'),
];

/** What a system declared: ids that are true. */
export type Declared = ReadonlySet<string>;

/** Reads a declaration (features.yaml): id → true or false. An unknown id is an error, never ignored. */
export function declaredFrom(file: Readonly<Record<string, unknown>>, role: Role): Declared {
  const known = new Map(FEATURES.filter(({ roles }) => roles.includes(role)).map((feature) => [feature.id, feature]));
  const declared = new Set<string>();
  for (const [id, value] of Object.entries(file)) {
    if (!known.has(id)) throw new Error(`"${id}" is no feature of a ${role} (busbar check features lists them)`);
    if (typeof value !== 'boolean') throw new Error(`"${id}" is true or false, not ${String(value)}`);
    if (value) declared.add(id);
  }
  return declared;
}

/** Nothing is left out by silence: every feature of the role but these. */
export const everythingBut = (role: Role, without: readonly string[]): Declared =>
  new Set(FEATURES.filter(({ id, roles }) => roles.includes(role) && !without.includes(id)).map(({ id }) => id));
