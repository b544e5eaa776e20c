import { createHash } from 'node:crypto';
import { BusbarError, formatInstant, type Instant, limits, parseInstant, type SignatureCheck, type SignatureScheme } from '@busbar/runtime';
import { rootsFor } from '../blocks/a-security/client-certificate.ts';
import type { Station } from '../stations.ts';
import type { FirmwareRecord, FirmwareUpdateRecord } from '../store/file-intents.ts';
import type { CallOptions, UseCases } from '../use-cases.ts';
import { type AskedView, nextRequestId } from './file-use-cases.ts';

export interface FirmwareWish {
  readonly version: string;
  readonly models?: readonly string[];
  /** Hexadecimal. */
  readonly sha256: string;
  /** Base64. */
  readonly signature: string;
  readonly signingCertificate: string;
  /** Base64, for small images; a large one is put afterwards. */
  readonly image?: string;
}

export interface SigningChain {
  readonly state: 'trusted' | 'untrusted' | 'noRoots';
  readonly reason: string | null;
}

export interface UpdateWish {
  readonly firmwareId: number;
  readonly retrieveDateTime?: string;
  readonly installDateTime?: string;
  readonly retries?: number;
  readonly retryInterval?: number;
}

export interface RolloutWish extends Omit<UpdateWish, 'firmwareId'> {
  /** All that fit when left out. */
  readonly stationIds?: readonly string[];
  readonly perWave?: number;
  /** Seconds between two waves. */
  readonly waveInterval?: number;
}

export type RolloutEntry =
  | {
      readonly stationId: string;
      readonly requestId: number;
      readonly commandId: string;
      readonly state: string;
      readonly retrieveDateTime: string;
    }
  | { readonly stationId: string; readonly refused: string };

/** L01, D21: images of manufacturers, checked before any station hears of them, and the updates that were asked for. */
export class FirmwareUseCases {
  readonly #useCases: UseCases;

  constructor(useCases: UseCases) {
    this.#useCases = useCases;
  }

