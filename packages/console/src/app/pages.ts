import type { shellWords } from './shell-words.ts';

interface Page {
  /** Its word in shell-words. */
  readonly name: keyof (typeof shellWords)['en']['page'];
  readonly to: '/' | '/fleet' | '/map' | '/sessions' | '/messages' | '/send' | '/virtual';
  readonly group: 'work' | 'admin' | 'foot';
  /** g and this letter goes there. */
  readonly key?: string;
  /** One of the five words at the bottom of a phone. */
  readonly phone?: true;
}

/** What the navigation, the palette and the keys know. */
export const PAGES: readonly Page[] = [
  { name: 'overview', to: '/', group: 'work', key: 'o', phone: true },
  { name: 'fleet', to: '/fleet', group: 'work', key: 'f', phone: true },
  { name: 'map', to: '/map', group: 'work', phone: true },
  { name: 'sessions', to: '/sessions', group: 'work', key: 's', phone: true },
  { name: 'messages', to: '/messages', group: 'work', key: 'm' },
  { name: 'send', to: '/send', group: 'work', key: 'n' },
  { name: 'virtual', to: '/virtual', group: 'foot' },
];
