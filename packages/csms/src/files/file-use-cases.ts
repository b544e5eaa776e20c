import type { Ocpp } from '@busbar/protocol';
import { BusbarError, type Instant, limits } from '@busbar/runtime';
import type { Station } from '../stations.ts';
import type { CustomerInformationRecord, InstalledCertificatesRecord, LogRecord } from '../store/file-intents.ts';
import type { CallOptions, CallView, UseCases } from '../use-cases.ts';

export interface LogWish {
  readonly logType: Ocpp.LogEnumType;
  /** Elsewhere than here. */
  readonly remoteLocation?: string;
  readonly oldestTimestamp?: string;
  readonly latestTimestamp?: string;
  readonly retries?: number;
  readonly retryInterval?: number;
}

export interface CustomerWish {
  readonly report: boolean;
  readonly clear: boolean;
  readonly idToken?: Ocpp.IdTokenType;
  readonly customerIdentifier?: string;
  readonly customerCertificate?: Ocpp.CertificateHashDataType;
}

export type AskedView = CallView & { readonly requestId: number };

/** A number that no other request of this station has. */
export async function nextRequestId({ kernel }: UseCases, station: Station): Promise<number> {
  const [outcome] = await kernel.queue.commit([{ k: 'nextId', station: station.record.row, counter: 'requestId' }]);
  return outcome?.assigned ?? 0;
}

/** What people ask stations for that comes as a file or in parts: logs, customers' data, certificates. */
export class FileUseCases {
  readonly #useCases: UseCases;

  constructor(useCases: UseCases) {
    this.#useCases = useCases;
  }

  /** N01: a log comes to us unless another place is named. */
  async getLog(id: string, wish: LogWish, options: CallOptions): Promise<AskedView> {
    const { kernel } = this.#useCases;
    const station = this.#useCases.station(id);
    const at = kernel.clock.now();
    const requestId = await nextRequestId(this.#useCases, station);
    const remoteLocation = wish.remoteLocation ?? (await this.#uploadAddress(station, requestId, at));
    await kernel.queue.commit([{ k: 'log', station: station.record.row, requestId, at, fresh: true, change: { type: wish.logType } }]);
    const { logType, oldestTimestamp, latestTimestamp, retries, retryInterval } = wish;
    const view = await this.#useCases.call(
      id,
      'GetLog',
      {
        requestId,
        logType,
        ...(retries === undefined ? {} : { retries }),
        ...(retryInterval === undefined ? {} : { retryInterval }),
        log: {
          remoteLocation,
          ...(oldestTimestamp === undefined ? {} : { oldestTimestamp }),
          ...(latestTimestamp === undefined ? {} : { latestTimestamp }),
        },
      },
      options,
    );
    return { ...view, requestId };
  }

  async log(id: string, requestId: number): Promise<LogRecord> {
    const found = await this.#useCases.kernel.read.log(this.#useCases.station(id).record.row, requestId);
    if (found === undefined) throw new BusbarError('not-found', `Station ${id} was never asked for a log under the number ${requestId}.`);
    return found;
  }

  /** The bytes as they came. */
  async logContent(
    id: string,
    requestId: number,
  ): Promise<{ readonly name: string; readonly bytes: number; readonly content: AsyncIterable<Uint8Array> }> {
    const { file, filename, reason } = await this.log(id, requestId);
    const { store } = this.#useCases.kernel.files;
    const bytes = file === null ? undefined : await store.size(file);
    if (file === null || bytes === undefined)
      throw new BusbarError('not-found', `No log has arrived under the number ${requestId}${reason === null ? '.' : `: ${reason}`}`);
    return { name: filename ?? `${id}-${requestId}.log`, bytes, content: bytes === 0 ? nothing() : store.read(file, 0, bytes - 1) };
  }

  /** N09, N10: exactly one way to name the customer (N09.FR.04, N10.FR.08). */
  async customerInformation(id: string, wish: CustomerWish, options: CallOptions): Promise<AskedView> {
    const station = this.#useCases.station(id);
    const requestId = await nextRequestId(this.#useCases, station);
    const view = await this.#useCases.call(id, 'CustomerInformation', { requestId, ...wish }, options);
    return { ...view, requestId };
  }

  customerReport(id: string, requestId: number): Promise<CustomerInformationRecord> {
    return this.#useCases.kernel.read.customerInformation(this.#useCases.station(id).record.row, requestId);
  }

  /** M03: as last told; undefined when nobody asked yet. */
  certificates(id: string): Promise<InstalledCertificatesRecord | undefined> {
    return this.#useCases.kernel.read.installedCertificates(this.#useCases.station(id).record.row);
  }

  #uploadAddress(station: Station, requestId: number, at: Instant): Promise<string> {
    const { files, config, ids } = this.#useCases.kernel;
    const file = `log-${station.record.row}-${requestId}-${ids.uuid4().slice(0, 8)}`;
    const maxBytes = config.logFileBytes ?? limits.logFileBytes;
    return files.address(station, { kind: 'log', file, requestId, maxBytes }, at + limits.fileTokenMs);
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {}
