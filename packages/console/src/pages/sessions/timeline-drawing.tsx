import type { ReactNode } from 'react';
import { statusWords } from '../../design/status-words.ts';
import { span } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import type { Point } from '../station/series.ts';
import { sessionWords } from './session-words.ts';
import type { Stretch, Tick, Timeline } from './timeline-model.ts';

interface Drawing {
  readonly width: number;
  readonly timeline: Timeline;
  readonly series: readonly Point[];
  readonly links: readonly (Stretch<'up'> & { readonly code: string })[];
  readonly missing: readonly number[];
  /** When it was decided; the one red line through all lanes. */
  readonly deciding: number | null;
  readonly token: string | undefined;
}

type Scale = (at: number) => number;

const LANE = 40;
const POWER = 96;
const BAR = 20;
const TOP = 22;
/** Steps of the axis in seconds: the first that leaves room for its words. */
const STEPS = [5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const STEP_PX = 76;

const COLOURS: Readonly<Record<string, string>> = {
  Charging: 'var(--charging)',
  SuspendedEV: 'var(--suspended-ev)',
  SuspendedEVSE: 'var(--suspended-evse)',
  EVConnected: 'var(--occupied)',
  Idle: 'var(--unavailable)',
};

/** Lanes under each other on one axis of time; the two clocks of station and server apart. */
export function TimelineDrawing(props: Drawing) {
  const { width, timeline, series, links, missing, deciding, token } = props;
  const words = useWords(sessionWords);
  const status: Readonly<Record<string, string>> = useWords(statusWords);
  const left = width < 520 ? 76 : 118;
  const length = Math.max(1000, timeline.to - timeline.from);
  const x: Scale = (at) => left + 4 + ((at - timeline.from) / length) * (width - left - 12);
  const lanes = ['link', 'authorized', 'cable', 'state'] as const;
  const powerTop = TOP + lanes.length * LANE;
  const happenedTop = powerTop + POWER;
  const height = happenedTop + 2 * LANE + 8;
  const label = (name: keyof typeof words.lanes, y: number): ReactNode => (
    <g key={name}>
      <path className="ax" d={`M0 ${y}H${width}`} />
      <text className="t n" x="0" y={y + 17} fontWeight="600">
        {words.lanes[name][0]}
      </text>
      <text className="n" x="0" y={y + 31}>
        {name === 'authorized' && token !== undefined ? `…${token}` : words.lanes[name][1]}
      </text>
    </g>
  );
  return (
    <svg width={width} height={height} role="img" aria-label={words.happenedWhen}>
      <Axis x={x} from={timeline.from} to={timeline.to} left={left} width={width} height={height} />
      {lanes.map((name, index) => label(name, TOP + index * LANE))}
      {label('power', powerTop)}
      {label('happened', happenedTop)}
      {label('arrived', happenedTop + LANE)}
      {deciding !== null && <path d={`M${x(deciding)} ${TOP}V${height}`} stroke="var(--faulted)" strokeWidth="4" opacity=".35" />}
      <Links x={x} y={TOP + 10} links={links} />
      {timeline.authorized.map((stretch) => (
        <Bar
          key={stretch.from}
          x={x}
          y={TOP + LANE + 10}
          stretch={stretch}
          colour={stretch.kind === 'accepted' ? 'var(--ok)' : 'var(--faulted)'}
          text={words[stretch.kind]}
        />
      ))}
      {timeline.cable.map((stretch) => (
        <Bar key={stretch.from} x={x} y={TOP + 2 * LANE + 10} stretch={stretch} colour="var(--occupied)" text={words.plugged} />
      ))}
      {timeline.states.map((stretch) => (
        <Bar
          key={stretch.from}
          x={x}
          y={TOP + 3 * LANE + 10}
          stretch={stretch}
          colour={COLOURS[stretch.kind] ?? 'var(--unavailable)'}
          text={`${status[stretch.kind] ?? stretch.kind} ${span((stretch.to - stretch.from) / 1000)}`}
        />
      ))}
      <PowerCurve x={x} y={powerTop} series={series} left={left} />
      <Ticks x={x} y={happenedTop + 8} ticks={timeline.happened} missing={missing} numbers />
      <Ticks x={x} y={happenedTop + LANE + 8} ticks={timeline.arrived} missing={[]} numbers={false} />
    </svg>
  );
}

function Axis({ x, from, to, left, width, height }: { x: Scale; from: number; to: number; left: number; width: number; height: number }) {
  const most = Math.max(1, Math.floor((width - left) / STEP_PX));
  const step = (STEPS.find((seconds) => (to - from) / 1000 / seconds <= most) ?? 86_400) * 1000;
  const marks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) marks.push(at);
  return (
    <>
      {marks.map((at) => (
        <g key={at}>
          <path className="ax" d={`M${x(at)} ${TOP}V${height}`} strokeDasharray="1 3" />
          <text x={x(at)} y={13} textAnchor="middle">
            {new Date(at).toLocaleTimeString('en-GB', {
              hour: '2-digit',
              minute: '2-digit',
              ...(step < 60_000 ? { second: '2-digit' } : {}),
            })}
          </text>
        </g>
      ))}
    </>
  );
}

