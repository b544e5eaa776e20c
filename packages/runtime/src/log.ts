export type LogFields = Readonly<Record<string, unknown>>;

/** Events with fields, one line per decision. Secrets never come here: see `Secret`. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  child(fields: LogFields): Log;
}

const nothing = (): void => undefined;
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silentLog };

/** A value whose printed form is masked, wherever it ends up. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '***';
  }
  toJSON(): string {
    return '***';
  }
}

/** The last four characters of an id token, for people who must recognise it and logs that must not hold it. */
export const maskToken = (idToken: string): string => (idToken.length <= 4 ? '...' : `...${idToken.slice(-4)}`);
