import { Button, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Status } from '../../design/status.tsx';
import { useRow } from '../../live/fleet-store.ts';
import { decimal } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import type { Virtual } from './virtual.tsx';
import { virtualWords } from './virtual-words.ts';

type Verb = 'plug' | 'unplug' | 'presentToken' | 'lock' | 'injectFault' | 'clearFault' | 'cutPower' | 'restorePower' | 'link' | 'evStop';
type Act = (verb: Verb, body?: Record<string, unknown>) => void;

const CARD = { type: 'ISO14443', idToken: 'VIRTUAL7C02A1' };
const BLOCKED = { type: 'ISO14443', idToken: 'VIRTUALBLOCKED' };

/** A simulated station with the hands one has at a real one. */
export function VirtualCard({ station: { stationId, kind, drivers }, may }: { station: Virtual; may: boolean }) {
  const words = useWords(virtualWords);
  const client = useQueryClient();
  const row = useRow(stationId);
  const [said, setSaid] = useState('');
  const [question, ask] = useState<Question | undefined>();
  const act: Act = (verb, body = {}) => {
    setSaid('');
    api
      .post('/virtual/:stationId/:verb', { params: { stationId, verb }, body })
      .catch((error: unknown) => setSaid(error instanceof Error ? error.message : String(error)));
  };
  const remove = async (): Promise<void> => {
    await api.delete('/virtual/:stationId', { params: { stationId } });
    await client.invalidateQueries({ queryKey: ['virtual'] });
  };
  const evses = [...new Set((row?.connectors ?? []).map(({ evseId }) => evseId))];
  return (
    <article className="panel">
      <div className="ph">
        <div>
          <Link to="/stations/$stationId" params={{ stationId }} className="b">
            {stationId}
          </Link>{' '}
          <span className="s dim">
            {words.kinds[kind]}
            {drivers && `, ${words.by}`}
          </span>
        </div>
        {row !== undefined && !row.connected && <Status of="Offline" />}
      </div>
      {(evses.length === 0 ? [1] : evses).map((evse) => (
        <div key={evse} className="pb evse">
          <div className="row between">
            <b>{words.evse(evse)}</b>
            {(row?.connectors ?? [])
              .filter(({ evseId }) => evseId === evse)
              .map(({ connectorId, state, powerW }) => (
                <span key={connectorId}>
                  <Status of={state} /> {powerW !== null && powerW > 0 && `${decimal(powerW / 1000, 1)} kW`}
                </span>
              ))}
          </div>
          <div className="row wrap" style={{ marginTop: 8 }}>
            <Button disabled={!may} onClick={() => act('plug', { evse })}>
              {words.plug}
            </Button>
            <Button disabled={!may} onClick={() => act('presentToken', { evse, ...CARD })}>
              {words.swipe}
            </Button>
            <Button disabled={!may} onClick={() => act('unplug', { evse })}>
              {words.unplug}
            </Button>
            <Faults act={act} evse={evse} may={may} />
          </div>
        </div>
      ))}
      <div className="pb row between" style={{ borderTop: '1px solid var(--line)' }}>
        <span className="s" role="status">
          {said}
        </span>
        <Button disabled={!may} onClick={() => ask({ ...words.removeAsk(stationId), danger: true, run: remove })}>
          {words.remove}
        </Button>
      </div>
      <Ask question={question} close={() => ask(undefined)} />
    </article>
  );
}

function Faults({ act, evse, may }: { act: Act; evse: number; may: boolean }) {
  const words = useWords(virtualWords);
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button variant="outline" color="red" disabled={!may}>
            {words.break}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => act('injectFault', { evse, code: 'ground-fault' })}>{words.faults.groundFault}</Menu.Item>
          <Menu.Item onClick={() => act('lock', { evse, state: 'stuck' })}>{words.faults.lockStuck}</Menu.Item>
          <Menu.Item onClick={() => act('evStop', { evse })}>{words.faults.carStops}</Menu.Item>
          <Menu.Item onClick={() => act('link', { state: 'down' })}>{words.faults.linkDown}</Menu.Item>
          <Menu.Item onClick={() => act('cutPower')}>{words.faults.powerCut}</Menu.Item>
          <Menu.Item onClick={() => act('presentToken', { evse, ...BLOCKED })}>{words.swipeBlocked}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Menu>
        <Menu.Target>
          <Button disabled={!may}>{words.mend}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => act('clearFault', { evse })}>{words.mends.clear}</Menu.Item>
          <Menu.Item onClick={() => act('lock', { evse, state: 'ok' })}>{words.mends.lockOk}</Menu.Item>
          <Menu.Item onClick={() => act('link', { state: 'up' })}>{words.mends.linkUp}</Menu.Item>
          <Menu.Item onClick={() => act('restorePower')}>{words.mends.powerBack}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
