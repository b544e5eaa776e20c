import type { Direction } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';

/** What a person wants to see while a station runs: frames as they went, and decisions in words. */
export type TraceEvent =
  | { readonly kind: 'frame'; readonly at: Instant; readonly direction: Direction; readonly text: string }
  | { readonly kind: 'link'; readonly at: Instant; readonly state: 'dialling' | 'open' | 'lost' | 'failed'; readonly detail: string }
  | { readonly kind: 'registration'; readonly at: Instant; readonly state: RegistrationState; readonly intervalS: number }
  | {
      readonly kind: 'transaction';
      readonly at: Instant;
      readonly evseId: number;
      readonly transactionId: string;
      readonly eventType: 'Started' | 'Updated' | 'Ended';
      readonly triggerReason: string;
      readonly seqNo: number;
    }
  | { readonly kind: 'connector'; readonly at: Instant; readonly evseId: number; readonly connectorId: number; readonly status: string }
  /** Anything else that was decided, in one sentence, with the requirement behind it where there is one. */
  | { readonly kind: 'decision'; readonly at: Instant; readonly text: string };

export type RegistrationState = 'unknown' | 'pending' | 'rejected' | 'accepted';
