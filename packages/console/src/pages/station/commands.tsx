import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type CommandEnd, callStation } from '../../api/command.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import type { Row } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { Result } from './connectors.tsx';
import { stationWords } from './station-words.ts';

/** What one does most often with a whole station. */
export function Commands({ row }: { row: Row }) {
  const words = useWords(stationWords);
  const may = useMay('installer') && row.connected;
  const [question, ask] = useState<Question | undefined>();
  const [end, setEnd] = useState<CommandEnd | undefined>();
  const call = async (action: string, body: Record<string, unknown>): Promise<void> => setEnd(await callStation(row.id, action, body));
  const sessions = row.connectors.filter(({ transactionId }) => transactionId !== null).length;
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.commands}</h2>
      </div>
      <div className="pb" style={{ display: 'grid', gap: 6 }}>
        <Button disabled={!may} onClick={() => void call('Reset', { type: 'OnIdle' })}>
          {words.resetIdle}
        </Button>
        <Button
          disabled={!may}
          variant="outline"
          color="red"
          onClick={() => ask({ ...words.ask.resetNow(row.id, sessions), danger: true, run: () => call('Reset', { type: 'Immediate' }) })}
        >
          {words.resetNow}
        </Button>
        <Button disabled={!may} onClick={() => void call('TriggerMessage', { requestedMessage: 'StatusNotification' })}>
          {words.askStatus}
        </Button>
        <Link to="/send" search={{ stationId: row.id }} className="btn">
          {words.sendMessage}
        </Link>
      </div>
      <div className="pb" style={{ borderTop: '1px solid var(--line)' }}>
        {end === undefined ? <span className="s dim">{words.whatNext}</span> : <Result end={end} />}
      </div>
      <Ask question={question} close={() => ask(undefined)} />
    </section>
  );
}
