import type { Ocpp } from '@busbar/protocol';
import { ChargingStation } from '@busbar/protocol/device-model';
import {
  type Crypto,
  formatInstant,
  type Instant,
  type JournalChange,
  limits,
  type Millis,
  parseInstant,
  type SignatureCheck,
  type SignatureScheme,
  s,
  TransferError,
} from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { Decision } from '../../handler.ts';
import { keys, put, remove } from '../../memory.ts';
import type { Outbox } from '../../outbox.ts';
import type { StatusNotices } from '../../status-notices.ts';
import type { Session } from '../e-transactions/session.ts';
import type { Availability } from '../g-availability/availability.ts';
import { addressFault } from '../n-diagnostics/log-upload.ts';

export type FirmwareSecurityEvent = 'InvalidFirmwareSigningCertificate' | 'InvalidFirmwareSignature' | 'FirmwareUpdated';

export interface FirmwareDeps {
  readonly context: Context;
  readonly outbox: Outbox;
  readonly notices: StatusNotices;
  readonly availability: () => Availability;
  readonly manufacturerRoots: () => readonly string[];
  /** Roots the station trusts besides the operating system's, for HTTPS. */
  readonly roots: () => readonly string[];
  readonly report: (event: FirmwareSecurityEvent, techInfo?: string) => void;
  readonly sessions: () => readonly Session[];
  readonly inUse: (session: Session) => boolean;
  readonly statusChanged: () => void;
  /** The station may restart now, with nothing that runs. */
  readonly reboot: () => void;
  /** Nothing happens any more, or not for a while: what waited for it may happen. */
  readonly ended: () => void;
}

const IN_PROGRESS = { reasonCode: 'FwUpdateInProgress', additionalInfo: 'an installation is under way' } as const;

/**
 * An update as the journal keeps it. `download` and `install` can be taken up again at any time, `installing` too: the image
 * lies in the hardware; `activate` means that the next boot shows whether it took.
 */
interface Update {
  readonly requestId: number;
  readonly location: string;
  readonly retrieveAt: Instant;
  readonly installAt?: Instant;
  readonly retries: number;
  readonly retryMs: Millis;
  readonly certificate: string;
  readonly signature?: string;
  readonly phase: 'download' | 'install' | 'installing' | 'activate';
  /** What the new image calls itself. */
  readonly version?: string;
}

interface Running {
  update: Update;
  readonly abort: AbortController;
  /** Not waiting for a time or for drivers: something really happens. */
  working: boolean;
  /** Runs when a driver left, while it waits for that. */
  idle?: () => void;
}

/** L01: takes an image from where the CSMS says, believes nobody but the manufacturer, and installs it when nobody charges. */
export class FirmwareUpdates {
  readonly #deps: FirmwareDeps;
  #running: Running | undefined;

  constructor(deps: FirmwareDeps) {
    this.#deps = deps;
    deps.context.dm.onChange(ChargingStation.AllowNewSessionsPendingFirmwareUpdate, () => this.check());
  }

  /** A reset on idle waits for what really happens, not for a date (D13). */
  get working(): boolean {
    return this.#running?.working ?? false;
  }

  /** From here on nothing stops it (L01.FR.27, B11.FR.06). */
  get uninterruptible(): boolean {
    const phase = this.#running?.update.phase;
    return phase === 'installing' || phase === 'activate';
  }

  /** What was under way when the last life ended. */
  resume(): void {
    const update = this.#deps.context.memory.read<Update>(keys.firmwareUpdate);
    if (!update) return;
    if (update.phase === 'activate') return this.#activated(update);
    this.#start(update);
  }

  /** Something at an EVSE changed. */
  check(): void {
    const { availability, statusChanged } = this.#deps;
    if (availability().updating.size > 0 || this.#running?.idle) {
      this.#block();
      statusChanged();
    }
    this.#running?.idle?.();
  }

