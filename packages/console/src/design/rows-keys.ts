import { useEffect, useState } from 'react';
import { isWriting } from '../app/keys.tsx';

interface Actions {
  readonly open?: (index: number) => void;
  readonly act?: (index: number) => void;
  readonly select?: (index: number, range: boolean) => void;
}

/** j and k through a list; Enter, a and x do what the page says with the row under the cursor. */
export function useRowKeys(rows: number, { open, act, select }: Actions): readonly [cursor: number, setCursor: (index: number) => void] {
  const [cursor, setCursor] = useState(-1);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (isWriting(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'j') setCursor((at) => Math.min(rows - 1, at + 1));
      else if (event.key === 'k') setCursor((at) => Math.max(0, at - 1));
      else if (cursor < 0 || cursor >= rows) return;
      else if (event.key === 'Enter' && event.target === document.body) open?.(cursor);
      else if (event.key === 'a') act?.(cursor);
      else if (event.key.toLowerCase() === 'x') select?.(cursor, event.shiftKey);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [rows, cursor, open, act, select]);
  return [cursor, setCursor];
}
