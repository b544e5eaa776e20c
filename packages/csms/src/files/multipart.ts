import { limits } from '@busbar/runtime';
import { Refusal } from './refusal.ts';

/** The boundary of a form (RFC 7578); undefined when the body is the file itself. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!/^multipart\/form-data\b/i.test(contentType ?? '')) return undefined;
  const [, quoted, bare] = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s";,]{1,70}))\s*(?:;|$)/i.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw new Refusal(400, 'the form names no boundary');
  return boundary;
}

const malformed = (what: string): Refusal => new Refusal(400, `the form is malformed: ${what}`);

/**
 * N01.FR.19: stations that POST wrap the log in a form of one part. Its content comes out as it comes in; what is held is one
 * chunk, the headers up to their limit and as much as could be the beginning of the boundary.
 */
export async function* onlyPart(body: AsyncIterable<Uint8Array>, boundary: string): AsyncIterable<Uint8Array> {
  const opening = `--${boundary}\r\n`;
  const closing = Buffer.from(`\r\n--${boundary}`);
  let state: 'opening' | 'headers' | 'content' | 'end' = 'opening';
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    held = Buffer.concat([held, chunk]);
    if (state === 'opening') {
      if (!opening.startsWith(held.subarray(0, opening.length).toString('latin1'))) throw malformed('it does not begin with its boundary');
      if (held.length < opening.length) continue;
      held = held.subarray(opening.length);
      state = 'headers';
    }
    if (state === 'headers') {
      const end = held.indexOf('\r\n\r\n');
      if ((end < 0 ? held.length : end) > limits.formHeaderBytes) throw malformed('the headers of its part are too long or missing');
      if (end < 0) continue;
      held = held.subarray(end + 4);
      state = 'content';
    }
    if (state === 'content') {
      const at = held.indexOf(closing);
      const ready = at < 0 ? Math.max(0, held.length - closing.length + 1) : at;
      if (ready > 0) yield held.subarray(0, ready);
      held = held.subarray(at < 0 ? ready : at + closing.length);
      if (at >= 0) state = 'end';
    }
    if (state === 'end') held = held.subarray(0, 2); // what follows the last boundary means nothing
  }
  if (state !== 'end') throw new Refusal(400, 'the body ended early');
  if (held.toString('latin1') !== '--') throw malformed('one part is expected, the log');
}
