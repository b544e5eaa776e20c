import type { CsmsCase } from '../case.ts';

export const CSMS_CASES: readonly CsmsCase[] = [];
