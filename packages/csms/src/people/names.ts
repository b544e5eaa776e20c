import { BusbarError } from '@busbar/runtime';

/** What a name may look like: nothing that another name could be mistaken for, and nothing that means something in a log. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/;
/** Control characters, line ends, and marks that turn the direction of what stands beside. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

export function checkName(name: string): void {
  if (!NAME.test(name))
    throw new BusbarError(
      'invalid-request',
      'A name has 1 to 64 letters and digits of ASCII, and . _ @ + - but for the first; what people read is shownName.',
      { fields: { pointer: '/name' } },
    );
}

export function checkShownName(name: string): void {
  if (name.trim() !== name || name === '' || UNSEEN.test(name))
    throw new BusbarError('invalid-request', 'shownName has no control characters and no spaces at its ends.', {
      fields: { pointer: '/shownName' },
    });
}

/** A text of somebody else as a name, or undefined when nothing is left of it. */
export function nameFrom(text: string): string | undefined {
  const name = text
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9._@+-]/g, '')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 60);
  return name === '' ? undefined : name;
}

export const shownNameFrom = (text: string): string => text.replaceAll(new RegExp(UNSEEN, 'gu'), '').trim().slice(0, 100).trim();
