import { Button, Group, Modal } from '@mantine/core';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { useWords } from '../words/language.ts';
import { designWords } from './design-words.ts';

interface Props {
  readonly opened: boolean;
  readonly title: string;
  readonly close: () => void;
  /** What the button does, in a word. */
  readonly button: string;
  readonly disabled?: boolean;
  /** Something stops or is lost by it. */
  readonly danger?: boolean;
  readonly size?: string;
  /** Closes when it is done; stays open with the sentence when it failed. */
  readonly submit: () => Promise<void>;
  readonly children: ReactNode;
}

/** A few fields and one button. */
export function FormDialog({ opened, title, close, button, disabled = false, danger = false, size = 'md', submit, children }: Props) {
  const words = useWords(designWords);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const leave = (): void => {
    setProblem('');
    close();
  };
  const run = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await submit();
      leave();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={leave} title={title} size={size}>
      <form onSubmit={(event) => void run(event)} style={{ display: 'grid', gap: 12 }}>
        {children}
        {problem !== '' && (
          <p className="note bad" role="alert">
            {problem}
          </p>
        )}
        <Group justify="flex-end">
          <Button onClick={leave}>{words.cancel}</Button>
          <Button type="submit" variant="filled" loading={busy} disabled={disabled} {...(danger ? { color: 'var(--faulted)' } : {})}>
            {button}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
