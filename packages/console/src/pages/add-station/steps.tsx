import { useWords } from '../../words/language.ts';
import { addWords } from './add-words.ts';

export function Steps({ at }: { at: number }) {
  const words = useWords(addWords);
  return (
    <ol className="bare steps">
      {words.steps.map((step, index) => (
        <li key={step} className={index < at ? 'done' : index === at ? 'now' : ''} aria-current={index === at ? 'step' : undefined}>
          <b>
            {index + 1}. {step}
          </b>{' '}
          <span className="dim">{index < at ? words.done : index === at ? words.now : words.next}</span>
        </li>
      ))}
    </ol>
  );
}
