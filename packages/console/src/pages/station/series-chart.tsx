import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { useLanguage } from '../../words/language.ts';
import type { Point } from './series.ts';

type View = 'power' | 'current';

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const kilo = (value: number | null): number | null => (value === null ? null : value / 1000);

function dataOf(series: readonly Point[], view: View): UPlot.AlignedData {
  const times = series.map(({ at }) => Date.parse(at) / 1000);
  const column = (read: (point: Point) => number | null): (number | null)[] => series.map(read);
  return view === 'power'
    ? [times, column(({ powerW }) => kilo(powerW)), column(({ offeredW }) => kilo(offeredW)), column(({ socPercent }) => socPercent)]
    : [times, column(({ currentA }) => currentA), column(({ voltageV }) => voltageV)];
}

/** With seconds while the curve is younger than ten minutes. */
const clockOf = (second: number, wide: number): string =>
  new Date(second * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...(wide < 600 ? { second: '2-digit' } : {}) });

/** Power solid, its limit dashed, the state of charge dotted: told apart without colour. */
function optionsOf(view: View, width: number): UPlot.Options {
  const axis = { stroke: colour('--dim'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
  const lines: readonly UPlot.Series[] =
    view === 'power'
      ? [
          { label: 'kW', scale: 'y', stroke: colour('--power'), fill: colour('--fill'), width: 2, points: { show: false }, spanGaps: true },
          { label: 'limit kW', scale: 'y', stroke: colour('--limit'), dash: [6, 4], width: 1.5, points: { show: false }, spanGaps: true },
          { label: 'SoC %', scale: 'soc', stroke: colour('--soc'), dash: [2, 3], width: 1.5, points: { show: false }, spanGaps: true },
        ]
      : [
          { label: 'A', scale: 'y', stroke: colour('--power'), width: 2, points: { show: false }, spanGaps: true },
          { label: 'V', scale: 'soc', stroke: colour('--soc'), dash: [2, 3], width: 1.5, points: { show: false }, spanGaps: true },
        ];
  return {
    width,
    height: 240,
    series: [{}, ...lines],
    axes: [
      {
        ...axis,
        values: (plot, splits) => splits.map((second) => clockOf(second, (plot.scales['x']?.max ?? 0) - (plot.scales['x']?.min ?? 0))),
      },
      { ...axis, scale: 'y' },
      { ...axis, scale: 'soc', side: 1, grid: { show: false } },
    ],
    scales: {
      y: { range: (_plot, _low, high) => [0, Math.max(1, (high ?? 1) * 1.1)] },
      soc:
        view === 'power'
          ? { range: [0, 100] }
          : { range: (_plot, low, high) => [Math.max(0, (low ?? 0) * 0.95), Math.max(1, (high ?? 1) * 1.05)] },
    },
    legend: { show: false },
    padding: [8, 8, 0, 0],
  };
}

export function SeriesChart({ series, view, label }: { series: readonly Point[]; view: View; label: string }) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const scheme = useComputedColorScheme();
  const language = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: data follow in their own effect; a plot is made anew for a view, a theme, a language
  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const made = new UPlot(optionsOf(view, element.clientWidth), dataOf(series, view), element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: 240 }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [view, scheme, language]);
  useEffect(() => plot.current?.setData(dataOf(series, view)), [series, view]);
  return <div ref={holder} role="img" aria-label={label} />;
}
