import { type Instant, maskToken } from '@busbar/runtime';
import { clockTime, type LineStyle } from './event-line.ts';

/** One message of a station and what became of it. */
export interface MessageLine {
  readonly at: Instant;
  /** Seen from the station. */
  readonly direction: 'out' | 'in';
  readonly action: string;
  readonly request: unknown;
  readonly answer?:
    | { readonly kind: 'result'; readonly payload: unknown }
    | { readonly kind: 'error'; readonly code: string; readonly description: string }
    | { readonly kind: 'none'; readonly reason: string };
  readonly ms?: number;
  /** Why the station did it, with the requirement, where the station says so. */
  readonly why?: string;
}

const ANSWER_BEGINS = 48;
const MS_ENDS = 92;
const INDENT = ' '.repeat(10);

export function formatMessage(message: MessageLine, style: LineStyle = {}): string[] {
  const { at, direction, action, request, answer, ms } = message;
  const [there, back] = direction === 'out' ? ['->', '<-'] : ['<-', '->'];
  const head = `${clockTime(at, style.timeZone)}  ${there} ${`${action}  ${requestText(action, request)}`.trimEnd()}`;
  const bad = answer !== undefined && answer.kind !== 'result';
  const answered = answer === undefined ? '' : `${back} ${answerText(action, answer)}`;
  const left = answered === '' ? head : `${head}${' '.repeat(Math.max(ANSWER_BEGINS - head.length, 2))}${answered}`;
  const took = ms === undefined ? '' : `${Math.round(ms)} ms`;
  const line = took === '' ? left : `${left}${' '.repeat(Math.max(MS_ENDS - left.length - took.length, 2))}${took}`;
  const why = message.why ?? (action === 'TransactionEvent' ? triggerText(request) : '');
  return [style.colour && bad ? `\u001b[31m${line}\u001b[0m` : line, ...(why === '' ? [] : [INDENT + why])];
}

/** What happened to the metal. */
export const formatWorld = (at: Instant, what: string, { timeZone }: LineStyle = {}): string => `${clockTime(at, timeZone)}  world ${what}`;

type Summary = (request: unknown) => string;

const evse = (id: unknown): string => (typeof id === 'number' ? `EVSE ${id}` : 'station');
const count = (items: unknown, what: string): string => {
  const length = Array.isArray(items) ? items.length : 0;
  return `${length} ${what}${length === 1 ? '' : 's'}`;
};
const variable = (item: unknown): string => `${text(item, 'component', 'name')}.${text(item, 'variable', 'name')}`;
/** Names, never values: they may be passwords. */
const variables = (items: unknown): string => (Array.isArray(items) && items.length === 1 ? variable(items[0]) : count(items, 'variable'));

/** Few words per message; tokens are masked, values are left out. */
const SUMMARIES: Record<string, Summary> = {
  Authorize: (r) => maskToken(text(r, 'idToken', 'idToken')),
  BootNotification: (r) => text(r, 'reason'),
  CancelReservation: (r) => text(r, 'reservationId'),
  ChangeAvailability: (r) => `${evse(get(r, 'evse', 'id'))} ${text(r, 'operationalStatus')}`,
  ClearChargingProfile: (r) => text(r, 'chargingProfileId'),
  DataTransfer: (r) => text(r, 'vendorId'),
  FirmwareStatusNotification: (r) => text(r, 'status'),
  GetBaseReport: (r) => text(r, 'reportBase'),
  GetReport: (r) => count(get(r, 'componentVariable'), 'variable'),
  GetTransactionStatus: (r) => short(text(r, 'transactionId')),
  GetVariables: (r) => variables(get(r, 'getVariableData')),
  LogStatusNotification: (r) => text(r, 'status'),
  MeterValues: (r) => evse(get(r, 'evseId')),
  NotifyEvent: (r) => {
    const first = get(r, 'eventData', 0);
    if (text(first, 'variable', 'name') === 'AvailabilityState')
      return `${evse(get(first, 'component', 'evse', 'id'))} ${text(first, 'actualValue')}`;
    return `${variable(first)} ${text(first, 'actualValue')}`.trim();
  },
  NotifyReport: (r) => `part ${text(r, 'seqNo')}, ${count(get(r, 'reportData'), 'entry').replace(/entrys$/, 'entries')}`,
  RequestStartTransaction: (r) => `${evse(get(r, 'evseId'))} ${maskToken(text(r, 'idToken', 'idToken'))}`,
  RequestStopTransaction: (r) => short(text(r, 'transactionId')),
  Reset: (r) => `${text(r, 'type')}${get(r, 'evseId') === undefined ? '' : ` ${evse(get(r, 'evseId'))}`}`,
  SecurityEventNotification: (r) => text(r, 'type'),
  SetChargingProfile: (r) => {
    const profile = get(r, 'chargingProfile');
    return `${text(profile, 'chargingProfilePurpose')} ${text(profile, 'id')}`;
  },
  SetVariables: (r) => variables(get(r, 'setVariableData')),
  StatusNotification: (r) => `${evse(get(r, 'evseId'))} ${text(r, 'connectorStatus')}`,
  TransactionEvent: (r) => `${text(r, 'eventType')} ${text(r, 'seqNo')}`,
  TriggerMessage: (r) => text(r, 'requestedMessage'),
  UnlockConnector: (r) => `${evse(get(r, 'evseId'))} connector ${text(r, 'connectorId')}`,
};

