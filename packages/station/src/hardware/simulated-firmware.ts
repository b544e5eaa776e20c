import type { Clock, Millis } from '@busbar/runtime';
import type { FirmwareSlot, Installation } from './hardware.ts';

/** What of the firmware outlives the process. */
export interface FirmwareWorld {
  readonly active: string;
  /** An image that lies whole in the other slot. */
  readonly staged?: { readonly version: string; readonly bytes: number };
  /** What the next boot starts. */
  readonly installed?: string;
}

interface FirmwareSurroundings {
  readonly clock: Clock;
  readonly installMs: Millis;
  readonly changed: () => void;
}

interface FirmwareSurroundings {
  readonly clock: Clock;
  readonly installMs: Millis;
  readonly changed: () => void;
}

const HEADER = /^BUSBAR-FIRMWARE ([\w.+-]{1,50})\n/;
const HEADER_BYTES = 80;

/**
 * Two slots and no bytes: the image goes by, its version stays. An image that begins with the line `BUSBAR-FIRMWARE 2.0.0`
 * calls itself so; any other is named by its checksum.
 */
export class SimulatedFirmware implements FirmwareSlot {
  readonly #deps: FirmwareSurroundings;
  #world: FirmwareWorld;
  #head = Buffer.alloc(0);
  #hash = 0x811c9dc5;
  #bytes = 0;
  /** What the next installation comes to; afterwards all is well again. */
  next: 'ok' | 'verifyFails' | 'installFails' = 'ok';

  constructor(version: string, world: FirmwareWorld | undefined, deps: FirmwareSurroundings) {
    this.#deps = deps;
    this.#world = world ?? { active: version };
  }

  get world(): FirmwareWorld {
    return this.#world;
  }

  get version(): string {
    return this.#world.active;
  }

  /** Power on: the newest installed image runs. */
  boot(): void {
    const { installed } = this.#world;
    if (installed !== undefined) this.#world = { active: installed };
  }

  begin(): void {
    this.#head = Buffer.alloc(0);
    this.#hash = 0x811c9dc5;
    this.#bytes = 0;
    this.#world = { active: this.#world.active };
    this.#deps.changed();
  }

  write(bytes: Uint8Array): void {
    if (this.#head.length < HEADER_BYTES) this.#head = Buffer.concat([this.#head, bytes.subarray(0, HEADER_BYTES)]);
    for (const byte of bytes) this.#hash = Math.imul(this.#hash ^ byte, 0x01000193) >>> 0;
    this.#bytes += bytes.length;
  }

  end(): void {
    const [, named] = HEADER.exec(this.#head.toString('latin1')) ?? [];
    const version = named ?? `image-${this.#hash.toString(16).padStart(8, '0')}`;
    this.#world = { active: this.#world.active, staged: { version, bytes: this.#bytes } };
    this.#deps.changed();
  }

  async install(): Promise<Installation> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#deps.clock.after(this.#deps.installMs, 'simulated installation', resolve);
    await promise;
    const outcome = this.next;
    this.next = 'ok';
    const { staged, active } = this.#world;
    if (outcome === 'verifyFails' || staged === undefined || staged.bytes === 0)
      return { kind: 'invalid', reason: 'the image does not fit this hardware' };
    if (outcome === 'installFails') return { kind: 'failed', reason: 'the flash memory cannot be written' };
    this.#world = { active, installed: staged.version };
    this.#deps.changed();
    return { kind: 'installed', version: staged.version };
  }
}
