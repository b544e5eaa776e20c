import type { WebRequest } from './outside.ts';

/** An address of the kit's file server as a case sees it. */
export interface TestPage {
  readonly url: string;
  readonly secureUrl: string;
  /** What came so far. */
  readonly requests: readonly WebRequest[];
  /** Lets stalled answers go. */
  release(): void;
  /** Waits for the request of this number (from 0). */
  request(step: number, n?: number, within?: number): Promise<WebRequest>;
}