  async take(request: Ocpp.UpdateFirmwareRequest): Promise<Decision<'UpdateFirmware'>> {
    const { context, report } = this.#deps;
    const { firmware, requestId, retries, retryInterval } = request;
    const refusal = this.#refusal(firmware);
    if (refusal) {
      context.note(`firmware update ${requestId} rejected: ${refusal.additionalInfo}`);
      return { response: { status: 'Rejected', statusInfo: refusal } };
    }
    const doubt = await this.#doubt(firmware.signingCertificate); // L01.FR.21
    if (doubt !== undefined) {
      context.note(`firmware update ${requestId}: the signing certificate is not valid, ${doubt}`);
      const statusInfo = { reasonCode: 'InvalidCertificate', additionalInfo: doubt.slice(0, 512) };
      const after = (): void => report('InvalidFirmwareSigningCertificate', doubt); // L01.FR.02
      return { response: { status: 'InvalidCertificate', statusInfo }, after }; // L01.FR.22
    }
    if (this.uninterruptible) return { response: { status: 'Rejected', statusInfo: IN_PROGRESS } }; // while the certificate was looked at
    const update: Update = {
      requestId,
      location: firmware.location,
      retrieveAt: parseInstant(firmware.retrieveDateTime),
      retries: retries ?? limits.transferRetries,
      retryMs: s(retryInterval ?? limits.transferRetryS),
      certificate: firmware.signingCertificate ?? '',
      phase: 'download',
      ...(firmware.installDateTime === undefined ? {} : { installAt: parseInstant(firmware.installDateTime) }),
      ...(firmware.signature === undefined ? {} : { signature: firmware.signature }),
    };
    const before = this.#running;
    before?.abort.abort();
    this.#running = undefined; // from here on it cannot install any more
    return {
      response: { status: before ? 'AcceptedCanceled' : 'Accepted' }, // L01.FR.24
      commit: [put(keys.firmwareUpdate, update)],
      after: () => this.#start(update),
    };
  }

  /** L01.FR.25, L01.FR.26, F06.FR.16: Idle after Installed and when there never was an update, else what was said last. */
  trigger(): void {
    const { context, outbox } = this.#deps;
    context.scope.run('triggered firmware status', async () => {
      await outbox.send('asked', 'FirmwareStatusNotification', () => {
        const last = context.memory.read<Ocpp.FirmwareStatusNotificationRequest>(keys.firmwareStatus);
        return last === undefined || last.status === 'Installed' ? { status: 'Idle' } : last;
      });
    });
  }

