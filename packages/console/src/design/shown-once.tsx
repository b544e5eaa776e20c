import { Button, CopyButton, Group, Modal } from '@mantine/core';
import { useWords } from '../words/language.ts';
import { designWords } from './design-words.ts';

export interface Secret {
  readonly title: string;
  /** What one does with it. */
  readonly text: string;
  readonly value: string;
}

/** A password, key or secret that was made just now. */
export function ShownOnce({ secret, close }: { secret: Secret | undefined; close: () => void }) {
  const words = useWords(designWords);
  return (
    <Modal opened={secret !== undefined} onClose={close} title={secret?.title} closeOnClickOutside={false}>
      <p>{secret?.text}</p>
      <pre className="secret">{secret?.value}</pre>
      <p className="s dim">{words.once}</p>
      <Group justify="flex-end" mt="md">
        <CopyButton value={secret?.value ?? ''}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? words.copied : words.copy}</Button>}
        </CopyButton>
        <Button variant="filled" onClick={close}>
          {words.done}
        </Button>
      </Group>
    </Modal>
  );
}
