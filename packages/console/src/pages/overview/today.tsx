import { Value } from '../../design/figures.tsx';
import { type Figures, useFleet } from '../../live/fleet-store.ts';
import { count, decimal, energyRough, power } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { overviewWords } from './overview-words.ts';

export function Today({ figures }: { figures: Figures | undefined }) {
  const words = useWords(overviewWords);
  const rows = useFleet().filter(({ virtual }) => virtual === (figures?.counts === 'virtual'));
  const watts = rows.reduce((sum, row) => sum + (row.powerW ?? 0), 0);
  const running = rows.flatMap(({ connectors }) => connectors.filter(({ transactionId }) => transactionId !== null));
  const soFar = energyRough(running.reduce((sum, { energyWh }) => sum + (energyWh ?? 0), 0));
  const today = figures?.today;
  return (
    <aside aria-label={words.today}>
      <section>
        <h2>{words.powerNow}</h2>
        <div style={{ fontSize: 26, lineHeight: '34px', fontWeight: 600 }}>
          <Value of={power(watts)} />
        </div>
        <p className="s dim">{words.sessions(running.length, `${soFar.value} ${soFar.unit}`)}</p>
      </section>
      {today !== undefined && figures !== undefined && (
        <section style={{ borderTop: '1px solid var(--line)', paddingTop: 12 }}>
          <h2>{words.today}</h2>
          <dl className="dl" style={{ marginTop: 6 }}>
            <dt>{words.ended}</dt>
            <dd>{count(today.ended)}</dd>
            <dt>{words.energy}</dt>
            <dd>
              <Value of={energyRough(today.energyWh)} />
            </dd>
            <dt>{words.final}</dt>
            <dd>{count(today.final)}</dd>
            <dt>{words.provisional}</dt>
            <dd>{count(today.provisional)}</dd>
            <dt>{words.stationsConnected}</dt>
            <dd>
              {figures.stations === 0 ? '' : <Value of={{ value: decimal((figures.connected / figures.stations) * 100, 1), unit: '%' }} />}
            </dd>
          </dl>
        </section>
      )}
    </aside>
  );
}
