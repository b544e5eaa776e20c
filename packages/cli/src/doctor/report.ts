import type { ErrorCode } from '@busbar/runtime';

export const STEPS = ['Address', 'DNS', 'TCP', 'TLS', 'Clock', 'Sign in', 'Subprotocol', 'Boot'] as const;
export type StepName = (typeof STEPS)[number];

/** `careful`: works today and will bite later. `skipped`: there was nothing to look at. */
export type StepState = 'ok' | 'careful' | 'wrong' | 'skipped' | 'notReached';

export interface Step {
  readonly name: StepName;
  readonly state: StepState;
  readonly text: string;
  readonly ms?: number;
}

/** What is wrong in one or two sentences, then labelled lines: seen, do, or, why, clause. */
export interface Advice {
  readonly verdict: string;
  readonly lines: readonly (readonly [label: string, text: string])[];
  readonly code: ErrorCode;
}

export interface DoctorReport {
  readonly id: string;
  readonly url: string;
  /** What connecting does to the station itself. */
  readonly notice: string;
  readonly steps: readonly Step[];
  readonly advice?: Advice;
  readonly exitCode: number;
}

/** Thrown by a step that cannot go on. */
export class StepFailed extends Error {
  readonly text: string;
  readonly advice: Advice;
  constructor(text: string, advice: Omit<Advice, 'code'> & { readonly code?: ErrorCode }) {
    super(text);
    this.name = 'StepFailed';
    this.text = text;
    this.advice = { code: 'cannot-reach-csms', ...advice };
  }
}
