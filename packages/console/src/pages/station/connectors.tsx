import { Button } from '@mantine/core';
import { useState } from 'react';
import { type CommandEnd, callStation } from '../../api/command.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Ago, Value } from '../../design/figures.tsx';
import { Status } from '../../design/status.tsx';
import type { Row } from '../../live/fleet-store.ts';
import { power } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { StartSession } from './start-session.tsx';
import { stationWords } from './station-words.ts';

type Connector = Row['connectors'][number];
const keyOf = ({ evseId, connectorId }: Connector): string => `${evseId}.${connectorId}`;

/** Each connector with its state and what can be done with it; the answer stays beside it until the next one. */
export function Connectors({ row }: { row: Row }) {
  const words = useWords(stationWords);
  const [question, ask] = useState<Question | undefined>();
  const [starting, setStarting] = useState<Connector | undefined>();
  const [results, setResults] = useState<Readonly<Record<string, CommandEnd>>>({});
  const say = (connector: Connector, end: CommandEnd): void => setResults((before) => ({ ...before, [keyOf(connector)]: end }));
  if (row.connectors.length === 0) return <div className="panel pb dim">{words.noConnectors}</div>;
  return (
    <section className="panel scroll-x" tabIndex={0} aria-label={words.connector}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.connector}</th>
            <th scope="col">{words.state}</th>
            <th scope="col" className="r">
              {words.power}
            </th>
            <th scope="col" className="r">
              {words.commands}
            </th>
          </tr>
        </thead>
        <tbody>
          {row.connectors.map((connector) => (
            <tr key={keyOf(connector)}>
              <td className="nw">
                EVSE {connector.evseId}
                <span className="dim">, {connector.connectorId}</span>
              </td>
              <td>
                <Status of={connector.state} />{' '}
                <span className="s dim nw">
                  {words.since} <Ago at={connector.since} />
                </span>
              </td>
              <td className="r">{connector.powerW === null ? '' : <Value of={power(connector.powerW)} />}</td>
              <td>
                <ConnectorCommands id={row.id} connected={row.connected} connector={connector} say={say} ask={ask} start={setStarting} />
                <Result end={results[keyOf(connector)]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Ask question={question} close={() => ask(undefined)} />
      <StartSession stationId={row.id} connector={starting} close={() => setStarting(undefined)} say={say} />
    </section>
  );
}

export function Result({ end }: { end: CommandEnd | undefined }) {
  if (end === undefined) return null;
  return (
    <div className="s r" role="status">
      <b style={{ color: end.good ? 'var(--ok)' : 'var(--warn)' }}>{end.word}</b> {end.detail}
    </div>
  );
}

interface CommandsOf {
  readonly id: string;
  readonly connected: boolean;
  readonly connector: Connector;
  readonly say: (connector: Connector, end: CommandEnd) => void;
  readonly ask: (question: Question) => void;
  readonly start: (connector: Connector) => void;
}

function ConnectorCommands({ id, connected, connector, say, ask, start }: CommandsOf) {
  const words = useWords(stationWords);
  const may = useMay('installer') && connected;
  const { evseId, connectorId } = connector;
  const available = async (operationalStatus: 'Operative' | 'Inoperative'): Promise<void> =>
    say(connector, await callStation(id, 'ChangeAvailability', { operationalStatus, evse: { id: evseId } }));
  return (
    <div className="row" style={{ justifyContent: 'flex-end' }}>
      {connector.transactionId === null && connector.state !== 'Unavailable' && (
        <Button disabled={!may} onClick={() => start(connector)}>
          {words.start}
        </Button>
      )}
      <Button
        disabled={!may}
        onClick={() => void callStation(id, 'UnlockConnector', { evseId, connectorId }).then((end) => say(connector, end))}
      >
        {words.unlock}
      </Button>
      {connector.state === 'Unavailable' ? (
        <Button disabled={!may} onClick={() => void available('Operative')}>
          {words.putBack}
        </Button>
      ) : (
        <Button
          disabled={!may}
          onClick={() => ask({ ...words.ask.out(`${id}, EVSE ${evseId}`), danger: true, run: () => available('Inoperative') })}
        >
          {words.outOfService}
        </Button>
      )}
    </div>
  );
}
