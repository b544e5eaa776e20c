import { type UIEvent, useMemo, useRef } from 'react';
import { linesOf, pointerAt } from '../../design/json-text.ts';
import { JsonLines } from '../../design/json-view.tsx';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly marked: string | undefined;
  readonly change: (text: string) => void;
  /** The value under the caret. */
  readonly caret: (pointer: string) => void;
}

/** A text field over the same text in its colours, which also carries the mark. */
export function JsonEditor({ label, text, marked, change, caret }: Props) {
  const below = useRef<HTMLPreElement>(null);
  const lines = useMemo(() => linesOf(text), [text]);
  const follow = ({ currentTarget }: UIEvent<HTMLTextAreaElement>): void =>
    below.current?.scrollTo(currentTarget.scrollLeft, currentTarget.scrollTop);
  return (
    <div className="json-editor">
      <pre ref={below} aria-hidden="true">
        <JsonLines lines={lines} marked={marked} />
      </pre>
      <textarea
        aria-label={label}
        spellCheck={false}
        autoComplete="off"
        wrap="off"
        value={text}
        rows={Math.min(40, Math.max(8, lines.length + 1))}
        onScroll={follow}
        onChange={(event) => change(event.currentTarget.value)}
        onSelect={({ currentTarget }) => caret(pointerAt(text, currentTarget.selectionStart))}
      />
    </div>
  );
}
