import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useWords } from '../words/language.ts';
import { designWords } from './design-words.ts';

/** Copies a text and says so until the next one. */
export function Copy({ text, children, label }: { text: string; children?: string; label?: string }) {
  const words = useWords(designWords);
  const [copied, setCopied] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(text);
    } catch {
      // Browsers lend the clipboard to HTTPS and to this machine only.
      notifications.show({ message: words.cannotCopy });
    }
  };
  return (
    <button type="button" className="link s" aria-label={label} onClick={() => void copy()}>
      {copied === text && text !== '' ? words.copied : (children ?? words.copy)}
    </button>
  );
}
