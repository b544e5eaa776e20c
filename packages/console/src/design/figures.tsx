import { exactTime, type Figure, span } from '../words/figures.ts';
import { useNow } from '../words/now.ts';

export const Value = ({ of: { value, unit } }: { of: Figure }) => (
  <span className="nw">
    {value}
    <span className="u">{unit}</span>
  </span>
);

/** How long ago; the exact time on hover and for screen readers. */
export function Ago({ at, none = '' }: { at: string | null; none?: string }) {
  const now = useNow();
  if (at === null) return <span className="dim">{none}</span>;
  return (
    <time dateTime={at} title={exactTime(at)} className="nw">
      {span((now - Date.parse(at)) / 1000)}
    </time>
  );
}
