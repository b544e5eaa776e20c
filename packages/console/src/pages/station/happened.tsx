import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { endOf } from '../../api/command.ts';
import { stream } from '../../live/stream.ts';
import { dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { stationWords } from './station-words.ts';

const SHOWN = 8;

interface Sent {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly actor: string;
  readonly word: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const sentOf = (answer: unknown): readonly Sent[] =>
  (Array.isArray(answer) ? answer : []).filter(isRecord).map((command) => ({
    id: String(command['commandId']),
    at: String(command['createdAt']),
    action: String(command['action']),
    actor: String(command['actor']),
    word: endOf(command).word,
  }));

/** The newest messages that somebody here sent to the station. */
export function Happened({ stationId }: { stationId: string }) {
  const words = useWords(stationWords);
  const client = useQueryClient();
  const { data = [] } = useQuery({
    queryKey: ['commands', stationId],
    queryFn: async () => sentOf(await api.get('/stations/:stationId/commands', { params: { stationId }, query: { limit: SHOWN } })),
  });
  useEffect(
    () =>
      stream.on(
        'command',
        (event) => event.stationId === stationId && void client.invalidateQueries({ queryKey: ['commands', stationId] }),
      ),
    [client, stationId],
  );
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.changes}</h2>
      </div>
      <div className="pb">
        {data.length === 0 && <p className="s dim">{words.noChanges}</p>}
        <ul className="bare">
          {data.map(({ id, at, action, actor, word }) => (
            <li key={id} className="s" style={{ padding: '2px 0' }}>
              <span className="dim">{dayAndTime(at)}</span> {action} <b>{word}</b> <span className="dim">{actor}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
