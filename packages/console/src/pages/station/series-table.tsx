import { clockTime, decimal } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import type { Point } from './series.ts';
import { stationWords } from './station-words.ts';

/** The newest of them: nobody reads 2,000 rows, the CSV has them all. */
const SHOWN = 50;

const shown = (value: number | null, digits: number): string => (value === null ? '' : decimal(value, digits));

/** The same as the curve, as text. */
export function SeriesTable({ series }: { series: readonly Point[] }) {
  const words = useWords(stationWords);
  return (
    <div className="scroll-x" style={{ maxHeight: 260, overflowY: 'auto' }} tabIndex={0} role="region" aria-label={words.table}>
      <table className="c">
        <thead>
          <tr>
            <th>{words.time}</th>
            <th className="r">{words.power} kW</th>
            <th className="r">{words.limit} kW</th>
            <th className="r">A</th>
            <th className="r">V</th>
            <th className="r">SoC %</th>
          </tr>
        </thead>
        <tbody>
          {series
            .slice(-SHOWN)
            .toReversed()
            .map((point) => (
              <tr key={point.at}>
                <td>{clockTime(point.at)}</td>
                <td className="r">{shown(point.powerW === null ? null : point.powerW / 1000, 1)}</td>
                <td className="r">{shown(point.offeredW === null ? null : point.offeredW / 1000, 1)}</td>
                <td className="r">{shown(point.currentA, 1)}</td>
                <td className="r">{shown(point.voltageV, 0)}</td>
                <td className="r">{shown(point.socPercent, 0)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
