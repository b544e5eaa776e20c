import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../words/language.ts';
import { designWords } from './design-words.ts';

export interface Question {
  /** What is about to happen, to what. */
  readonly title: string;
  readonly text: string;
  /** The button names object and effect. */
  readonly button: string;
  readonly danger?: boolean;
  /** Asks for a reason, which stands in the audit. */
  readonly reason?: boolean;
  readonly run: (reason: string) => Promise<void>;
}

/** Asks before what cannot be undone; stays open with the sentence when it failed. */
export function Ask({ question, close }: { question: Question | undefined; close: () => void }) {
  const words = useWords(designWords);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const done = (): void => {
    setReason('');
    setProblem('');
    close();
  };
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      await question?.run(reason);
      done();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={question !== undefined} onClose={done} title={question?.title}>
      <p>{question?.text}</p>
      {question?.reason === true && (
        <Textarea
          mt="sm"
          label={words.reason}
          description={words.reasonWhy}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      {problem !== '' && (
        <p className="note bad" role="alert" style={{ marginTop: 12 }}>
          {problem}
        </p>
      )}
      <Group justify="flex-end" mt="md">
        <Button onClick={done}>{words.cancel}</Button>
        <Button
          variant="filled"
          {...(question?.danger === true ? { color: 'var(--faulted)' } : {})}
          loading={busy}
          disabled={question?.reason === true && reason.trim() === ''}
          onClick={() => void run()}
        >
          {question?.button}
        </Button>
      </Group>
    </Modal>
  );
}
