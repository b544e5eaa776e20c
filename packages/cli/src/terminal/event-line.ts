import type { Instant } from '@busbar/runtime';

/** What happens at the stations of a CSMS, one line each, as `npm start` prints it. */
export type EventLine = {
  readonly at: Instant;
  readonly station: string;
} & (
  | { readonly kind: 'connected'; readonly version: string; readonly boot?: string; readonly equipment?: string }
  | { readonly kind: 'disconnected'; readonly reason: string }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly note?: string }
  | {
      readonly kind: 'token';
      readonly evseId?: number;
      readonly token: string;
      readonly status: string;
      readonly ms: number;
      readonly note?: string;
    }
  | { readonly kind: 'charging'; readonly evseId: number; readonly transactionId: string; readonly meter?: Meter }
  | { readonly kind: 'meter'; readonly evseId: number; readonly meter: Meter }
  | {
      readonly kind: 'ended';
      readonly evseId: number;
      readonly by: string;
      readonly events: number;
      /** Undefined while nobody knows how many there should be. */
      readonly ofEvents?: number;
      readonly energyWh?: number;
      readonly cost?: string;
      readonly bill: string;
    }
  /** Anything else: what happened, and a reading where there is one. */
  | { readonly kind: 'note'; readonly evseId?: number; readonly text: string; readonly meter?: Meter; readonly alarming?: boolean }
);

export interface Meter {
  readonly powerW?: number;
  readonly energyWh?: number;
  readonly socPercent?: number;
}

export interface LineStyle {
  /** IANA name; the computer's own when left out. */
  readonly timeZone?: string;
  /** The widest station id so far, so that the columns stand. */
  readonly stationWidth?: number;
  readonly colour?: boolean;
}

/** Columns of the figures, counted where the text of an eight-letter station begins at 20. */
const POWER_ENDS = 72;
const ENERGY_ENDS = 83;
const SOC_BEGINS = 85;
const SESSION_ENERGY_ENDS = 74;
const COST_ENDS = 85;
const BILL_BEGINS = 88;

const [GREEN, RED, YELLOW] = [32, 31, 33];

export function formatEventLine(event: EventLine, style: LineStyle = {}): string {
  const width = Math.max(8, style.stationWidth ?? 0);
  const shift = width - 8;
  const paint = (code: number, text: string): string => (style.colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const head = `${clockTime(event.at, style.timeZone)}  ${event.station.padEnd(width)}  `;
  const [text, figures, colour] = contentOf(event);
  const line = place(
    head + text,
    figures.map(([at, value, align]) => [at + shift, value, align]),
  );
  return colour === undefined ? line : head + paint(colour, line.slice(head.length));
}

export const eventHeading = ({ stationWidth = 8 }: LineStyle = {}): string =>
  `time      ${'station'.padEnd(Math.max(8, stationWidth))}  event`;

type Figure = readonly [column: number, value: string, align: 'begins' | 'ends'];
type Content = readonly [text: string, figures: readonly Figure[], colour?: number | undefined];

function contentOf(event: EventLine): Content {
  switch (event.kind) {
    case 'connected':
      return [
        ['connected', event.version].concat(event.boot ? [`boot ${event.boot}`] : [], event.equipment ?? []).join(', '),
        [],
        event.boot === 'Rejected' ? RED : undefined,
      ];
    case 'disconnected':
      return [`disconnected, ${event.reason}`, [], YELLOW];
    case 'refused':
      return [`refused, ${event.reason} (${event.status})${event.note ? `. ${event.note}` : ''}`, [], RED];
    case 'token':
      return [
        `${on(event.evseId)}token ${event.token} ${event.status} in ${event.ms} ms${event.note ? `, ${event.note}` : ''}`,
        [],
        event.status === 'Accepted' ? undefined : YELLOW,
      ];
    case 'charging':
      return [`${on(event.evseId)}charging, transaction ${event.transactionId.slice(0, 8)}`, figuresOf(event.meter), GREEN];
    case 'meter':
      return [on(event.evseId).trimEnd(), figuresOf(event.meter)];
    case 'ended':
      return [
        `${on(event.evseId)}stopped by ${event.by}, ${event.events} of ${event.ofEvents ?? '?'} events`,
        [
          ...(event.energyWh === undefined ? [] : [[SESSION_ENERGY_ENDS, `${(event.energyWh / 1000).toFixed(3)} kWh`, 'ends'] as const]),
          ...(event.cost === undefined ? [] : [[COST_ENDS, event.cost, 'ends'] as const]),
          [BILL_BEGINS, `bill ${event.bill}`, 'begins'],
        ],
        event.bill === 'final' ? undefined : YELLOW,
      ];
    case 'note':
      return [on(event.evseId) + event.text, figuresOf(event.meter), event.alarming ? RED : undefined];
  }
}

const on = (evseId: number | undefined): string => (evseId === undefined ? '' : `EVSE ${evseId} `);

const figuresOf = ({ powerW, energyWh, socPercent }: Meter = {}): Figure[] => [
  ...(powerW === undefined ? [] : [[POWER_ENDS, `${(powerW / 1000).toFixed(1)} kW`, 'ends'] as const]),
  ...(energyWh === undefined ? [] : [[ENERGY_ENDS, `${(energyWh / 1000).toFixed(2)} kWh`, 'ends'] as const]),
  ...(socPercent === undefined ? [] : [[SOC_BEGINS, `SoC ${Math.round(socPercent)} %`, 'begins'] as const]),
];

/** Puts figures at their columns; what is too long pushes them to the right, two spaces apart. */
function place(text: string, figures: readonly Figure[]): string {
  let line = text;
  for (const [column, value, align] of figures) {
    const begin = align === 'begins' ? column : column - value.length;
    line = `${line}${' '.repeat(Math.max(begin - line.length, 2))}${value}`;
  }
  return line;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** 24 hours, with seconds, in a zone. */
export function clockTime(at: Instant, timeZone?: string): string {
  const known =
    clocks.get(timeZone ?? '') ??
    new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', hourCycle: 'h23', ...(timeZone ? { timeZone } : {}) });
  clocks.set(timeZone ?? '', known);
  return known.format(at);
}

export interface LiveTotals {
  readonly connected: number;
  readonly refused: number;
  readonly charging: number;
  readonly eventsStored: number;
  readonly p99Ms?: number;
}

/** The line that stays at the bottom. */
export function formatTotals(totals: LiveTotals, quiet: boolean): string {
  const speed = totals.p99Ms === undefined ? '' : `, p99 ${Math.round(totals.p99Ms)} ms`;
  return `-- ${totals.connected} connected  ${totals.refused} refused  ${totals.charging} charging  ${totals.eventsStored} events stored${speed}  q ${quiet ? 'shows lines again' : 'quiet'}, Ctrl C stops --`;
}
