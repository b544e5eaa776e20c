import { percentile } from '../bench/measure/percentile.ts';

/** What a fleet is doing at one moment. */
export interface FleetPicture {
  readonly what: string;
  readonly elapsedS: number;
  readonly durationS: number;
  /** How many stations there will be, and how many were started. */
  readonly count: number;
  readonly started: number;
  readonly online: number;
  readonly accepted: number;
  readonly evses: number;
  readonly charging: number;
  readonly faulted: number;
  /** TransactionEvents the CSMS has answered, and those that wait in the stations. */
  readonly acknowledged: number;
  readonly perSecond: number;
  readonly waiting: number;
  readonly refused: number;
  /** Milliseconds from a TransactionEvent to its answer, the newest ones. */
  readonly answerMs: readonly number[];
}

const BAR = 30;

/** The picture as lines for a terminal. */
export function dashboard(picture: FleetPicture): readonly string[] {
  const { what, elapsedS, durationS, count, started, online, accepted, evses, charging, faulted, answerMs } = picture;
  const faults = faulted === 0 ? '' : `   ${number(faulted)} faulted`;
  return [
    `${what}   ${time(elapsedS)} of ${time(durationS)}`,
    `started   ${bar(started, count)}  ${number(started)} of ${number(count)}`,
    `accepted  ${bar(accepted, count)}  ${number(accepted)}   online ${number(online)}   offline ${number(started - online)}`,
    `charging  ${bar(charging, evses)}  ${number(charging)} of ${number(evses)} EVSEs${faults}`,
    `events    ${number(picture.acknowledged)} acknowledged   ${picture.perSecond.toFixed(1)}/s   ${number(picture.waiting)} waiting   ${number(picture.refused)} refused`,
    answerMs.length === 0
      ? 'answers   none yet'
      : `answers   ${percentile(answerMs, 0.5).toFixed(1)} ms median   ${percentile(answerMs, 0.99).toFixed(1)} ms p99`,
  ];
}

const number = (value: number): string => value.toLocaleString('en');

function bar(value: number, most: number): string {
  const full = most === 0 ? 0 : Math.round((BAR * Math.min(value, most)) / most);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
}

function time(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
