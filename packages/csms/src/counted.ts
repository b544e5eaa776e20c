import { RPC_ERROR_CODES } from '@busbar/protocol';
import { Tally } from './tally.ts';

/** What happened since this process started, for who watches it from outside (`http/metrics.ts`). */
export class Counted {
  /** By the HTTP status of the answer; 0: TLS failed before there was one. */
  readonly refusedHandshakes = new Tally(['0', '101', '400', '401', '404', '429', '503']);
  readonly callErrorsSent = new Tally(RPC_ERROR_CODES);
  readonly callErrorsReceived = new Tally(RPC_ERROR_CODES);
  /** Commands by how they ended. */
  readonly commands = new Tally(['answered', 'refused', 'unknown', 'notSent']);
  /** Attempts to deliver a webhook: taken, to be tried again, given up. */
  readonly webhookAttempts = new Tally(['delivered', 'failed', 'dead']);
}
