/**
 * Every error a person or a program can meet outside the OCPP link: stable code, HTTP status, exit code of the
 * command line, the OCPP clause behind it (if any) and one sentence. RFC 9457 problem details are made from it.
 */
export const ERRORS = {
  'bad-usage': { http: 400, exit: 2, sentence: 'The command line or request is not understood.' },
  'invalid-request': { http: 422, exit: 2, sentence: 'The request does not fit its schema.' },
  'invalid-configuration': { http: 500, exit: 2, sentence: 'The configuration is not valid.' },
  'cannot-reach-csms': { http: 502, exit: 3, sentence: 'The station cannot reach its CSMS.' },
  'no-api': { http: 502, exit: 3, sentence: 'No CSMS answers at this address.' },
  'call-refused': { http: 502, exit: 9, sentence: 'The station refused the message with a CALLERROR.' },
  'password-line-break': { http: 400, exit: 3, clause: 'A00.FR.205', sentence: 'The password file ends with a line break.' },
  'port-taken': { http: 500, exit: 4, sentence: 'A port is taken by another process.' },
  'folder-not-writable': { http: 500, exit: 5, sentence: 'The data folder cannot be written.' },
  'folder-locked': { http: 500, exit: 5, sentence: 'The data folder is in use by another process.' },
  'folder-newer': { http: 500, exit: 5, sentence: 'The data folder was written by a newer Busbar.' },
  'folder-damaged': { http: 500, exit: 5, sentence: 'The data folder does not hold what its migrations say.' },
  'not-empty': { http: 409, exit: 5, sentence: 'Only an empty folder or database is filled.' },
  'not-possible': { http: 409, exit: 5, sentence: 'This cannot be done in one step.' },
  'backup-damaged': { http: 422, exit: 5, sentence: 'The backup is not what was written.' },
  'copy-differs': { http: 500, exit: 5, sentence: 'What was written differs from where it came from.' },
  'wrong-passphrase': { http: 422, exit: 7, sentence: 'The passphrase does not open this file.' },
  'database-too-old': { http: 500, exit: 6, sentence: 'The database is older than what Busbar is tested with.' },
  'database-taken': { http: 500, exit: 5, sentence: 'Another Busbar writes this database.' },
  'sqlite-too-old': { http: 500, exit: 6, sentence: 'This Node brings a SQLite with a known data-loss bug.' },
  'node-too-old': { http: 500, exit: 6, sentence: 'Node 24 or newer is needed.' },
  unauthorized: { http: 401, exit: 7, sentence: 'The sign-in or the API key is missing, wrong or has ended.' },
  forbidden: { http: 403, exit: 7, sentence: 'This person or key may not do that.' },
  'not-found': { http: 404, exit: 8, sentence: 'There is nothing at this address.' },
  'station-unknown': { http: 404, exit: 8, sentence: 'No station with this id is registered.' },
  'station-exists': { http: 409, exit: 8, sentence: 'A station with this id is already registered.' },
  'station-has-transactions': { http: 409, exit: 8, sentence: 'The station has transactions; it can be retired, not deleted.' },
  'transaction-unknown': { http: 404, exit: 8, sentence: 'The station never spoke of such a transaction.' },
  'token-unknown': { http: 404, exit: 8, sentence: 'No such token is stored.' },
  conflict: { http: 409, exit: 8, sentence: 'The present state does not allow it.' },
  'not-connected': { http: 409, exit: 9, sentence: 'The station is not connected.' },
  'not-accepted': { http: 409, exit: 9, clause: 'B03.FR.03', sentence: 'The station is rejected, it may not be sent anything.' },
  'not-in-version': { http: 422, exit: 9, sentence: 'The OCPP version of this station does not know the message or value.' },
  'queue-full': { http: 409, exit: 9, sentence: 'Too many commands wait for this station already.' },
  'no-answer': { http: 504, exit: 9, sentence: 'The station did not answer in time; whether it acted is unknown.' },
  'test-mode-only': { http: 403, exit: 7, sentence: 'This is possible in test mode only (--test-mode).' },
  'too-large': { http: 413, exit: 2, sentence: 'The request is larger than the limit.' },
  'too-many-requests': { http: 429, exit: 9, sentence: 'Too many requests.' },
  'oidc-unavailable': { http: 502, exit: 3, sentence: 'The identity provider does not answer as it should.' },
  'energy-differs': { http: 500, exit: 10, sentence: 'The energy of the CSMS differs from the meter.' },
  'recording-damaged': { http: 422, exit: 2, sentence: 'The file is no recording of a session.' },
  'recording-differs': { http: 500, exit: 11, sentence: 'The CSMS answered a recorded session otherwise.' },
  'store-unavailable': { http: 503, exit: 5, sentence: 'The store cannot write.' },
  internal: { http: 500, exit: 1, sentence: 'A bug in Busbar; the log has the details.' },
} as const satisfies Record<string, { http: number; exit: number; sentence: string; clause?: string }>;

export type ErrorCode = keyof typeof ERRORS;

export class BusbarError extends Error {
  readonly code: ErrorCode;
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(
    code: ErrorCode,
    /** What happened to whom, and what to do; the catalogue's sentence when left out. */
    detail?: string,
    options: { fields?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(detail ?? ERRORS[code].sentence, { cause: options.cause });
    this.name = 'BusbarError';
    this.code = code;
    this.fields = options.fields ?? {};
  }
}

/** A condition that only a bug can break; stays on in production. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new BusbarError('internal', `assertion failed: ${why}`);
}

/** Text of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);
