/** What a message says, in one line and in OCPP's own names; the same in every language. */

type Fields = Readonly<Record<string, unknown>>;
type InWords = (payload: Fields) => readonly (string | undefined)[];

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const record = (value: unknown): Fields => (isRecord(value) ? value : {});
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const scalar = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
const said = (before: string, value: unknown): string | undefined => {
  const text = scalar(value);
  return text === undefined ? undefined : `${before}${text}`;
};

/** Only its end: a token in full is a key to a station. */
const token = (value: unknown): string | undefined => {
  const { idToken, type } = record(value);
  const text = scalar(idToken);
  if (text === undefined) return undefined;
  return text === '' ? scalar(type) : `token …${text.slice(-4)}`;
};

const place = (value: unknown, connector?: unknown): string | undefined => {
  const { id, connectorId } = isRecord(value) ? value : { id: value, connectorId: connector };
  return scalar(id) === undefined
    ? undefined
    : `EVSE ${scalar(id)}${scalar(connectorId) === undefined ? '' : ` connector ${scalar(connectorId)}`}`;
};

const shortId = (value: unknown): string | undefined => scalar(value)?.slice(0, 8);

const variable = (of: Fields): string => {
  const { component, variable: named, attributeType } = of;
  const { name, instance, evse } = record(component);
  const where = [scalar(name), scalar(instance), evse === undefined ? undefined : scalar(record(evse)['id'])].filter(Boolean).join('/');
  const what = [scalar(record(named)['name']), scalar(record(named)['instance'])].filter(Boolean).join('/');
  return `${where}.${what}${attributeType === undefined || attributeType === 'Actual' ? '' : ` (${scalar(attributeType)})`}`;
};

const first = (items: readonly Fields[], name: (item: Fields) => string): string | undefined => {
  const [one] = items;
  if (one === undefined) return undefined;
  return items.length === 1 ? name(one) : `${name(one)} +${items.length - 1}`;
};

const kilo = (one: Fields | undefined, unit: string): string | undefined => {
  if (one === undefined || typeof one['value'] !== 'number') return undefined;
  const { unit: given, multiplier } = record(one['unitOfMeasure']);
  const value = one['value'] * 10 ** (typeof multiplier === 'number' ? multiplier : 0);
  const thousands = typeof given === 'string' && given.startsWith('k') ? value : value / 1000;
  return `${thousands.toFixed(1)} ${unit}`;
};

/** Readings people ask about, of the last sampled value. */
function readings(meterValue: unknown): readonly string[] {
  const samples = list(list(meterValue).at(-1)?.['sampledValue']);
  const of = (measurand: string): Fields | undefined =>
    samples.find((one) => (one['measurand'] ?? 'Energy.Active.Import.Register') === measurand && one['phase'] === undefined);
  const soc = of('SoC');
  return [
    kilo(of('Power.Active.Import'), 'kW'),
    kilo(of('Energy.Active.Import.Register'), 'kWh'),
    soc === undefined ? undefined : `SoC ${scalar(soc['value'])} %`,
  ].filter((one) => one !== undefined);
}

