import type { Ocpp } from '@busbar/protocol';
import { parseInstant } from '@busbar/runtime';
import { printDecimal } from '../blocks/i-tariff-cost/decimal.ts';
import { lineView, price } from '../blocks/i-tariff-cost/price.ts';
import { segments } from '../blocks/i-tariff-cost/segments.ts';
import { readTariff, type Tariff } from '../blocks/i-tariff-cost/tariff.ts';
import { type TimedEvent, timeline } from '../blocks/i-tariff-cost/timeline.ts';
import { bodyHash } from '../ledger/canonical.ts';
import { ledgerEvent } from '../ledger/event.ts';

export { event } from './events.ts';

export const tariff = (terms: Record<string, unknown>): Tariff => ({
  ...readTariff({ name: 'T', currency: 'EUR', ...terms }),
  id: 't',
  version: 1,
  validFrom: 0,
});

export const timed = (request: Ocpp.TransactionEventRequest, receivedAt?: number): TimedEvent => ({
  ...ledgerEvent(request),
  hash: bodyHash(request),
  receivedAt: receivedAt ?? parseInstant(request.timestamp),
});

/** What these events cost. */
export function bill(requests: readonly Ocpp.TransactionEventRequest[], terms: Record<string, unknown>, zone = 'Europe/Berlin') {
  const line = timeline(requests.map((request) => timed(request)));
  const parts = line === undefined ? undefined : segments(line, tariff(terms), zone);
  if (line === undefined || parts === undefined) throw new Error('nothing happened');
  const { lines, total } = price(parts, tariff(terms));
  return { line, parts, lines: lines.map(lineView), total: total === null ? null : printDecimal(total) };
}
