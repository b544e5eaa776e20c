import { useSyncExternalStore } from 'react';
import { stream } from '../live/stream.ts';
import { span } from '../words/figures.ts';
import { useWords } from '../words/language.ts';
import { useNow } from '../words/now.ts';
import { shellWords } from './shell-words.ts';

export const useStreamState = () => useSyncExternalStore(stream.watch, () => stream.state);

/** Said after three seconds: a short gap mends itself before anybody has read a sentence. */
const SAID_AFTER_MS = 3000;

export function StreamNote() {
  const words = useWords(shellWords);
  const state = useStreamState();
  const now = useNow();
  if (state.kind !== 'lost' || now - state.since < SAID_AFTER_MS) return null;
  return (
    <div className="note" role="status">
      {words.lostNote(span((now - state.since) / 1000))}
    </div>
  );
}
