import { useMantineColorScheme } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Segments } from '../../design/segments.tsx';
import { LANGUAGES, setLanguage, useLanguage, useWords } from '../../words/language.ts';
import type { Density } from '../fleet/fleet.tsx';
import { settingsWords } from './settings-words.ts';

const NAMES = { en: 'English', de: 'Deutsch' };
const SCHEMES = ['light', 'dark', 'auto'] as const;
const DENSITIES = ['dense', 'normal', 'roomy'] as const;

export function Looks() {
  const words = useWords(settingsWords);
  const language = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [density, setDensity] = useLocalStorage<Density>({ key: 'busbar.density', defaultValue: 'normal' });
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.looks}</h2>
      </div>
      <div className="pb" style={{ display: 'grid', gap: 10, justifyItems: 'start' }}>
        <span className="s dim">{words.language}</span>
        <Segments
          label={words.language}
          value={language}
          choose={setLanguage}
          choices={LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
        />
        <span className="s dim">{words.appearance}</span>
        <Segments
          label={words.appearance}
          value={colorScheme}
          choose={setColorScheme}
          choices={SCHEMES.map((value) => ({ value, label: words.schemes[value] }))}
        />
        <span className="s dim">{words.density}</span>
        <Segments
          label={words.density}
          value={density}
          choose={setDensity}
          choices={DENSITIES.map((value) => ({ value, label: words.densities[value] }))}
        />
        <span className="s dim">{words.here}</span>
      </div>
    </section>
  );
}
