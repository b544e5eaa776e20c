import type { ReactNode } from 'react';
import { useWords } from '../words/language.ts';
import { statusWords } from './status-words.ts';

/** The shape alone tells the state; the word always stands beside it. */
const SHAPES = {
  Available: <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.7" />,
  Occupied: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.7" />
      <path d="M6 1.4a4.6 4.6 0 0 0 0 9.2z" fill="currentColor" />
    </>
  ),
  Charging: (
    <>
      <circle cx="6" cy="6" r="5.6" fill="currentColor" />
      <path d="M6.9 1.9 3.4 6.7h2.2l-.6 3.5 3.5-4.9H6.3z" fill="var(--surface)" />
    </>
  ),
  SuspendedEV: (
    <>
      <circle cx="6" cy="6" r="4.9" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M4.5 3.8v4.4M7.5 3.8v4.4" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
  SuspendedEVSE: (
    <>
      <rect x=".6" y=".6" width="10.8" height="10.8" rx="2" fill="currentColor" />
      <path d="M4.4 3.4v5.2M7.6 3.4v5.2" stroke="var(--surface)" strokeWidth="1.7" />
    </>
  ),
  Faulted: (
    <>
      <path d="M6 .5 11.8 11H.2z" fill="currentColor" />
      <path d="M6 4.2v3.2M6 8.5v1.4" stroke="var(--surface)" strokeWidth="1.4" />
    </>
  ),
  Unavailable: (
    <>
      <rect x="1.4" y="1.4" width="9.2" height="9.2" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M2 10 10 2" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  Offline: (
    <>
      <circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2.2 1.6" />
      <path d="M4.2 4.2l3.6 3.6M7.8 4.2 4.2 7.8" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  Pending: <path d="M2.2 1h7.6L7 6l2.8 5H2.2L5 6z" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinejoin="round" />,
  Reserved: <path d="M2.5 1h7v10L6 8l-3.5 3z" fill="none" stroke="currentColor" strokeWidth="1.5" />,
} as const;

export type StatusName = keyof typeof SHAPES;

export const StatusShape = ({ of }: { of: StatusName }) => (
  <span className={`st ${of}`}>
    <svg viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[of]}
    </svg>
  </span>
);

/** The word alone, beside a shape that stands elsewhere. */
export function StatusWord({ of }: { of: StatusName }) {
  const words = useWords(statusWords);
  return <span className={`st ${of}`}>{words[of]}</span>;
}

/** Shape and word; other words when given, in their own colour. */
export function Status({ of, children }: { of: StatusName; children?: ReactNode }) {
  const words = useWords(statusWords);
  return (
    <span className={`st ${of}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {SHAPES[of]}
      </svg>
      {children ?? words[of]}
    </span>
  );
}
