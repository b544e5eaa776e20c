import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { useWords } from '../../words/language.ts';
import type { SessionDetail } from './session-data.ts';
import { Bill } from './session-rows.tsx';
import { sessionWords } from './session-words.ts';

/** Exact lines of the price, and whether what the meter signed holds. */
export function BillPanel({ session }: { session: SessionDetail }) {
  const words = useWords(sessionWords);
  const { stationId, transactionId, cost, reason, state } = session;
  const { data: signed } = useQuery({
    queryKey: ['signed', stationId, transactionId],
    queryFn: () => api.get('/transactions/:stationId/:transactionId/signed-meter-values', { params: { stationId, transactionId } }),
    enabled: state === 'ended',
  });
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.bill}</h2>
        <Bill session={session} />
      </div>
      <div className="pb">
        {cost === null ? (
          <p className="s dim">{words.noTariff}</p>
        ) : (
          <dl className="dl">
            {cost.lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a price have no other name
              <div key={index} style={{ display: 'contents' }}>
                <dt>
                  {words.lines[line.kind]} <span className="s">{line.quantity === null ? '' : `${line.quantity} ${line.unit}`}</span>
                </dt>
                <dd>
                  {line.amount ?? ''}
                  <span className="u">{cost.currency}</span>
                </dd>
              </div>
            ))}
            <dt>
              <b>{words.sum}</b>
            </dt>
            <dd>
              <b>{cost.total ?? '?'}</b>
              <span className="u">{cost.currency}</span>
            </dd>
          </dl>
        )}
        <p className="s dim" style={{ marginTop: 8 }}>
          {reason}
        </p>
        {signed?.state != null && (
          <p className="s" style={{ marginTop: 4 }}>
            {words.signedValues}:{' '}
            <span className={`tag ${signed.state === 'valid' ? 'ok' : signed.state === 'invalid' ? 'bad' : 'warn'}`}>
              {words.signed[signed.state]}
            </span>
          </p>
        )}
      </div>
    </section>
  );
}
