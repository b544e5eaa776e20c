import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import { useWords } from '../../words/language.ts';
import { SessionRows } from './session-rows.tsx';
import { sessionsWords } from './sessions-words.ts';

export function SessionPage() {
  const words = useWords(sessionsWords);
  const { stationId, transactionId } = useParams({ from: '/sessions/$stationId/$transactionId' });
  const params = { stationId, transactionId };
  const { data } = useQuery({
    queryKey: ['transaction', stationId, transactionId],
    queryFn: () => api.get('/transactions/:stationId/:transactionId', { params }),
  });
  return (
    <>
      <div className="s dim">
        <Link to="/sessions">{words.title}</Link> /{' '}
        <Link to="/stations/$stationId" params={{ stationId }}>
          {stationId}
        </Link>
      </div>
      <h1 className="mono">{transactionId}</h1>
      {data !== undefined && <SessionRows rows={[data]} withStation />}
    </>
  );
}
