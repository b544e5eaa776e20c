import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import { callStation } from '../../api/command.ts';
import type { Question } from '../../design/ask.tsx';
import type { IncidentRow } from '../../live/fleet-store.ts';
import { useWords } from '../../words/language.ts';
import { suggestionWords } from './suggestion-words.ts';

/** What the button of an incident does: goes somewhere, or asks first when energy or trust is touched. */
export function useSuggestion(ask: (question: Question) => void): {
  readonly run: (incident: IncidentRow) => void;
  readonly open: (incident: IncidentRow) => void;
} {
  const navigate = useNavigate();
  const words = useWords(suggestionWords);
  const open = ({ stations: [stationId = ''], transactionId }: IncidentRow): void =>
    void (transactionId === null
      ? navigate({ to: '/stations/$stationId', params: { stationId } })
      : navigate({ to: '/sessions/$stationId/$transactionId', params: { stationId, transactionId } }));

  const availability = (id: string, operationalStatus: 'Operative' | 'Inoperative', detail: IncidentRow['detail']): Question => {
    const evseId = Number(detail['evseId'] ?? 0);
    const whole = evseId === 0 || Number(detail['connectors'] ?? 1) > 1;
    const said = operationalStatus === 'Inoperative' ? words.takeOut(id) : words.putBack(id);
    return {
      ...said,
      run: async () => {
        const end = await callStation(id, 'ChangeAvailability', { operationalStatus, ...(whole ? {} : { evse: { id: evseId } }) });
        if (!end.good) throw new Error(`${id}: ${end.word}. ${end.detail}`);
        notifications.show({ message: `${id}: ${end.word}` });
      },
    };
  };

  const run = (incident: IncidentRow): void => {
    const [id = ''] = incident.stations;
    const params = { stationId: id };
    switch (incident.suggestion) {
      case 'takeOutOfService':
        return ask(availability(id, 'Inoperative', incident.detail));
      case 'putBack':
        return ask(availability(id, 'Operative', incident.detail));
      case 'setPassword':
        return ask({
          ...words.password(id),
          run: async () => {
            const answer = await api.put('/stations/:stationId/password', { params, body: {} });
            notifications.show({ message: words.newPassword(id, passwordOf(answer)), autoClose: false });
          },
        });
      case 'approve':
        return ask({ ...words.approve(id), run: async () => void (await api.post('/stations/:stationId/accept', { params })) });
      case 'renewCertificate':
        return ask({
          ...words.renew(id),
          run: async () => void (await api.post('/stations/:stationId/renew-certificate', { params, body: {} })),
        });
      case 'addStation':
        return void navigate({ to: '/fleet/add', search: { id } });
      case 'openStation':
      case 'openSession':
      case 'openMessages':
        return open(incident);
    }
  };
  return { run, open };
}

const passwordOf = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'password' in answer ? String(answer.password) : '';
