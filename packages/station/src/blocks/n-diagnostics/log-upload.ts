import type { Ocpp } from '@busbar/protocol';
import {
  formatInstant,
  type Instant,
  type JournalChange,
  limits,
  type Millis,
  parseInstant,
  s,
  TransferError,
  transferAddress,
} from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { Decision } from '../../handler.ts';
import { keys, put, remove } from '../../memory.ts';
import type { Outbox } from '../../outbox.ts';
import type { StatusNotices } from '../../status-notices.ts';

export interface SecurityLogEntry {
  readonly at: Instant;
  readonly type: string;
  readonly techInfo?: string;
}

export interface LogUploadDeps {
  readonly context: Context;
  readonly outbox: Outbox;
  readonly notices: StatusNotices;
  readonly securityLog: () => readonly SecurityLogEntry[];
  /** Roots the station trusts besides the operating system's (N01.FR.15). */
  readonly roots: () => readonly string[];
  /** An upload ended: what waited for it may happen. */
  readonly ended: () => void;
}

/** What was asked, as the journal keeps it: after a power cut the upload begins anew. */
interface Asked {
  readonly requestId: number;
  readonly logType: Ocpp.LogEnumType;
  readonly location: string;
  readonly filename: string;
  readonly retries: number;
  readonly retryMs: Millis;
  readonly oldest?: number;
  readonly latest?: number;
}

interface Running {
  readonly asked: Asked;
  readonly abort: AbortController;
}

/** A failure on the way, and what the CSMS is told when it was the last one (N01.FR.10). */
type Failed = { readonly status: Ocpp.UploadLogStatusEnumType; readonly why: string };

/** N01: one log at a time leaves the station; a newer request takes the place of an older one (N01.FR.12). */
export class LogUpload {
  readonly #deps: LogUploadDeps;
  #running: Running | undefined;
  /** This server wants POST. */
  #post = false;

  constructor(deps: LogUploadDeps) {
    this.#deps = deps;
  }

  get ongoing(): boolean {
    return this.#running !== undefined;
  }

  /** What was under way when the process died. */
  resume(): void {
    const asked = this.#deps.context.memory.read<Asked>(keys.logUpload);
    if (asked) this.#start(asked);
  }

  take(request: Ocpp.GetLogRequest): Decision<'GetLog'> {
    const { context } = this.#deps;
    const refusal = this.#refusal(request);
    if (refusal) {
      context.note(`no log is uploaded: ${refusal.additionalInfo}`);
      return { response: { status: 'Rejected', statusInfo: refusal } };
    }
    const { log, logType, requestId, retries, retryInterval } = request;
    const asked: Asked = {
      requestId,
      logType,
      location: log.remoteLocation,
      filename: this.#filename(logType),
      retries: retries ?? limits.transferRetries,
      retryMs: s(retryInterval ?? limits.transferRetryS),
      ...(log.oldestTimestamp === undefined ? {} : { oldest: parseInstant(log.oldestTimestamp) }),
      ...(log.latestTimestamp === undefined ? {} : { latest: parseInstant(log.latestTimestamp) }),
    };
    const before = this.#running;
    before?.abort.abort();
    this.#running = undefined; // from here on it cannot end any more, so that its end takes nothing from the new one
    return {
      response: { status: before ? 'AcceptedCanceled' : 'Accepted', filename: asked.filename }, // N01.FR.01, N01.FR.12
      commit: [put(keys.logUpload, asked)],
      after: () => {
        if (before) this.#tell(before.asked, 'AcceptedCanceled'); // N01.FR.20
        this.#start(asked);
      },
    };
  }

  /** F06.FR.14, F06.FR.15, N01.FR.13 */
  trigger(): void {
    const { context, outbox } = this.#deps;
    context.scope.run('triggered log status', async () => {
      await outbox.send('asked', 'LogStatusNotification', () =>
        this.#running ? { status: 'Uploading', requestId: this.#running.asked.requestId } : { status: 'Idle' },
      );
    });
  }

