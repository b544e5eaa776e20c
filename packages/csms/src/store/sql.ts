/** What a statement binds. */
export type SqlValue = string | number | null | Uint8Array;
export type Row = Readonly<Record<string, unknown>>;

/** How the reader asks; the engine knows how. */
export type Query = (sql: string, ...values: SqlValue[]) => Promise<readonly Row[]>;

/**
 * One statement of a program, in the common subset of SQLite and PostgreSQL (ADR 4), with `?` or `?1` for values.
 * `nothing`: nobody looks at what it changed, so an engine far away need not wait for it.
 */
export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  readonly want: 'rows' | 'changes' | 'nothing';
}

/** Writes of the hot path, which each engine has its own way for. */
export type LedgerWrite =
  | { readonly write: 'txNew'; readonly values: readonly SqlValue[] }
  | { readonly write: 'txUpdate'; readonly id: number; readonly values: readonly SqlValue[] }
  | { readonly write: 'event' | 'conflict'; readonly values: readonly SqlValue[] };

export type Step = Statement | LedgerWrite | { readonly control: 'begin' | 'commit' | 'rollback' | 'save' | 'release' | 'back' };

/** Rows of a reading statement; else how many rows were changed, or the number of the new transaction. */
export interface Answer {
  readonly rows: readonly Row[];
  readonly changes: number;
}

/**
 * What is to be done in the database, told step by step: the engine takes a step and hands back its answer, SQLite at once,
 * PostgreSQL when it has come. So every rule about what is written stands once.
 */
export type Program<T> = Generator<Step, T, Answer>;

/** Needed only where the order to the ledger's own writes matters: those are held back until then. */
export const LEDGER_TABLES = /\btx(_event|_event_conflict)?\b/;

export function* rows(sql: string, ...values: SqlValue[]): Program<readonly Row[]> {
  return (yield { sql, values, want: 'rows' }).rows;
}
export function* one(sql: string, ...values: SqlValue[]): Program<Row | undefined> {
  return (yield { sql, values, want: 'rows' }).rows[0];
}
/** Returns how many rows it changed. */
export function* run(sql: string, ...values: SqlValue[]): Program<number> {
  return (yield { sql, values, want: 'changes' }).changes;
}
export function* tell(sql: string, ...values: SqlValue[]): Program<void> {
  yield { sql, values, want: 'nothing' };
}

/** Runs a program where every answer is there at once. */
export function runNow<T>(program: Program<T>, execute: (step: Step) => Answer): T {
  let next = program.next();
  while (next.done !== true) {
    let answer: Answer;
    try {
      answer = execute(next.value);
    } catch (error) {
      next = program.throw(error);
      continue;
    }
    next = program.next(answer);
  }
  return next.value;
}

/** Runs a program whose answers take time. */
export async function runLater<T>(program: Program<T>, execute: (step: Step) => Answer | Promise<Answer>): Promise<T> {
  let next = program.next();
  while (next.done !== true) {
    let answer: Answer;
    try {
      const given = execute(next.value);
      answer = given instanceof Promise ? await given : given;
    } catch (error) {
      next = program.throw(error);
      continue;
    }
    next = program.next(answer);
  }
  return next.value;
}
