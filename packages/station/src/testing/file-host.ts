import type { FileServer } from '@busbar/runtime';

/** A server of files for block tests: what was put there, and what it does with it. */
export class FileHost {
  readonly stored = new Map<string, Buffer>();
  readonly asked: string[] = [];
  readonly headers: Readonly<Record<string, string | undefined>>[] = [];
  /** Answers with this instead, so often. */
  refusing: { status: number; times: number } | undefined;
  /** Only this method is taken for uploads. */
  only: 'PUT' | 'POST' | undefined;
  /** Knows how much of an upload it has (HEAD with Upload-Offset) and takes the rest. */
  resumable = false;
  /** Knows no ranges: every download begins anew. */
  whole = false;

  readonly serve: FileServer = async ({ method, path, headers, body }) => {
    this.asked.push(`${method} ${path}`);
    this.headers.push(headers);
    if (this.refusing && this.refusing.times > 0) {
      this.refusing = { ...this.refusing, times: this.refusing.times - 1 };
      return { status: this.refusing.status };
    }
    const known = this.stored.get(path);
    if (method === 'HEAD')
      return this.resumable && known ? { status: 200, headers: { 'upload-offset': `${known.length}` } } : { status: 404 };
    if (method === 'GET') return this.#get(known, headers['range']);
    if (this.only !== undefined && method !== this.only) return { status: 405 };
    const [, from = '0'] = /^bytes (\d+)-/.exec(headers['content-range'] ?? '') ?? [];
    let content = from === '0' ? Buffer.alloc(0) : (known ?? Buffer.alloc(0)).subarray(0, Number(from));
    for await (const part of body) {
      content = Buffer.concat([content, part]);
      this.stored.set(path, content);
    }
    return { status: 201 };
  };

  #get(known: Buffer | undefined, range: string | undefined): Awaited<ReturnType<FileServer>> {
    if (known === undefined) return { status: 404 };
    const [, from = '0'] = /^bytes=(\d+)-/.exec(this.whole ? '' : (range ?? '')) ?? [];
    const rest = known.subarray(Number(from));
    const whole = async function* (): AsyncIterable<Uint8Array> {
      yield rest;
    };
    const partial = { 'content-range': `bytes ${from}-${known.length - 1}/${known.length}` };
    return {
      status: from === '0' ? 200 : 206,
      headers: { 'content-length': `${rest.length}`, ...(from === '0' ? {} : partial) },
      body: whole(),
    };
  }
}
