import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { useIncidents } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { Counters } from './counters.tsx';
import { overviewWords } from './overview-words.ts';
import { Today } from './today.tsx';
import { Triage } from './triage.tsx';

/** Which stations are down and why, what charges, what to do: the first page of the day. */
export function OverviewPage() {
  const words = useWords(overviewWords);
  const incidents = useIncidents();
  const { data: figures } = useQuery({ queryKey: ['overview'], queryFn: () => api.get('/overview'), refetchInterval: 5000 });
  return (
    <>
      <div className="row between wrap">
        <h1>{words.title}</h1>
        <span className="dim s">{words.incidents(incidents.length)}</span>
      </div>
      {figures?.counts === 'virtual' && <div className="note info">{words.virtualOnly}</div>}
      <Counters figures={figures} />
      <div className="sides">
        <Triage incidents={incidents} />
        <Today figures={figures} />
      </div>
    </>
  );
}