  #refusal({ location }: Ocpp.FirmwareType): (Ocpp.StatusInfoType & { readonly additionalInfo: string }) | undefined {
    const { files, hardware, withCertificates } = this.#deps.context;
    if (!files || !hardware.firmware || !withCertificates)
      return { reasonCode: 'UnsupportedRequest', additionalInfo: 'the firmware of this station cannot be changed' };
    if (this.uninterruptible) return IN_PROGRESS; // L01.FR.27
    return addressFault(location);
  }

  /** L01.FR.12: signed by a root of the manufacturer itself, no certificate between. */
  async #doubt(certificate: string | undefined): Promise<string | undefined> {
    const { context, manufacturerRoots } = this.#deps;
    if (certificate === undefined) return 'there is none';
    const verdict = (await context.crypto()).verifyChain({ chain: certificate, roots: manufacturerRoots(), at: context.clock.now() });
    return verdict.kind === 'valid' ? undefined : verdict.reason;
  }

  #start(update: Update): void {
    const { scope } = this.#deps.context;
    const running: Running = { update, abort: new AbortController(), working: false };
    this.#running = running;
    this.#unblock(); // of the one before
    scope.onClose(() => running.abort.abort());
    scope.run('firmware update', async () => {
      if (running.update.phase === 'download' && !(await this.#download(running))) return;
      await this.#install(running);
    });
  }

  #over(running: Running): boolean {
    return this.#running !== running || this.#deps.context.scope.closed;
  }

  /** True once a verified image lies in the hardware. */
  async #download(running: Running): Promise<boolean> {
    const { context, report } = this.#deps;
    const { update } = running;
    if (update.retrieveAt > context.clock.now()) {
      this.#tell(running, 'DownloadScheduled'); // L01.FR.13
      await this.#until(update.retrieveAt, running);
      if (this.#over(running)) return false;
    }
    running.working = true;
    this.#tell(running, 'Downloading');
    const image = await this.#fetch(running);
    if (this.#over(running)) return false;
    if (image === undefined) {
      this.#end(running, 'DownloadFailed'); // L01.FR.30
      return false;
    }
    this.#tell(running, 'Downloaded');
    const doubt = image.doubt(update.signature); // L01.FR.04
    if (doubt !== undefined) {
      report('InvalidFirmwareSignature', doubt); // L01.FR.03
      context.note(`firmware update ${update.requestId}: ${doubt}`);
      this.#end(running, 'InvalidSignature');
      return false;
    }
    this.#become(running, { phase: 'install' }, 'SignatureVerified');
    return true;
  }

  /** All attempts; each goes on where the one before stopped. Undefined when none brought the whole image. */
  async #fetch(running: Running): Promise<Image | undefined> {
    const { context, roots } = this.#deps;
    const { files, clock, hardware } = context;
    const { update, abort } = running;
    const slot = hardware.firmware;
    if (!files || !slot) return undefined;
    const image = new Image(await context.crypto(), update.certificate, context.config.firmwareSignatures ?? ['rsaPssSha256']);
    for (let attempt = 0; attempt <= update.retries; attempt += 1) {
      const startedAt = clock.monotonic();
      const before = image.bytes;
      try {
        if (attempt === 0) slot.begin();
        await files.download({
          url: update.location,
          roots: roots(),
          stallMs: limits.transferStallMs,
          signal: abort.signal,
          from: image.bytes,
          limitBytes: limits.stationFirmwareBytes,
          begin: ({ at }) => {
            if (at === image.bytes) return;
            image.restart();
            slot.begin();
          },
          chunk: (bytes) => {
            image.add(bytes);
            return slot.write(bytes);
          },
        });
        await slot.end();
        return image;
      } catch (error) {
        if (!(error instanceof TransferError)) throw error;
        if (this.#over(running)) return undefined;
        context.note(`firmware download, attempt ${attempt + 1} of ${update.retries + 1}: ${error.message}`);
        if (error.failure === 'tooLarge') return undefined; // it will not be smaller next time
      }
      if (attempt < update.retries) await this.#pause(startedAt + update.retryMs, image.bytes > before, running);
      if (this.#over(running)) return undefined;
    }
    return undefined;
  }

  /** L01.FR.14: with a part of the image here the download is paused, not failed. */
  async #pause(until: Millis, partly: boolean, running: Running): Promise<void> {
    const { clock } = this.#deps.context;
    if (partly) this.#tell(running, 'DownloadPaused');
    await this.#wait(until - clock.monotonic(), running);
    if (partly && !this.#over(running)) this.#tell(running, 'Downloading');
  }

  async #install(running: Running): Promise<void> {
    const { context } = this.#deps;
    const { installAt } = running.update;
    running.working = false;
    let scheduled = false;
    if (installAt !== undefined && installAt > context.clock.now()) {
      this.#tell(running, 'InstallScheduled'); // L01.FR.16
      scheduled = true;
      this.#deps.ended(); // until then nothing happens: a reset may
      await this.#until(installAt, running);
      if (this.#over(running)) return;
    }
    await this.#untilIdle(running, scheduled);
    if (this.#over(running)) return;
    await this.#write(running);
  }

  /** L01.FR.06, L01.FR.07: what is free takes no new driver meanwhile, unless the operator wants them. */
  async #untilIdle(running: Running, scheduled: boolean): Promise<void> {
    const { statusChanged } = this.#deps;
    if (!this.#busy) return;
    if (!scheduled) this.#tell(running, 'InstallScheduled'); // L01.FR.34
    const { promise, resolve } = Promise.withResolvers<void>();
    running.idle = () => {
      if (!this.#busy) resolve();
    };
    running.abort.signal.addEventListener('abort', () => resolve(), { once: true });
    this.#block();
    statusChanged();
    await promise;
    delete running.idle;
  }

  get #busy(): boolean {
    const { sessions, inUse } = this.#deps;
    return sessions().some(inUse);
  }

  #block(): void {
    const { context, availability, sessions, inUse } = this.#deps;
    const installing = this.uninterruptible;
    if (!installing && context.dm.bool(ChargingStation.AllowNewSessionsPendingFirmwareUpdate)) return availability().updating.clear();
    for (const session of sessions())
      if (session.evseId > 0 && (installing || !inUse(session))) availability().updating.add(session.evseId);
  }

  #unblock(): void {
    const { availability, statusChanged } = this.#deps;
    if (availability().updating.size === 0) return;
    availability().updating.clear();
    statusChanged();
  }

  /** The hardware does it; the reboot that follows shows whether the new image lives (L01.FR.32 a). */
  async #write(running: Running): Promise<void> {
    const { context, statusChanged, reboot } = this.#deps;
    const slot = context.hardware.firmware;
    if (!slot) return;
    running.working = true;
    this.#become(running, { phase: 'installing' }, 'Installing');
    this.#block();
    statusChanged();
    const outcome = await slot.install();
    if (this.#over(running)) return;
    if (outcome.kind !== 'installed') {
      context.note(`firmware update ${running.update.requestId}: ${outcome.reason}`);
      return this.#end(running, outcome.kind === 'invalid' ? 'InstallVerificationFailed' : 'InstallationFailed'); // L01.FR.29
    }
    this.#become(running, { phase: 'activate', version: outcome.version }, 'InstallRebooting', [put(keys.bootReason, 'FirmwareUpdate')]);
    await this.#told(running);
    if (!this.#over(running)) reboot(); // L01.FR.15, L01.FR.33: nobody charges any more
  }

  /** What was said so far reaches the CSMS before the link goes, where it answers. */
  async #told(running: Running): Promise<void> {
    const { context, notices, outbox } = this.#deps;
    const until = context.clock.monotonic() + limits.callTimeoutMs;
    await context.memory.durable();
    while (notices.length > 0 && outbox.accepted && context.clock.monotonic() < until && !this.#over(running))
      await this.#wait(100, running);
  }

  /** L01.FR.28, L01.FR.31: said by the new image. */
  #activated(update: Update): void {
    const { context, report } = this.#deps;
    const { firmwareVersion } = context.layout;
    const running: Running = { update, abort: new AbortController(), working: false };
    this.#running = running;
    if (firmwareVersion !== update.version) {
      context.note(`firmware ${update.version} was installed and ${firmwareVersion} runs`);
      return this.#end(running, 'InstallationFailed');
    }
    this.#end(running, 'Installed');
    report('FirmwareUpdated', firmwareVersion);
  }

  #end(running: Running, status: Ocpp.FirmwareStatusEnumType): void {
    this.#running = undefined;
    this.#tell(running, status, [remove(keys.firmwareUpdate)]);
    this.#unblock();
    this.#deps.ended();
  }

  #become(running: Running, more: Partial<Update>, status: Ocpp.FirmwareStatusEnumType, changes: readonly JournalChange[] = []): void {
    running.update = { ...running.update, ...more };
    this.#tell(running, status, [put(keys.firmwareUpdate, running.update), ...changes]);
  }

  /** L01.FR.01, L01.FR.10, L01.FR.20 */
  #tell({ update: { requestId } }: Running, status: Ocpp.FirmwareStatusEnumType, more: readonly JournalChange[] = []): void {
    const { context, notices } = this.#deps;
    const request = { status, requestId };
    context.note(`firmware update ${requestId}: ${status}`);
    notices.tell({ action: 'FirmwareStatusNotification', request }, [put(keys.firmwareStatus, request), ...more]);
  }

  /** The wall clock may be corrected meanwhile: looked at again at least every hour. */
  async #until(at: Instant, running: Running): Promise<void> {
    const { clock, note } = this.#deps.context;
    note(`firmware update ${running.update.requestId} waits until ${formatInstant(at)}`);
    while (!this.#over(running) && clock.now() < at) await this.#wait(Math.min(at - clock.now(), s(3600)), running);
  }

  async #wait(ms: Millis, { abort }: Running): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#deps.context.scope.after(Math.max(0, ms), 'firmware update (L01)', resolve);
    abort.signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    timer.cancel();
  }
}

