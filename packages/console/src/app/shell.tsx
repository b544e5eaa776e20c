import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { onSignedOut } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import { stream } from '../live/stream.ts';
import { useWords } from '../words/language.ts';
import { KeyHelp, useGoKeys } from './keys.tsx';
import { NavBar, Navigation } from './navigation.tsx';
import { Palette } from './palette.tsx';
import { shellWords } from './shell-words.ts';
import { SignIn } from './sign-in.tsx';
import { StreamNote } from './stream-note.tsx';
import { TopBar } from './top-bar.tsx';

/** The frame around every page; the sign-in instead of it while nobody is. */
export function Shell() {
  const me = useMe();
  const { refetch } = me;
  useEffect(() => onSignedOut(() => void refetch()), [refetch]);
  if (me.isPending) return null;
  if (me.data === undefined) return <SignIn signedIn={() => void refetch()} />;
  return <SignedIn kind={me.data.kind} testMode={me.data.testMode} />;
}

function SignedIn({ kind, testMode }: { kind: string; testMode: boolean }) {
  const words = useWords(shellWords);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const main = useRef<HTMLElement>(null);
  useGoKeys();
  useEffect(() => {
    stream.start();
    return () => stream.stop();
  }, []);
  // A new page begins at its top, and where a screen reader goes on. Newer browsers answer with a promise: it is no cleanup.
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [path]);
  return (
    <div className="app">
      <a className="skip" href="#content">
        {words.skip}
      </a>
      <Navigation />
      <TopBar />
      <main ref={main} id="content" tabIndex={-1}>
        {kind === 'ticket' && <div className="note info">{words.ticket}</div>}
        {testMode && <div className="note">{words.testMode}</div>}
        <StreamNote />
        <Outlet />
      </main>
      <NavBar />
      <Palette />
      <KeyHelp />
    </div>
  );
}
