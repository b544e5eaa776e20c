import { hash } from 'node:crypto';
import type { Ocpp } from '@busbar/protocol';
import { normal } from './pack.ts';

/**
 * What tells two events under one seqNo apart (D6). `offline` is not part of it: a station that must repeat an event after a
 * lost link sets the flag on what it sent before without (E04.FR.03), and that is the same event.
 */
export function bodyHash(request: Ocpp.TransactionEventRequest): string {
  const { offline: _offline, ...body } = request;
  return textHash(sorted(body));
}

export const textHash = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);

/** JSON with sorted keys and one spelling of a UTC time: some stations print their maps in another order each time. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (typeof value === 'string') return JSON.stringify(normal(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${sorted(inner)}`)
    .join(',')}}`;
}