const requestText = (action: string, request: unknown): string => SUMMARIES[action]?.(request) ?? '';

function answerText(action: string, answer: NonNullable<MessageLine['answer']>): string {
  if (answer.kind === 'none') return answer.reason;
  if (answer.kind === 'error') return `${answer.code}${answer.description === '' ? '' : `, ${answer.description}`}`;
  const { payload } = answer;
  if (action === 'BootNotification') return `${text(payload, 'status')}, interval ${text(payload, 'interval')} s`;
  if (action === 'GetVariables' || action === 'SetVariables')
    return statuses(get(payload, action === 'GetVariables' ? 'getVariableResult' : 'setVariableResult'));
  const info = text(payload, 'idTokenInfo', 'status');
  const status = info === '' ? text(payload, 'status') : info;
  const reason = text(payload, 'statusInfo', 'reasonCode');
  if (status !== '') return reason === '' ? status : `${status}, ${reason}`;
  return 'ok';
}

function statuses(results: unknown): string {
  if (!Array.isArray(results)) return 'ok';
  const counts = new Map<string, number>();
  for (const result of results) counts.set(text(result, 'attributeStatus'), (counts.get(text(result, 'attributeStatus')) ?? 0) + 1);
  return counts.size === 1 && results.length === 1
    ? ([...counts.keys()][0] ?? 'ok')
    : [...counts].map(([status, n]) => `${n} ${status}`).join(', ');
}

/** The second line of a TransactionEvent: trigger, state and the readings that matter. */
function triggerText(request: unknown): string {
  const state = text(request, 'transactionInfo', 'chargingState');
  const trigger = text(request, 'triggerReason');
  const stopped = text(request, 'transactionInfo', 'stoppedReason');
  const readings = get(request, 'meterValue', 0, 'sampledValue');
  const parts = [trigger === 'ChargingStateChanged' && state !== '' ? `${trigger}: ${state}` : trigger];
  if (stopped !== '') parts.push(`stopped: ${stopped}`);
  if (get(request, 'offline') === true) parts.push('offline');
  for (const reading of Array.isArray(readings) ? readings : []) {
    const value = get(reading, 'value');
    if (typeof value !== 'number' || get(reading, 'phase') !== undefined) continue;
    const scale = text(reading, 'unitOfMeasure', 'unit').startsWith('k') ? 1 : 1000;
    if (text(reading, 'measurand') === 'Power.Active.Import') parts.push(`${(value / scale).toFixed(2)} kW`);
    if (['', 'Energy.Active.Import.Register'].includes(text(reading, 'measurand'))) parts.push(`${(value / scale).toFixed(3)} kWh`);
    if (text(reading, 'measurand') === 'SoC') parts.push(`SoC ${value} %`);
  }
  return parts.join(', ');
}

const short = (id: string): string => id.slice(0, 8);

function get(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.getOwnPropertyDescriptor(found, step)?.value;
  }
  return found;
}

function text(value: unknown, ...path: readonly (string | number)[]): string {
  const found = get(value, ...path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}
