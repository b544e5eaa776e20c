import { useMay } from '../../api/me.ts';
import { useWords } from '../../words/language.ts';
import { Keys } from './keys.tsx';
import { People } from './people.tsx';
import { usersWords } from './users-words.ts';

/** Who may do what here: people and programs. */
export function UsersPage() {
  const words = useWords(usersWords);
  const may = useMay('admin');
  return (
    <>
      <h1>{words.title}</h1>
      {may ? (
        <>
          <People />
          <Keys />
        </>
      ) : (
        <div className="note">{words.needAdmin}</div>
      )}
    </>
  );
}