  #refusal({ log, logType }: Ocpp.GetLogRequest): (Ocpp.StatusInfoType & { readonly additionalInfo: string }) | undefined {
    const { files, hardware } = this.#deps.context;
    if (!files) return { reasonCode: 'UnsupportedRequest', additionalInfo: 'this station moves no files' };
    const place = addressFault(log.remoteLocation);
    if (place) return place;
    const text = this.#lines(logType, stamp(log.oldestTimestamp), stamp(log.latestTimestamp));
    const windowed = log.oldestTimestamp !== undefined || log.latestTimestamp !== undefined;
    if (hardware.logAvailable?.(logType) === false || text === undefined || (windowed && text.length === 0)) {
      return { reasonCode: 'NotFound', additionalInfo: 'there is no such log' }; // N01.FR.05
    }
    return undefined;
  }

  /** N01.FR.03, N01.FR.04; undefined for a kind of log this station does not have. */
  #lines(type: Ocpp.LogEnumType, oldest: number | undefined, latest: number | undefined): readonly string[] | undefined {
    const { context, securityLog } = this.#deps;
    if (type === 'SecurityLog') {
      return securityLog()
        .filter(({ at }) => (oldest === undefined || at >= oldest) && (latest === undefined || at <= latest))
        .map((entry) => `${formatInstant(entry.at)} ${entry.type} ${entry.techInfo ?? ''}`.trimEnd());
    }
    return type === 'DiagnosticsLog' ? context.diagnostics.lines(oldest, latest) : undefined;
  }

  #filename(type: Ocpp.LogEnumType): string {
    const { config, clock } = this.#deps.context;
    const at = formatInstant(clock.now()).replaceAll(/[-:]|\.\d+/g, '');
    return `${config.identity.replaceAll(/[^\w.-]/g, '_')}-${type}-${at}.log`;
  }

  #start(asked: Asked): void {
    const running: Running = { asked, abort: new AbortController() };
    this.#running = running;
    this.#post = false;
    const { scope } = this.#deps.context;
    scope.onClose(() => running.abort.abort());
    this.#tell(asked, 'Uploading'); // N01.FR.08
    scope.run('log upload', () => this.#upload(running));
  }

  async #upload(running: Running): Promise<void> {
    const { context, ended } = this.#deps;
    const { asked } = running;
    const text = this.#assemble(asked);
    let failed: Failed | undefined;
    let broken = false;
    for (let attempt = 0; attempt <= asked.retries; attempt += 1) {
      const startedAt = context.clock.monotonic();
      const error = await this.#attempt(running, text, broken);
      if (this.#running !== running || context.scope.closed) return;
      if (!error) {
        this.#over(asked, 'Uploaded'); // N01.FR.09
        return ended();
      }
      failed = failureStatus(error);
      broken = error.failure === 'broken' || error.failure === 'timeout';
      context.note(`log upload, attempt ${attempt + 1} of ${asked.retries + 1}: ${failed.why}`);
      if (attempt < asked.retries) await this.#pause(startedAt + asked.retryMs, running);
      if (this.#running !== running || context.scope.closed) return;
    }
    this.#over(asked, failed?.status ?? 'UploadFailure'); // N01.FR.10: once, when no attempt is left
    ended();
  }

  /** One attempt; what a broken one left at the server is not sent again, where the server says how much it has. */
  async #attempt(running: Running, text: Uint8Array, broken: boolean): Promise<TransferError | undefined> {
    const { context, roots } = this.#deps;
    const { files } = context;
    if (!files) return undefined;
    const place = { url: running.asked.location, roots: roots(), stallMs: limits.transferStallMs, signal: running.abort.signal };
    try {
      const has = broken ? ((await files.uploaded(place).catch(() => undefined)) ?? 0) : 0;
      const from = has < text.length ? has : 0;
      const range = from > 0 ? { 'content-range': `bytes ${from}-${text.length - 1}/${text.length}` } : {};
      const body = text.subarray(from);
      const send = (method: 'PUT' | 'POST'): Promise<void> =>
        files.upload({ ...place, method, headers: { ...headersOf(running.asked), ...range }, body: parts(body), length: body.length });
      if (this.#post) return await send('POST').then(() => undefined);
      await send('PUT').catch((error: unknown) => {
        if (!(error instanceof TransferError) || (error.status !== 405 && error.status !== 501)) throw error;
        this.#post = true;
        return send('POST');
      });
      return undefined;
    } catch (error) {
      if (error instanceof TransferError) return error;
      throw error;
    }
  }

  async #pause(until: Millis, { abort }: Running): Promise<void> {
    const { clock, scope } = this.#deps.context;
    const { promise, resolve } = Promise.withResolvers<void>();
    scope.after(Math.max(0, until - clock.monotonic()), 'next attempt of the log upload (N01)', resolve);
    abort.signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
  }

  #assemble({ logType, oldest, latest }: Asked): Uint8Array {
    const { config, clock, layout } = this.#deps.context;
    const lines = [...(this.#lines(logType, oldest, latest) ?? [])];
    let bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
    while (bytes > limits.stationLogBytes) bytes -= Buffer.byteLength(lines.shift() ?? '') + 1; // the newest is what is looked for
    const head = `${logType} of ${config.identity}, ${layout.vendorName} ${layout.model}, firmware ${layout.firmwareVersion}, written ${formatInstant(clock.now())}`;
    return Buffer.from(`${[head, ...lines].join('\n')}\n`);
  }

  #over(asked: Asked, status: Ocpp.UploadLogStatusEnumType): void {
    this.#running = undefined;
    this.#tell(asked, status, [remove(keys.logUpload)]);
  }

  /** N01.FR.07 */
  #tell({ requestId }: Asked, status: Ocpp.UploadLogStatusEnumType, more: readonly JournalChange[] = []): void {
    this.#deps.context.note(`log upload ${requestId}: ${status}`);
    this.#deps.notices.tell({ action: 'LogStatusNotification', request: { status, requestId } }, more);
  }
}

/** Why a place cannot be used, in the words of a status; undefined when it can (FileTransferProtocols). */
export function addressFault(url: string): (Ocpp.StatusInfoType & { readonly additionalInfo: string }) | undefined {
  try {
    transferAddress(url);
    return undefined;
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    return error.failure === 'protocol'
      ? { reasonCode: 'UnsupportedParam', additionalInfo: `${error.message}, only HTTP and HTTPS are` }
      : { reasonCode: 'InvalidURL', additionalInfo: error.message };
  }
}

const stamp = (text: string | undefined): number | undefined => (text === undefined ? undefined : parseInstant(text));

/** N01.FR.19: also with PUT, where it does no harm. */
const headersOf = ({ filename }: Asked): Readonly<Record<string, string>> => ({
  'content-type': 'application/octet-stream',
  'content-disposition': `form-data; name="uploadfile"; filename="${filename}"`,
});

const PART_BYTES = 64 << 10;

function* parts(body: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < body.length; at += PART_BYTES) yield body.subarray(at, at + PART_BYTES);
}

/** The CSMS may have another word for why than we: it is in the diagnostics. */
function failureStatus(error: TransferError): Failed {
  const { failure, status } = error;
  const byStatus =
    status === 401 || status === 403
      ? 'PermissionDenied'
      : status === 405 || status === 501
        ? 'NotSupportedOperation'
        : status === 400 || status === 415
          ? 'BadMessage'
          : undefined;
  return { status: byStatus ?? (failure === 'protocol' ? 'NotSupportedOperation' : 'UploadFailure'), why: error.message };
}
