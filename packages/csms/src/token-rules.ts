import { BusbarError } from '@busbar/runtime';
import type { TokenInput } from './store/intents.ts';

const LANGUAGE_TAG = /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i;

/** What the schema of a token cannot say. */
export function checkToken(token: TokenInput): void {
  for (const name of ['language1', 'language2'] as const) {
    const tag = token[name]; // C01.FR.17, C04.FR.05, C05.FR.04
    if (tag !== undefined && !LANGUAGE_TAG.test(tag))
      throw new BusbarError('invalid-request', `${name} is no language tag of RFC 5646, such as en-US.`, {
        fields: { pointer: `/${name}` },
      });
  }
  if (token.language2 !== undefined && (token.language1 === undefined || token.language1 === token.language2)) {
    throw new BusbarError('invalid-request', 'language2 stands beside another language1, or not at all (C01.FR.10, C01.FR.11).', {
      fields: { pointer: '/language2' },
    });
  }
}
