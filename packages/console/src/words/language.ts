import { useSyncExternalStore } from 'react';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a page says, beside the page, in every language: a missing sentence does not compile, and is loaded with its page. */
export interface Words<T> {
  readonly en: T;
  readonly de: T;
}

const KEPT = 'busbar.language';
const listeners = new Set<() => void>();
const known = (text: string | null): Language | undefined => LANGUAGES.find((language) => text?.startsWith(language));

let current: Language = known(localStorage.getItem(KEPT)) ?? known(navigator.language) ?? 'en';
document.documentElement.lang = current;

export const language = (): Language => current;

export function setLanguage(next: Language): void {
  current = next;
  localStorage.setItem(KEPT, next);
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useLanguage = (): Language => useSyncExternalStore(subscribe, language);
export const useWords = <T>(words: Words<T>): T => words[useLanguage()];
