import { Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../words/language.ts';
import { PAGES } from './pages.ts';
import { shellWords } from './shell-words.ts';

export const PALETTE_EVENT = 'busbar:palette';
export const openPalette = (): void => void window.dispatchEvent(new Event(PALETTE_EVENT));

/** Whether somebody is writing: then letters are letters. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** A letter after "g" counts for as long as one needs to press it. */
const GO_MS = 1200;

/** g then a letter goes to a page, Ctrl K opens the palette, / puts the cursor into the page's own search. */
export function useGoKeys(): void {
  const navigate = useNavigate();
  const went = useRef(0);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (isWriting(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'g') went.current = event.timeStamp;
      else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('main input[type=search]');
        if (search === null) return;
        event.preventDefault();
        search.focus();
      } else if (event.timeStamp - went.current < GO_MS) {
        const page = PAGES.find(({ key }) => key === event.key);
        if (page !== undefined) void navigate({ to: page.to });
        went.current = 0;
      }
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [navigate]);
}

/** What ? shows. */
export function KeyHelp() {
  const words = useWords(shellWords);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === '?' && !isWriting(event.target)) setOpen(true);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
  return (
    <Modal opened={open} onClose={() => setOpen(false)} title={words.keys}>
      <dl className="dl">
        {words.keyHelp.map(([key, what]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>
              <span className="kbd">{key}</span>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
