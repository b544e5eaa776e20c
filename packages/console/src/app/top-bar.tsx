import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import { stream } from '../live/stream.ts';
import { decimal, now, span } from '../words/figures.ts';
import { LANGUAGES, setLanguage, useLanguage, useWords } from '../words/language.ts';
import { useNow } from '../words/now.ts';
import { openPalette } from './keys.tsx';
import { Logo } from './logo.tsx';
import { shellWords } from './shell-words.ts';
import { useStreamState } from './stream-note.tsx';

const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch' };

export function TopBar() {
  const words = useWords(shellWords);
  return (
    <section className="top" aria-label={words.top}>
      <Link to="/" className="brand">
        <Logo />
        Busbar
      </Link>
      <button className="search" type="button" onClick={openPalette}>
        <span>{words.find}</span>
        <span className="kbd">Ctrl K</span>
      </button>
      <span className="grow" />
      <LiveMark />
      <WallClock />
      <Person />
    </section>
  );
}

function LiveMark() {
  const words = useWords(shellWords);
  const state = useStreamState();
  const second = useNow();
  const [perSecond, setPerSecond] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: counted once a second
  useEffect(() => setPerSecond((last) => last * 0.7 + stream.takeCount() * 0.3), [second]);
  if (state.kind === 'connecting') return <span className="live lost">{words.connecting}</span>;
  if (state.kind === 'lost') return <span className="live lost">{words.lost(span((second - state.since) / 1000))}</span>;
  return (
    <span className="live">
      <i />
      <span>
        {words.live}
        <span className="roomy">, {words.perSecond(decimal(perSecond, perSecond < 10 ? 1 : 0))}</span>
      </span>
    </span>
  );
}

function WallClock() {
  useNow();
  return <span className="dim s nw roomy">{now()}</span>;
}

function Person() {
  const words = useWords(shellWords);
  const { data: me } = useMe();
  const client = useQueryClient();
  const scheme = useMantineColorScheme();
  const language = useLanguage();
  if (me === undefined) return null;
  const leave = async (): Promise<void> => {
    await api.delete('/session');
    stream.stop();
    client.clear();
    location.assign('/');
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton className="s nw person" c="var(--accent)">
          {me.shownName} <span className="roomy">({words.role[me.role]})</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.appearance}</Menu.Label>
        {(['light', 'dark', 'auto'] as const).map((choice) => (
          <Menu.Item key={choice} fw={scheme.colorScheme === choice ? 600 : 400} onClick={() => scheme.setColorScheme(choice)}>
            {words[choice]}
          </Menu.Item>
        ))}
        <Menu.Label>{words.language}</Menu.Label>
        {LANGUAGES.map((choice) => (
          <Menu.Item key={choice} lang={choice} fw={language === choice ? 600 : 400} onClick={() => setLanguage(choice)}>
            {LANGUAGE_NAMES[choice]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>{me.kind === 'ticket' ? words.signIn : words.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