/** The image as it goes by: how much of it is here, and what the signatures say of it. */
class Image {
  readonly #crypto: Crypto;
  readonly #certificate: string;
  readonly #schemes: readonly SignatureScheme[];
  #checks: readonly SignatureCheck[] = [];
  bytes = 0;

  constructor(crypto: Crypto, certificate: string, schemes: readonly SignatureScheme[]) {
    this.#crypto = crypto;
    this.#certificate = certificate;
    this.#schemes = schemes;
    this.restart();
  }

  restart(): void {
    this.bytes = 0;
    this.#checks = this.#schemes.flatMap((scheme) => this.#crypto.checkSignature(this.#certificate, scheme) ?? []);
  }

  add(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    for (const check of this.#checks) check.update(bytes);
  }

  /** Why the image is not believed; undefined when it is. ECSchnorr is an algorithm nobody here speaks (D21). */
  doubt(signature: string | undefined): string | undefined {
    if (signature === undefined || signature === '') return 'the image is not signed';
    const bytes = Buffer.from(signature, 'base64');
    if (this.#checks.some((check) => check.verify(bytes))) return undefined;
    const kind = this.#crypto.readCertificate(this.#certificate)?.key.kind;
    if (kind === 'ec' && !this.#schemes.includes('ecdsaSha256')) return 'the certificate has an EC key, and only RSA-PSS is checked here';
    return 'the signature does not belong to this image';
  }
}
