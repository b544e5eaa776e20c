import { Modal, TextInput, VisuallyHidden } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { fleet } from '../live/fleet-store.ts';
import { useWords } from '../words/language.ts';
import { PALETTE_EVENT } from './keys.tsx';
import { PAGES } from './pages.ts';
import { shellWords } from './shell-words.ts';

interface Found {
  readonly key: string;
  readonly text: string;
  readonly kind: string;
  readonly go: () => void;
}

const MOST = 12;

/** Ctrl K: pages and stations by a part of their name; arrows choose, Enter goes. */
export function Palette() {
  const words = useWords(shellWords);
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  useEffect(() => {
    const show = (): void => {
      setText('');
      setAt(0);
      setOpen(true);
    };
    window.addEventListener(PALETTE_EVENT, show);
    return () => window.removeEventListener(PALETTE_EVENT, show);
  }, []);
  const wanted = text.trim().toLowerCase();
  const pages: Found[] = PAGES.filter(({ name }) => words.page[name].toLowerCase().includes(wanted)).map(({ name, to }) => ({
    key: `page ${name}`,
    text: words.page[name],
    kind: words.pages,
    go: () => void navigate({ to }),
  }));
  const stations: Found[] =
    wanted === ''
      ? []
      : fleet
          .list()
          .filter(({ id, model }) => id.toLowerCase().includes(wanted) || (model ?? '').toLowerCase().includes(wanted))
          .slice(0, MOST)
          .map(({ id }) => ({
            key: `station ${id}`,
            text: id,
            kind: words.stations,
            go: () => void navigate({ to: '/stations/$stationId', params: { stationId: id } }),
          }));
  const found = [...stations, ...pages].slice(0, MOST);
  const choose = (one: Found | undefined): void => {
    if (one === undefined) return;
    setOpen(false);
    one.go();
  };
  const pressed = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((before) => Math.min(Math.max(0, before + step), Math.max(0, found.length - 1)));
    } else if (event.key === 'Enter') choose(found[at]);
  };
  return (
    <Modal
      opened={open}
      onClose={() => setOpen(false)}
      withCloseButton={false}
      title={<VisuallyHidden>{words.find}</VisuallyHidden>}
      styles={{ header: { minHeight: 0, padding: 0 } }}
      yOffset="12vh"
      centered={false}
    >
      <TextInput
        data-autofocus
        aria-label={words.find}
        placeholder={words.find}
        value={text}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="palette-found"
        aria-activedescendant={found[at] === undefined ? undefined : `palette-${at}`}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      <div id="palette-found" role="listbox" aria-label={words.find} style={{ marginTop: 8 }}>
        {found.map((one, index) => (
          <div
            key={one.key}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={`found row between${index === at ? ' on' : ''}`}
            onMouseEnter={() => setAt(index)}
            onClick={() => choose(one)}
            onKeyDown={(event) => event.key === 'Enter' && choose(one)}
          >
            <span>{one.text}</span>
            <span className="dim s">{one.kind}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="dim s" style={{ padding: '8px 4px' }}>
          {words.noMatch(text)}
        </p>
      )}
    </Modal>
  );
}
