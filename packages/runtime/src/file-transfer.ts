import type { Millis } from './instant.ts';

/** Why a file did not move. `protocol`: we do not speak it; `broken`: the connection ended in the middle. */
export type TransferFailure = 'address' | 'protocol' | 'unreachable' | 'tls' | 'http' | 'timeout' | 'broken' | 'tooLarge' | 'aborted';

export class TransferError extends Error {
  readonly failure: TransferFailure;
  /** What the server answered, when it did. */
  readonly status: number | undefined;
  constructor(failure: TransferFailure, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'TransferError';
    this.failure = failure;
    this.status = options.status;
  }
}

/** Where a file is or shall be. A user and password in the URL become a Basic login (N01.FR.17). */
export interface TransferPlace {
  readonly url: string;
  /** Roots as PEM that are trusted besides those of the operating system (N01.FR.15, N01.FR.16). */
  readonly roots?: readonly string[];
  /** No byte moved for so long: given up. */
  readonly stallMs: Millis;
  readonly signal?: AbortSignal;
}

export interface Download extends TransferPlace {
  /** The first byte that is wanted: what is here already is not fetched again, where the server can. */
  readonly from: number;
  /** More than this, in all, is refused. */
  readonly limitBytes: number;
  /** Once, before any chunk: where the server begins, and how long the whole is when it says so. */
  readonly begin: (start: DownloadStart) => void;
  /** The next bytes; more come when it resolves. */
  readonly chunk: (bytes: Uint8Array) => Promise<void> | void;
}

export interface DownloadStart {
  readonly at: number;
  readonly total: number | undefined;
}

export interface Upload extends TransferPlace {
  readonly method: 'PUT' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Iterable<Uint8Array>;
  readonly length: number;
}

/** Files over HTTP and HTTPS. Every failure is a `TransferError`. */
export interface FileTransfer {
  /** Resolves when the last byte was taken. */
  download(what: Download): Promise<void>;
  /** Resolves when the server took it. */
  upload(what: Upload): Promise<void>;
  /** How many bytes of an upload the server holds already (`Upload-Offset`), undefined when it does not know such a thing. */
  uploaded(place: TransferPlace): Promise<number | undefined>;
}

/** The other end, as a function: what a server of files is behind its sockets. */
export interface FileRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST';
  /** With the query, as it was sent. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface FileResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
}

export type FileServer = (request: FileRequest) => Promise<FileResponse>;

export interface TransferAddress {
  readonly secure: boolean;
  readonly origin: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** Takes a URL apart; what is none, or none of HTTP, is a failure with its reason. */
export function transferAddress(url: string): TransferAddress {
  const parsed = URL.parse(url);
  if (parsed === null) throw new TransferError('address', 'this is no URL');
  const { protocol, origin, pathname, search, username, password } = parsed;
  if (protocol !== 'http:' && protocol !== 'https:') throw new TransferError('protocol', `${protocol.slice(0, 20)} is not spoken here`);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    secure: protocol === 'https:',
    origin,
    path: `${pathname}${search}`,
    authorization: login === ':' ? undefined : `Basic ${Buffer.from(login).toString('base64')}`,
  };
}

/** Where the body of an answer to a ranged GET begins; undefined when everything is here already. */
export function downloadStart(
  { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string | undefined>> },
  from: number,
): DownloadStart | undefined {
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  const total = Number(range?.[2]);
  if (status === 416 && from > 0 && total === from) return undefined;
  if (status === 206 && range?.[1] !== undefined) {
    if (Number(range[1]) !== from) throw new TransferError('http', `the server begins at byte ${range[1]}, not at ${from}`, { status });
    return { at: from, total: Number.isNaN(total) ? undefined : total };
  }
  if (status !== 200) throw new TransferError('http', `the server answered ${status}`, { status });
  const length = headers['content-length'];
  return { at: 0, total: length === undefined ? undefined : Number(length) };
}
