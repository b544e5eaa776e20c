import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { clockTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import type { SessionDetail } from './session-data.ts';
import { sessionWords } from './session-words.ts';
import { rangesOf, type SessionEvent } from './timeline-model.ts';

/** Which events are there and which are not, what the station was asked, and the way out of a stuck one. */
export function LedgerPanel({ session, events }: { session: SessionDetail; events: readonly SessionEvent[] }) {
  const words = useWords(sessionWords);
  const may = useMay('operator');
  const client = useQueryClient();
  const [question, ask] = useState<Question | undefined>();
  const { stationId, transactionId, generation } = session;
  const missing = session.missingSeqNos ?? [];
  const ranges = rangesOf(events, missing);
  const close = async (reason: string): Promise<void> => {
    await api.post('/transactions/:stationId/:transactionId/close', {
      params: { stationId, transactionId },
      query: { generation },
      body: { reason },
    });
    await client.invalidateQueries({ queryKey: ['transaction', stationId, transactionId] });
  };
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.ledger}</h2>
      </div>
      <table className="c">
        <thead>
          <tr>
            <th scope="col">seqNo</th>
            <th scope="col" className="r">
              {words.state}
            </th>
          </tr>
        </thead>
        <tbody>
          {ranges.map(({ from, to, missing: gone }) => (
            <tr key={from}>
              <td>{from === to ? from : `${from} – ${to}`}</td>
              <td className="r" style={{ color: gone ? 'var(--faulted)' : 'var(--ok)' }}>
                {gone ? words.missing : words.stored}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="pb s" style={{ borderTop: '1px solid var(--line)' }}>
        <p>{words.counted(session.events, session.events + missing.length)}</p>
        {session.gapQueries.slice(-2).map(({ at, commandId, state }) => (
          <p key={commandId} className="dim">
            {words.askedAt(clockTime(at), state)}
          </p>
        ))}
        {session.anomalies.length > 0 && <p className="dim">{session.anomalies.join(', ')}</p>}
        {session.bill === 'provisional' && (
          <Button
            mt={8}
            disabled={!may}
            onClick={() => ask({ ...words.closeQuestion(transactionId.slice(0, 8)), reason: true, danger: true, run: close })}
          >
            {words.close}
          </Button>
        )}
      </div>
      <Ask question={question} close={() => ask(undefined)} />
    </section>
  );
}
