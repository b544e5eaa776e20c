import { Button } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { useWords } from '../../words/language.ts';
import { adminWords } from './admin-words.ts';
import { type OfStation, useAgain } from './station-view.ts';

const TONES = { unapproved: 'warn', approved: 'ok', rejected: 'bad', retired: 'bad' } as const;

export function Approval({ station: { id, approval, registration } }: OfStation) {
  const words = useWords(adminWords);
  const may = useMay('installer');
  const again = useAgain(id);
  const [question, ask] = useState<Question | undefined>();
  const params = { stationId: id };
  const accept = async (): Promise<void> => {
    await api.post('/stations/:stationId/accept', { params });
    await again();
  };
  const reject = async (): Promise<void> => {
    await api.post('/stations/:stationId/reject', { params });
    await again();
  };
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.approval}</h2>
        <span className={`tag ${TONES[approval]}`}>{words.approvals[approval]}</span>
      </div>
      <div className="pb" style={{ display: 'grid', gap: 8 }}>
        {registration !== null && (
          <p className="s">
            <span className="dim">{words.registration}</span> {registration}
          </p>
        )}
        <div className="row wrap">
          <Button disabled={!may || approval === 'approved' || approval === 'retired'} onClick={() => void accept()}>
            {words.accept}
          </Button>
          <Button
            disabled={!may || approval === 'rejected' || approval === 'retired'}
            onClick={() => ask({ ...words.askReject(id), danger: true, run: reject })}
          >
            {words.reject}
          </Button>
        </div>
      </div>
      <Ask question={question} close={() => ask(undefined)} />
    </section>
  );
}
