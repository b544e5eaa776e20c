import { Button } from '@mantine/core';
import { Problem } from '../api/client.ts';
import { useWords } from '../words/language.ts';
import { designWords } from './design-words.ts';

/** What went wrong, in the server's own sentence, with the clause behind it. Nothing while nothing did. */
export function Failed({ error, again }: { error: Error | null | undefined; again?: () => void }) {
  const words = useWords(designWords);
  if (error === null || error === undefined) return null;
  // What somebody may not see is no failure, and asking again gives the same.
  if (error instanceof Problem && error.status === 403)
    return (
      <div className="note info" role="note">
        {error.message}
      </div>
    );
  const clause = error instanceof Problem ? error.clause : undefined;
  return (
    <div className="note bad" role="alert">
      <b>{words.failed}.</b> {error.message} {clause !== undefined && <span className="tag">{clause}</span>}
      {again !== undefined && (
        <div style={{ marginTop: 6 }}>
          <Button onClick={again}>{words.retry}</Button>
        </div>
      )}
    </div>
  );
}
