import { isSecurityEvent, SECURITY_EVENTS, type SecurityEvent } from '@busbar/protocol';
import { type Instant, limits } from '@busbar/runtime';
import type { Kernel } from '../../kernel.ts';
import type { Station } from '../../stations.ts';

/** What this CSMS notices itself and the appendices have no name for. */
export type OwnEvent =
  | 'FailedTlsHandshake'
  | 'UnfinishedTlsHandshake'
  | 'TlsRenegotiationRefused'
  | 'CertificateRequestRefused'
  | 'UploadRefused';

/** Events of connections that never said which station they are. */
export const NO_STATION = 0;

/**
 * Security events that the CSMS makes itself. They have room of their own: who knocks again and again with a wrong password can
 * neither fill the disk nor use up what the station itself may report (A04).
 */
export class SecurityLog {
  readonly #kernel: () => Kernel;
  readonly #noted = new Map<number, { since: Instant; count: number }>();

  constructor(kernel: () => Kernel) {
    this.#kernel = kernel;
  }

  /** Resolves when it is stored, or was one too many. */
  async note(station: Station | undefined, type: SecurityEvent | OwnEvent, techInfo: string): Promise<void> {
    const { clock, queue } = this.#kernel();
    const row = station?.record.row ?? NO_STATION;
    const now = clock.now();
    const count = this.#count(row, now);
    if (count > limits.securityEventsPerHour) return;
    const last = count === limits.securityEventsPerHour;
    await queue.commit([
      {
        k: 'securityEvent',
        station: row,
        at: now,
        receivedAt: now,
        type,
        critical: isSecurityEvent(type) ? SECURITY_EVENTS[type] : false,
        source: 'csms',
        techInfo: `${last ? 'no more of this hour are stored: ' : ''}${techInfo}`.slice(0, 255),
      },
    ]);
  }

  #count(row: number, now: Instant): number {
    const known = this.#noted.get(row);
    if (known && now - known.since < limits.securityEventWindowMs) {
      known.count += 1;
      return known.count;
    }
    this.#noted.delete(row);
    this.#noted.set(row, { since: now, count: 1 });
    return 1;
  }
}

/** By the words of OpenSSL and of our own listener. */
export function tlsEvent(reason: string): SecurityEvent | OwnEvent {
  if (/unsupported protocol|protocol version|version too low/i.test(reason)) return 'InvalidTLSVersion';
  if (/no shared cipher|insufficient security/i.test(reason)) return 'InvalidTLSCipherSuite';
  if (/negotiate anew/.test(reason)) return 'TlsRenegotiationRefused';
  if (/within|made room/.test(reason)) return 'UnfinishedTlsHandshake';
  return 'FailedTlsHandshake';
}
