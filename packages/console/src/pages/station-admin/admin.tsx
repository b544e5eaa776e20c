import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { Failed } from '../../design/failed.tsx';
import { stream } from '../../live/stream.ts';
import { Approval } from './approval.tsx';
import { Automations, Leniencies } from './behaviour.tsx';
import { ConnectionHistory } from './connection-history.tsx';
import { Facts } from './facts.tsx';
import { Hardware } from './hardware.tsx';
import { Password } from './password.tsx';
import { ProfileUpgrade } from './profile-upgrade.tsx';
import { SecurityEvents } from './security-events.tsx';

/** Who the station is, what is asked of it, and how it gets out again. */
export function AdminSection() {
  const { stationId } = useParams({ from: '/stations/$stationId' });
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['station', stationId],
    queryFn: () => api.get('/stations/:stationId', { params: { stationId } }),
  });
  useEffect(() => {
    const again = (event: { readonly stationId: string }): void => {
      if (event.stationId === stationId) void client.invalidateQueries({ queryKey: ['station', stationId] });
    };
    const offStation = stream.on('station', again);
    const offJob = stream.on('job', again);
    const offSecurity = stream.on('security', again);
    return () => {
      offStation();
      offJob();
      offSecurity();
    };
  }, [client, stationId]);
  if (data === undefined) return <Failed error={error} again={() => void refetch()} />;
  return (
    <div className="sides">
      <div className="stack">
        <Facts key={`${data.serialNumber} ${data.site} ${data.securityProfile}`} station={data} />
        <ConnectionHistory stationId={stationId} />
        <SecurityEvents stationId={stationId} />
      </div>
      <aside>
        <Approval station={data} />
        <Password station={data} />
        <ProfileUpgrade station={data} />
        <Automations station={data} />
        <Leniencies station={data} />
        <Hardware station={data} />
      </aside>
    </div>
  );
}
