import { Link } from '@tanstack/react-router';
import { useWords } from '../words/language.ts';
import { shellWords } from './shell-words.ts';

export function NothingHere() {
  const words = useWords(shellWords);
  return (
    <>
      <h1>{words.nothingHere}</h1>
      <p className="dim">
        {words.nothingHereWhy} <Link to="/">{words.page.overview}</Link>
      </p>
    </>
  );
}
