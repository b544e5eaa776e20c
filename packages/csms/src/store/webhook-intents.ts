import type { Instant } from '@busbar/runtime';
import type { StationRow } from './intents.ts';

/** Kinds of events that leave the house. */
export const OUTSIDE_EVENTS = [
  'transactionStarted',
  'transactionEnded',
  'connectorStatus',
  'stationBooted',
  'securityEvent',
  'commandEnded',
] as const;
export type OutsideEvent = (typeof OUTSIDE_EVENTS)[number];

export interface WebhookRecord {
  readonly id: string;
  readonly url: string;
  readonly types: readonly OutsideEvent[];
  /** Of these sites only; null = all. */
  readonly sites: readonly number[] | null;
  readonly active: boolean;
  readonly note: string;
  /** Counts up when its secret is changed. */
  readonly secretVersion: number;
  readonly createdBy: string;
  readonly createdAt: Instant;
}

export interface DeliveryInput {
  readonly id: string;
  readonly webhook: string;
  readonly eventId: string;
  readonly type: string;
  /** When it happened. */
  readonly at: Instant;
  readonly body: string;
  readonly createdAt: Instant;
}

export interface DeliveryRecord extends DeliveryInput {
  readonly state: 'pending' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly nextAt: Instant;
  readonly status: number | null;
  readonly error: string | null;
  readonly endedAt: Instant | null;
}

/** An event that waits to be handed to webhooks. */
export interface OutboxRecord {
  readonly id: number;
  readonly eventId: string;
  readonly type: string;
  readonly station: StationRow;
  readonly at: Instant;
  readonly body: string;
}

export type WebhookIntent =
  | { readonly k: 'webhookPut'; readonly webhook: WebhookRecord }
  | { readonly k: 'webhookDelete'; readonly id: string }
  /** The outbox up to there is handed over: its deliveries stand, its rows go, in one commit. */
  | { readonly k: 'webhookFanOut'; readonly until: number; readonly deliveries: readonly DeliveryInput[] }
  | { readonly k: 'webhookTest'; readonly delivery: DeliveryInput }
  | {
      readonly k: 'webhookTried';
      readonly id: string;
      readonly state: DeliveryRecord['state'];
      readonly at: Instant;
      readonly nextAt: Instant;
      readonly status?: number;
      readonly error?: string;
    }
  | { readonly k: 'webhookLogRetain'; readonly before: Instant };

export interface WebhookReader {
  webhooks(): Promise<readonly WebhookRecord[]>;
  outbox(limit: number): Promise<readonly OutboxRecord[]>;
  /** Newest first. */
  deliveries(webhook: string, limit: number, before?: string): Promise<readonly DeliveryRecord[]>;
  /** Of one webhook: those whose time has come, the longest waiting first. */
  deliveriesDue(webhook: string, at: Instant, limit: number): Promise<readonly DeliveryRecord[]>;
  /** When the next one behind this time is due. */
  nextDelivery(webhook: string, behind: Instant): Promise<Instant | undefined>;
}