/** Seven pixels a letter: whether a word has room in its bar. */
const hasRoom = (text: string, pixels: number): boolean => text.length * 6.2 + 10 <= pixels;

function Bar({ x, y, stretch, colour, text }: { x: Scale; y: number; stretch: Stretch; colour: string; text: string }) {
  const from = x(stretch.from);
  const pixels = Math.max(2, x(stretch.to) - from);
  return (
    <g>
      <title>{text}</title>
      <rect x={from} y={y} width={pixels} height={BAR} rx="2" fill={colour} fillOpacity=".2" stroke={colour} />
      {hasRoom(text, pixels) && (
        <text className="t n" x={from + 6} y={y + 14}>
          {text}
        </text>
      )}
    </g>
  );
}

function Links({ x, y, links }: { x: Scale; y: number; links: Drawing['links'] }) {
  const words = useWords(sessionWords);
  return (
    <>
      {links.map((link, index) => {
        const next = links[index + 1];
        const gap = next === undefined ? undefined : { from: link.to, to: next.from, kind: 'gap' };
        const gone = gap === undefined ? '' : words.offlineFor(span((gap.to - gap.from) / 1000), link.code);
        return (
          <g key={link.from}>
            <Bar x={x} y={y} stretch={link} colour="var(--available)" text={words.connected} />
            {gap !== undefined && (
              <g>
                <title>{gone}</title>
                <rect
                  x={x(gap.from)}
                  y={y}
                  width={Math.max(2, x(gap.to) - x(gap.from))}
                  height={BAR}
                  fill="var(--surface)"
                  stroke="var(--line-strong)"
                  strokeDasharray="3 2"
                />
                {hasRoom(gone, x(gap.to) - x(gap.from)) && (
                  <text className="t n" x={x(gap.from) + 6} y={y + 14}>
                    {gone}
                  </text>
                )}
              </g>
            )}
          </g>
        );
      })}
    </>
  );
}

function PowerCurve({ x, y, series, left }: { x: Scale; y: number; series: readonly Point[]; left: number }) {
  const most = Math.max(1000, ...series.flatMap(({ powerW, offeredW }) => [powerW ?? 0, offeredW ?? 0]));
  const scale = (watts: number): number => y + POWER - 8 - (watts / most) * (POWER - 26);
  const points = (read: (point: Point) => number | null): string =>
    series
      .flatMap((point) => (read(point) === null ? [] : `${x(Date.parse(point.at)).toFixed(1)} ${scale(read(point) ?? 0).toFixed(1)}`))
      .join('L');
  const power = points(({ powerW }) => powerW);
  const offered = points(({ offeredW }) => offeredW);
  return (
    <g>
      <text className="n" x={left} y={scale(most) + 4} textAnchor="end">
        {Math.round(most / 1000)}
      </text>
      <text className="n" x={left} y={scale(0) + 4} textAnchor="end">
        0
      </text>
      {power !== '' && <path d={`M${power}`} fill="none" stroke="var(--power)" strokeWidth="2" />}
      {offered !== '' && <path d={`M${offered}`} fill="none" stroke="var(--limit)" strokeWidth="1.5" strokeDasharray="6 4" />}
    </g>
  );
}

/** Numbers stand where they have room; what is missing stands between its neighbours, in red, with the word. */
const NUMBER_PX = 18;

function Ticks({
  x,
  y,
  ticks,
  missing,
  numbers,
}: {
  x: Scale;
  y: number;
  ticks: readonly Tick[];
  missing: readonly number[];
  numbers: boolean;
}) {
  const words = useWords(sessionWords);
  const first = missing[0];
  const before = ticks.findLast(({ seqNo }) => first !== undefined && seqNo < first);
  const after = ticks.find(({ seqNo }) => seqNo > (missing.at(-1) ?? Number.POSITIVE_INFINITY));
  const named = withRoom(ticks, x);
  return (
    <g>
      {ticks.map(({ at, seqNo, late }) => (
        <g key={seqNo}>
          <title>{`seqNo ${seqNo}${late ? `, ${words.late}` : ''}`}</title>
          <path d={`M${x(at)} ${y}v13`} stroke={late ? 'var(--pending)' : 'var(--text)'} strokeWidth="2" />
          {numbers && named.has(seqNo) && (
            <text className="n" x={x(at)} y={y + 25} textAnchor="middle">
              {seqNo}
            </text>
          )}
        </g>
      ))}
      {before !== undefined && after !== undefined && (
        <g>
          <title>{`${missing.join(', ')} ${words.missing}`}</title>
          <rect
            x={x(before.at) + 4}
            y={y}
            width={Math.max(4, x(after.at) - x(before.at) - 8)}
            height="13"
            fill="none"
            stroke="var(--faulted)"
            strokeDasharray="3 2"
          />
        </g>
      )}
    </g>
  );
}

function withRoom(ticks: readonly Tick[], x: Scale): ReadonlySet<number> {
  const named = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  for (const { at, seqNo } of ticks) {
    if (x(at) - last < NUMBER_PX) continue;
    named.add(seqNo);
    last = x(at);
  }
  return named;
}
