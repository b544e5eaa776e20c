import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { useRow } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { addWords } from './add-words.ts';
import { forgetPassword } from './fresh-passwords.ts';
import { PutThis } from './put-this.tsx';
import { Refused, useAlike } from './refused.tsx';
import { Steps } from './steps.tsx';

/** Waits with the person at the station: what to type, what arrives, what was wrong with it. */
export function WaitingPage() {
  const words = useWords(addWords);
  const { stationId } = useParams({ from: '/fleet/add/$stationId' });
  const row = useRow(stationId);
  const { data: server } = useQuery({ queryKey: ['server'], queryFn: () => api.get('/server') });
  const refused = useAlike(stationId);
  useEffect(() => () => forgetPassword(stationId), [stationId]);
  const booted = row !== undefined && row.registration !== null;
  const connected = row?.connected === true;
  const attempts = refused.reduce((sum, { times }) => sum + times, 0);
  return (
    <>
      <div className="s dim">
        <Link to="/fleet">{words.fleet}</Link> / {words.title}
      </div>
      <h1>
        {stationId}{' '}
        <span className="dim" style={{ fontWeight: 400 }}>
          {connected ? words.connectedNow : words.waits}
        </span>
      </h1>
      <Steps at={booted ? 4 : connected ? 3 : 2} />
      <div className="halves">
        <PutThis stationId={stationId} url={server?.secureOcppUrl ?? server?.ocppUrl ?? null} />
        <div className="stack">
          <section className={`note ${connected ? 'ok' : 'pend'}`} role="status">
            <p style={{ fontSize: 16, lineHeight: '23px' }}>
              <b>{connected ? words.there : words.notYet}</b>{' '}
              {connected
                ? booted
                  ? row.registration === 'Accepted'
                    ? words.booted([row.vendorName, row.model].filter(Boolean).join(' '))
                    : words.pending
                  : words.bootWaits
                : attempts === 0
                  ? words.nothingCame
                  : words.trying(attempts)}
            </p>
            {connected && (
              <Link to="/stations/$stationId" params={{ stationId }}>
                {words.open}
              </Link>
            )}
          </section>
          <Refused stationId={stationId} refused={refused} />
        </div>
      </div>
    </>
  );
}
