/** What the navigation, the palette and the keys know; the word of each is in shell-words. */
export const PAGES = [
  { name: 'overview', to: '/', group: 'work', key: 'o', phone: true },
  { name: 'fleet', to: '/fleet', group: 'work', key: 'f', phone: true },
  { name: 'sessions', to: '/sessions', group: 'work', key: 's', phone: true },
] as const;
