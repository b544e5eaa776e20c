import { BusbarError, ERRORS } from '@busbar/runtime';

/** What a command ends with: the catalogue's number, so that scripts can tell one failure from another. */
export const exitCodeOf = (error: unknown): number => (error instanceof BusbarError ? ERRORS[error.code].exit : ERRORS.internal.exit);
