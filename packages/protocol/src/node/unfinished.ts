import type { Socket } from 'node:net';
import { limits } from '@busbar/runtime';

interface Ends {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/**
 * Connections that have not finished their handshake, oldest first. Real ones stay here for milliseconds; who opens them and
 * says nothing finds that his oldest makes room for the next, whoever that is. TLS gives no way from its socket to the one
 * below, so they are known by the other side's address and port.
 */
export class Unfinished {
  readonly #sockets = new Map<string, Socket>();
  readonly #max: number;
  readonly #crowdedOut: (remoteAddress: string) => void;

  constructor(max: number = limits.unfinishedConnections, crowdedOut: (remoteAddress: string) => void = () => undefined) {
    this.#max = max;
    this.#crowdedOut = crowdedOut;
  }

  get size(): number {
    return this.#sockets.size;
  }

  take(socket: Socket): void {
    const key = keyOf(socket);
    const [oldest] = this.#sockets.values();
    if (this.#sockets.size >= this.#max && oldest) {
      this.#crowdedOut(oldest.remoteAddress ?? '');
      this.done(oldest);
      oldest.destroy();
    }
    this.#sockets.set(key, socket);
    socket.once('close', () => {
      if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
    });
  }

  done(socket: Ends): void {
    this.#sockets.delete(keyOf(socket));
  }

  /** Nobody waits for who has not said anything yet. */
  destroyAll(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }
}

const keyOf = ({ remoteAddress = '', remotePort = 0 }: Ends): string => `${remoteAddress} ${remotePort}`;
