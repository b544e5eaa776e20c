// oxlint-disable eslint/no-underscore-dangle typescript/unbound-method -- ws names its fields so, and its methods are called with their instance
import { kMaxLength } from 'node:buffer';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { type DeflateDone, PerMessageDeflate } from 'ws';

/** The end of every compressed message, left out on the wire (RFC 7692, 7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** Compressed fragments of a message whose last one has not come yet; ws limits their sum. */
const fragments = new WeakMap<PerMessageDeflate, Buffer[]>();
let installed = false;

/**
 * Makes ws compress without a zlib stream per connection (D5): a stream keeps 250 kB although nothing is remembered
 * between messages when no context is taken over, one call per message keeps nothing. Connections that did agree on
 * takeover keep their streams, and so does what the short way fails on: the stream then finds the same fault and closes
 * with the right code (1007 damaged, 1009 too large).
 */
export function useOneShotDeflate(): void {
  if (installed) return;
  installed = true;
  const { compress, decompress } = PerMessageDeflate.prototype;

  PerMessageDeflate.prototype.compress = function oneShotCompress(data, fin, done) {
    const own = this._isServer ? 'server' : 'client';
    if (!fin || this._deflate !== null || !this.params?.[`${own}_no_context_takeover`]) {
      compress.call(this, data, fin, done);
      return;
    }
    const windowBits = this.params[`${own}_max_window_bits`] ?? constants.Z_DEFAULT_WINDOWBITS;
    const deflated = deflateRawSync(data, { windowBits, finishFlush: constants.Z_SYNC_FLUSH });
    done(null, deflated.subarray(0, deflated.length - TAIL.length));
  };

  PerMessageDeflate.prototype.decompress = function oneShotDecompress(data, fin, done) {
    const peer = this._isServer ? 'client' : 'server';
    if (this._inflate !== null || !this.params?.[`${peer}_no_context_takeover`]) {
      decompress.call(this, data, fin, done);
      return;
    }
    const parts = [...(fragments.get(this) ?? []), data];
    if (fin) {
      fragments.delete(this);
      inflateAll(parts, this._maxPayload, done, () => decompress.call(this, Buffer.concat(parts), true, done));
    } else {
      fragments.set(this, parts);
      later(done, Buffer.alloc(0));
    }
  };
}

function inflateAll(parts: readonly Buffer[], maxPayload: number, done: DeflateDone, longWay: () => void): void {
  let inflated: Buffer;
  try {
    inflated = inflateRawSync(Buffer.concat([...parts, TAIL]), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: maxPayload > 0 ? maxPayload : kMaxLength,
    });
  } catch {
    longWay(); // damaged or too large: the stream reports it in ws's own words
    return;
  }
  later(done, inflated);
}

/** The receiver of ws loses its place when it is called back at once. */
function later(done: DeflateDone, data: Buffer): void {
  process.nextTick(done, null, data);
}
