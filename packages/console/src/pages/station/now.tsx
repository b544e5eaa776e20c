import { useParams } from '@tanstack/react-router';
import { useRow } from '../../live/fleet-store.ts';
import { Commands } from './commands.tsx';
import { Connectors } from './connectors.tsx';
import { Happened } from './happened.tsx';
import { LinkStrip } from './link-strip.tsx';
import { RunningSession } from './running-session.tsx';

/** What the station does at this moment, and what can be done with it. */
export function NowSection() {
  const { stationId } = useParams({ from: '/stations/$stationId' });
  const row = useRow(stationId);
  if (row === undefined) return null;
  const running = row.connectors.filter(({ transactionId }) => transactionId !== null);
  return (
    <div className="sides">
      <div className="stack">
        {running.map((connector) => (
          <RunningSession key={connector.transactionId} stationId={stationId} connector={connector} />
        ))}
        <Connectors row={row} />
        <LinkStrip stationId={stationId} connected={row.connected} />
      </div>
      <aside>
        <Commands row={row} />
        <Happened stationId={stationId} />
      </aside>
    </div>
  );
}
