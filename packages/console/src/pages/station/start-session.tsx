import { Button, Group, Modal, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type CommandEnd, callStation } from '../../api/command.ts';
import { designWords } from '../../design/design-words.ts';
import type { Row } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { stationWords } from './station-words.ts';

type Connector = Row['connectors'][number];

interface Props {
  readonly stationId: string;
  readonly connector: Connector | undefined;
  readonly close: () => void;
  readonly say: (connector: Connector, end: CommandEnd) => void;
}

const tokensOf = (answer: unknown): readonly { type: string; idToken: string }[] =>
  Array.isArray(answer) ? answer.map((token: { type: string; idToken: string }) => ({ type: token.type, idToken: token.idToken })) : [];

/** Somebody has to pay: a session is started for a token (F01, F02). */
export function StartSession({ stationId, connector, close, say }: Props) {
  const words = useWords(stationWords);
  const general = useWords(designWords);
  const { data = [] } = useQuery({
    queryKey: ['tokens', 'choice'],
    queryFn: async () => tokensOf(await api.get('/tokens', { query: { limit: 500 } })),
    enabled: connector !== undefined,
  });
  const [chosen, setChosen] = useState<string | null>(null);
  const run = async (): Promise<void> => {
    const token = data.find(({ idToken }) => idToken === chosen);
    if (connector === undefined || token === undefined) return;
    close();
    say(
      connector,
      await callStation(stationId, 'RequestStartTransaction', {
        evseId: connector.evseId,
        idToken: { idToken: token.idToken, type: token.type },
      }),
    );
  };
  const said = words.ask.start(`${stationId}, EVSE ${connector?.evseId ?? ''}`);
  return (
    <Modal opened={connector !== undefined} onClose={close} title={said.title}>
      <p>{said.text}</p>
      <Select
        mt="sm"
        label={words.tokenToCharge}
        searchable
        limit={50}
        value={chosen}
        onChange={setChosen}
        data={data.map(({ idToken, type }) => ({ value: idToken, label: `${idToken} (${type})` }))}
      />
      <Group justify="flex-end" mt="md">
        <Button onClick={close}>{general.cancel}</Button>
        <Button variant="filled" disabled={chosen === null} onClick={() => void run()}>
          {said.button}
        </Button>
      </Group>
    </Modal>
  );
}
