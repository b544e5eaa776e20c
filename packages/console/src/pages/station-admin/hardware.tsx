import { Button, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { designWords } from '../../design/design-words.ts';
import { FormDialog } from '../../design/form-dialog.tsx';
import { type Secret, ShownOnce } from '../../design/shown-once.tsx';
import { useWords } from '../../words/language.ts';
import { adminWords } from './admin-words.ts';
import { type OfStation, useAgain } from './station-view.ts';

/** Another machine comes, or this one goes for good. */
export function Hardware({ station: { id } }: OfStation) {
  const words = useWords(adminWords);
  const general = useWords(designWords);
  const may = useMay('operator');
  const again = useAgain(id);
  const navigate = useNavigate();
  const [question, ask] = useState<Question | undefined>();
  const [replacing, setReplacing] = useState(false);
  const [secret, show] = useState<Secret | undefined>();
  const [reason, setReason] = useState('');
  const [serialNumber, setSerial] = useState('');
  const said = words.askReplace(id);
  const replace = async (): Promise<void> => {
    const { password } = await api.post('/stations/:stationId/replace-hardware', {
      params: { stationId: id },
      body: { reason, ...(serialNumber === '' ? {} : { serialNumber }) },
    });
    show({ title: words.passwordTitle(id), text: words.passwordText, value: password });
    await again();
  };
  const retire = async (): Promise<void> => {
    await api.delete('/stations/:stationId', { params: { stationId: id }, query: { withTransactions: 'retire' } });
    await navigate({ to: '/fleet' });
  };
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.danger}</h2>
      </div>
      <div className="pb" style={{ display: 'grid', gap: 8 }}>
        <Button disabled={!may} onClick={() => setReplacing(true)}>
          {words.replace}
        </Button>
        <Button disabled={!may} variant="outline" color="red" onClick={() => ask({ ...words.askRetire(id), danger: true, run: retire })}>
          {words.retire}
        </Button>
      </div>
      <FormDialog
        opened={replacing}
        title={said.title}
        close={() => setReplacing(false)}
        button={said.button}
        disabled={reason.trim() === ''}
        submit={replace}
      >
        <p>{said.text}</p>
        <TextInput label={words.newSerial} maxLength={25} value={serialNumber} onChange={(event) => setSerial(event.currentTarget.value)} />
        <Textarea
          label={general.reason}
          description={general.reasonWhy}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </FormDialog>
      <Ask question={question} close={() => ask(undefined)} />
      <ShownOnce secret={secret} close={() => show(undefined)} />
    </section>
  );
}
