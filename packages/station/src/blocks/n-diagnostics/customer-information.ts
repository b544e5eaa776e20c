import { limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { handler } from '../../handler.ts';
import { NumberedParts } from '../../numbered-parts.ts';
import type { Outbox } from '../../outbox.ts';

/** N09, N10: what the station knows about a customer is told, taken out, or both; exactly one way to name him must be used. */
export const CustomerInformation = handler('CustomerInformation', (request, { context, customers, customerReports }) => {
  const { report, clear, idToken, customerCertificate, customerIdentifier } = request;
  const named = [idToken, customerCertificate, customerIdentifier].filter((reference) => reference !== undefined).length;
  if (named !== 1) return { response: { status: 'Invalid' } }; // N09.FR.09
  if (!report && !clear) return { response: { status: 'Rejected', statusInfo: { reasonCode: 'MissingParam' } } }; // N09.FR.07, N10.FR.07
  if (customerReports.busy) return { response: { status: 'Rejected', statusInfo: { reasonCode: 'Busy' } } }; // N09.FR.03, N10.FR.05
  const found = customers.find(request);
  const text = textOf(found.lines, report);
  context.note(`customer information: ${found.lines.length} records ${report ? 'told' : ''} ${clear ? 'cleared' : ''}`.trim());
  return {
    response: { status: 'Accepted' }, // N09.FR.02, N10.FR.01
    commit: clear ? found.clear() : [], // N10.FR.03, N10.FR.06
    after: () => customerReports.start(request.requestId, text),
  };
});

/** N09.FR.06, N10.FR.04, N10.FR.06: also nothing is told. */
function textOf(lines: readonly string[], report: boolean): string {
  if (!report) return `Customer data cleared (${lines.length} records).`;
  return lines.length === 0 ? 'No data found.' : lines.join('\n');
}

/** One report at a time, in parts as large as the message takes. */
export class CustomerReports {
  readonly #parts: NumberedParts;

  constructor(context: Context, outbox: Outbox) {
    this.#parts = new NumberedParts(context, outbox, 'customer information');
  }

  get busy(): boolean {
    return this.#parts.busy;
  }

  start(requestId: number, text: string): void {
    this.#parts.start('NotifyCustomerInformation', inParts(text), (data, place) => ({ requestId, ...place, data }));
  }
}

/** Whole characters: a letter outside the first plane is not torn apart. */
function inParts(text: string): readonly string[] {
  const characters = Array.from(text);
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += limits.customerDataCharacters) {
    parts.push(characters.slice(at, at + limits.customerDataCharacters).join(''));
  }
  return parts;
}