  async add(wish: FirmwareWish, actor: string): Promise<FirmwareRecord> {
    const { kernel } = this.#useCases;
    const crypto = await kernel.crypto();
    const at = kernel.clock.now();
    const facts = crypto.readCertificate(wish.signingCertificate);
    if (!facts) refuse('The signing certificate cannot be read.', '/signingCertificate');
    if (at > facts.notAfter) refuse(`The signing certificate expired at ${formatInstant(facts.notAfter)}.`, '/signingCertificate');
    if (this.#schemes(facts.key.kind).length === 0)
      refuse(`A signature with a key of kind ${facts.key.kind} is not allowed here (--firmware-signatures).`, '/signingCertificate');
    const chain = await this.signingChain(wish.signingCertificate);
    if (chain.state === 'untrusted') refuse(`The signing certificate cannot be trusted: ${chain.reason}.`, '/signingCertificate');
    const file = `firmware-${wish.sha256.slice(0, 16).toLowerCase()}-${kernel.ids.uuid4().slice(0, 8)}`;
    const { version, models = [], sha256, signature, signingCertificate: certificate } = wish;
    const [outcome] = await kernel.queue.commit([
      { k: 'firmwarePut', firmware: { version, models, sha256: sha256.toLowerCase(), signature, certificate, file, at } },
      this.#audit(actor, 'addFirmware', version),
    ]);
    const id = outcome?.assigned ?? 0;
    if (wish.image === undefined) return this.firmware(id);
    return this.putImage(id, once(Buffer.from(wish.image, 'base64')), actor);
  }

  /** The image itself; it may be put again until it is the one that was announced. */
  async putImage(id: number, image: AsyncIterable<Uint8Array>, actor: string): Promise<FirmwareRecord> {
    const { files, queue } = this.#useCases.kernel;
    const record = await this.firmware(id);
    if (record.state === 'ready') throw new BusbarError('conflict', `Firmware ${id} has its image already.`);
    const part = `${record.file}.part`;
    try {
      const bytes = await files.store.write(part, 0, bounded(image));
      const reason = await this.#fault(record, part, bytes);
      if (reason === undefined) await files.store.rename(part, record.file);
      const state = reason === undefined ? 'ready' : 'invalid';
      await queue.commit([
        { k: 'firmwareState', id, state, bytes, reason: reason ?? null },
        this.#audit(actor, 'putImage', `${id} ${state}`),
      ]);
    } finally {
      await files.store.remove(part);
    }
    return this.firmware(id);
  }

  async firmware(id: number): Promise<FirmwareRecord> {
    const found = await this.#useCases.kernel.read.firmware(id);
    if (found === undefined) throw new BusbarError('not-found', `No firmware ${id}.`);
    return found;
  }

  /** A00.FR.707: judged by the roots of `trust/manufacturer` as they are now; without any, nobody can say. */
  async signingChain(certificate: string): Promise<SigningChain> {
    const { kernel } = this.#useCases;
    const roots = await rootsFor(kernel, 'manufacturer');
    if (roots.length === 0) return { state: 'noRoots', reason: 'no root of a manufacturer is known here' };
    const verdict = (await kernel.crypto()).verifyChain({ chain: certificate, roots, at: kernel.clock.now() });
    return verdict.kind === 'valid'
      ? { state: 'trusted', reason: null }
      : { state: 'untrusted', reason: `${verdict.fault}: ${verdict.reason}` };
  }

  async updateRecord(id: string, requestId: number): Promise<FirmwareUpdateRecord> {
    const found = await this.#useCases.kernel.read.firmwareUpdate(this.#useCases.station(id).record.row, requestId);
    if (found === undefined)
      throw new BusbarError('not-found', `Station ${id} was never asked for an update under the number ${requestId}.`);
    return found;
  }

  async remove(id: number, actor: string): Promise<void> {
    const { files, queue } = this.#useCases.kernel;
    const { file, version } = await this.firmware(id);
    await queue.commit([{ k: 'firmwareDelete', id }, this.#audit(actor, 'deleteFirmware', `${id} ${version}`)]);
    await files.store.remove(file);
  }

  /** The station fetches it from an address that only it knows, at the time given (D21). */
  async update(id: string, wish: UpdateWish, options: CallOptions): Promise<AskedView> {
    const { kernel } = this.#useCases;
    const station = this.#useCases.station(id);
    const firmware = await this.firmware(wish.firmwareId);
    const unfit = unfitness(station, firmware);
    if (unfit !== undefined) throw new BusbarError('conflict', unfit);
    const chain = await this.signingChain(firmware.certificate); // it may have expired since, or its root was removed
    if (chain.state === 'untrusted')
      throw new BusbarError(
        'conflict',
        `Firmware ${firmware.id} cannot be offered: its signing certificate cannot be trusted, ${chain.reason}.`,
      );
    const at = kernel.clock.now();
    const retrieveAt = instant(wish.retrieveDateTime, '/retrieveDateTime') ?? at;
    const installAt = instant(wish.installDateTime, '/installDateTime');
    const requestId = await nextRequestId(this.#useCases, station);
    const until = Math.max(at, retrieveAt, options.expiresS === undefined ? 0 : at + options.expiresS * 1_000) + limits.fileTokenMs;
    const location = await kernel.files.address(station, { kind: 'firmware', file: firmware.file, requestId, maxBytes: 0 }, until);
    const change = { firmware: firmware.id, retrieveAt, ...(installAt === undefined ? {} : { installAt }) };
    await kernel.queue.commit([{ k: 'firmwareUpdate', station: station.record.row, requestId, at, fresh: true, change }]);
    const view = await this.#useCases.call(
      id,
      'UpdateFirmware',
      {
        requestId,
        ...(wish.retries === undefined ? {} : { retries: wish.retries }),
        ...(wish.retryInterval === undefined ? {} : { retryInterval: wish.retryInterval }),
        firmware: {
          location,
          retrieveDateTime: formatInstant(retrieveAt),
          ...(installAt === undefined ? {} : { installDateTime: formatInstant(installAt) }),
          signingCertificate: firmware.certificate, // L01.FR.11
          signature: firmware.signature,
        },
      },
      options,
    );
    return { ...view, requestId };
  }

  /** Many stations, a few at a time: each wave fetches later than the one before, so that the line is not shared by all at once. */
  async rollout(firmwareId: number, wish: RolloutWish, options: CallOptions): Promise<readonly RolloutEntry[]> {
    const { kernel } = this.#useCases;
    const firmware = await this.firmware(firmwareId);
    const { stationIds, perWave = 10, waveInterval = 600, retrieveDateTime, ...each } = wish;
    const start = instant(retrieveDateTime, '/retrieveDateTime') ?? kernel.clock.now();
    const ids =
      stationIds ??
      kernel.stations
        .all()
        .filter((station) => wants(station, firmware))
        .map(({ record }) => record.identity);
    const entries: RolloutEntry[] = [];
    for (const stationId of ids) {
      const begun = entries.filter((entry) => 'requestId' in entry).length;
      const at = formatInstant(start + Math.floor(begun / perWave) * waveInterval * 1_000);
      try {
        const { requestId, commandId, state } = await this.update(stationId, { ...each, firmwareId, retrieveDateTime: at }, options);
        entries.push({ stationId, requestId, commandId, state, retrieveDateTime: at });
      } catch (error) {
        if (!(error instanceof BusbarError)) throw error;
        entries.push({ stationId, refused: error.message }); // the others get theirs all the same
      }
    }
    return entries;
  }

  /** Why the image is not what was announced (A00.FR.707); undefined when it is. */
  async #fault({ sha256, signature, certificate }: FirmwareRecord, file: string, bytes: number): Promise<string | undefined> {
    const { files, crypto } = this.#useCases.kernel;
    if (bytes === 0) return 'the image is empty';
    const real = await crypto();
    const kind = real.readCertificate(certificate)?.key.kind ?? 'other';
    const checks = this.#schemes(kind).flatMap((scheme): SignatureCheck[] => {
      const check = real.checkSignature(certificate, scheme);
      return check ? [check] : [];
    });
    const hash = createHash('sha256');
    for await (const part of files.store.read(file, 0, bytes - 1)) {
      hash.update(part);
      for (const check of checks) check.update(part);
    }
    const digest = hash.digest('hex');
    if (digest !== sha256) return `the SHA-256 is ${digest}, not the one that was announced`;
    const signed = checks.some((check) => check.verify(Buffer.from(signature, 'base64')));
    return signed ? undefined : 'the signature does not belong to this image and certificate';
  }