const IN_WORDS: Readonly<Record<string, InWords>> = {
  TransactionEvent: (p) => {
    const { chargingState, stoppedReason, transactionId } = record(p['transactionInfo']);
    return [
      scalar(p['eventType']),
      scalar(p['triggerReason']),
      said('seqNo ', p['seqNo']),
      p['offline'] === true ? 'offline' : undefined,
      p['eventType'] === 'Started' ? place(p['evse']) : undefined,
      p['triggerReason'] === 'ChargingStateChanged' || p['eventType'] === 'Started' ? scalar(chargingState) : undefined,
      scalar(stoppedReason),
      token(p['idToken']),
      ...readings(p['meterValue']),
      shortId(transactionId),
    ];
  },
  StatusNotification: (p) => [place(p['evseId'], p['connectorId']), scalar(p['connectorStatus'])],
  BootNotification: (p) => {
    const { vendorName, model, firmwareVersion } = record(p['chargingStation']);
    return [scalar(p['reason']), [scalar(vendorName), scalar(model)].filter(Boolean).join(' '), said('firmware ', firmwareVersion)];
  },
  Authorize: (p) => [...new Set([token(p['idToken']), scalar(record(p['idToken'])['type'])])],
  NotifyEvent: (p) => [
    first(list(p['eventData']), (one) => `${variable(one)} = ${scalar(one['actualValue']) ?? ''}`),
    said('severity ', list(p['eventData'])[0]?.['severity']),
  ],
  SetVariables: (p) => [first(list(p['setVariableData']), (one) => `${variable(one)} = ${scalar(one['attributeValue']) ?? ''}`)],
  GetVariables: (p) => [first(list(p['getVariableData']), variable)],
  SetMonitoringLevel: (p) => [said('severity ', p['severity'])],
  Reset: (p) => [scalar(p['type']), place(p['evseId'])],
  ChangeAvailability: (p) => [scalar(p['operationalStatus']), place(p['evse'])],
  RequestStartTransaction: (p) => [place(p['evseId']), token(p['idToken']), said('remoteStartId ', p['remoteStartId'])],
  RequestStopTransaction: (p) => [shortId(p['transactionId'])],
  GetTransactionStatus: (p) => [shortId(p['transactionId'])],
  CostUpdated: (p) => [shortId(p['transactionId']), said('', p['totalCost'])],
  MeterValues: (p) => [place(p['evseId']), ...readings(p['meterValue'])],
  NotifyReport: (p) => [
    said('requestId ', p['requestId']),
    said('part ', p['seqNo']),
    `${list(p['reportData']).length} variables`,
    p['tbc'] === true ? 'more follows' : undefined,
  ],
  GetBaseReport: (p) => [scalar(p['reportBase']), said('requestId ', p['requestId'])],
  SecurityEventNotification: (p) => [scalar(p['type']), scalar(p['techInfo'])],
  TriggerMessage: (p) => [scalar(p['requestedMessage']), place(p['evse'])],
  UnlockConnector: (p) => [place(p['evseId'], p['connectorId'])],
  SetChargingProfile: (p) => {
    const { chargingProfilePurpose, id, stackLevel, chargingSchedule } = record(p['chargingProfile']);
    const [schedule] = list(chargingSchedule);
    const [period] = list(schedule?.['chargingSchedulePeriod']);
    return [
      `${scalar(chargingProfilePurpose) ?? ''} ${scalar(id) ?? ''}`.trim(),
      place(p['evseId']),
      said('stackLevel ', stackLevel),
      period?.['limit'] === undefined ? undefined : `${scalar(period['limit'])} ${scalar(schedule?.['chargingRateUnit']) ?? ''}`,
    ];
  },
  ReserveNow: (p) => [said('id ', p['id']), place(p['evseId']), token(p['idToken']), said('until ', p['expiryDateTime'])],
  CancelReservation: (p) => [said('id ', p['reservationId'])],
  SendLocalList: (p) => [
    scalar(p['updateType']),
    said('version ', p['versionNumber']),
    `${list(p['localAuthorizationList']).length} tokens`,
  ],
  DataTransfer: (p) => [scalar(p['vendorId']), scalar(p['messageId'])],
  UpdateFirmware: (p) => [said('requestId ', p['requestId']), scalar(record(p['firmware'])['location'])],
  GetLog: (p) => [scalar(p['logType']), said('requestId ', p['requestId'])],
  LogStatusNotification: (p) => [scalar(p['status']), said('requestId ', p['requestId'])],
  FirmwareStatusNotification: (p) => [scalar(p['status']), said('requestId ', p['requestId'])],
  SignCertificate: (p) => [scalar(p['certificateType'])],
  InstallCertificate: (p) => [scalar(p['certificateType'])],
  CertificateSigned: (p) => [scalar(p['certificateType'])],
};

/** Fields that are shown of a message nobody wrote words for. */
const FIRST = 4;
const SHOWN = 160;

export function wordsOfMessage(action: string | null, payload: unknown): string {
  const fields = record(payload);
  const known = action !== null && Object.hasOwn(IN_WORDS, action) ? IN_WORDS[action] : undefined;
  const parts = known === undefined ? scalarsOf(fields) : known(fields);
  const text = parts.filter((part) => part !== undefined && part !== '').join(', ');
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}

/** The first scalars, and those of the first object where there is none. */
function scalarsOf(fields: Fields): readonly string[] {
  const own = Object.entries(fields).flatMap(([name, value]) => (scalar(value) === undefined ? [] : [`${name} ${scalar(value)}`]));
  if (own.length > 0) return own.slice(0, FIRST);
  const inner = Object.values(fields).find((value) => isRecord(value) || Array.isArray(value));
  const nested = Array.isArray(inner) ? list(inner)[0] : record(inner);
  return Object.entries(nested ?? {})
    .flatMap(([name, value]) => (scalar(value) === undefined ? [] : [`${name} ${scalar(value)}`]))
    .slice(0, FIRST);
}