  /** D21: RSA-PSS always; the others where the operator wants them. */
  #schemes(kind: 'rsa' | 'ec' | 'other'): readonly SignatureScheme[] {
    const allowed = this.#useCases.kernel.config.firmwareSignatures ?? ['rsaPssSha256'];
    return allowed.filter((scheme) => (scheme === 'ecdsaSha256' ? kind === 'ec' : kind === 'rsa'));
  }

  #audit(actor: string, action: string, target: string) {
    return { k: 'audit', at: this.#useCases.kernel.clock.now(), actor, action, target, reason: '', result: 'done' } as const;
  }
}

function unfitness({ record }: Station, { id, state, reason, models }: FirmwareRecord): string | undefined {
  if (state !== 'ready') return `Firmware ${id} cannot be offered: ${reason ?? 'its image has not been put yet'}.`;
  if (models.length === 0 || (record.model !== null && models.includes(record.model))) return undefined;
  return `Firmware ${id} is for ${models.join(', ')}; station ${record.identity} is a ${record.model ?? 'station that never said its model'}.`;
}

const wants = (station: Station, firmware: FirmwareRecord): boolean =>
  station.record.approval === 'approved' &&
  station.record.firmwareVersion !== firmware.version &&
  unfitness(station, firmware) === undefined;

function instant(text: string | undefined, pointer: string): Instant | undefined {
  if (text === undefined) return undefined;
  const at = parseInstant(text);
  if (Number.isNaN(at)) refuse(`${pointer} is no RFC 3339 time.`, pointer);
  return at;
}

async function* bounded(image: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const part of image) {
    bytes += part.length;
    if (bytes > limits.firmwareFileBytes) throw new BusbarError('too-large', `An image has at most ${limits.firmwareFileBytes} bytes.`);
    yield part;
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function refuse(detail: string, pointer: string): never {
  throw new BusbarError('invalid-request', detail, { fields: { pointer } });
}
