export type Side = 'cs' | 'csms';
export type Sides = Side | 'both' | 'unknown';

export interface Requirement {
  readonly id: string;
  readonly useCase: string;
  readonly sides: Sides;
  readonly withdrawn?: boolean;
  /** Entries of the errata that added or changed it. */
  readonly addedBy?: string;
  readonly changedBy?: string;
}

export interface TestCaseId {
  readonly id: string;
  readonly withdrawn?: boolean;
}

/** docs/requirements.json */
export interface RequirementList {
  readonly requirements: readonly Requirement[];
  readonly testCases: readonly TestCaseId[];
  readonly only21: readonly string[];
}

/** docs/requirement-notes.json: why a requirement has no test. The key is an id or a whole use case. */
export type Note = { readonly side?: Side } & ({ readonly notApplicable: string } | { readonly later: string; readonly why: string });
export type Notes = Readonly<Record<string, Note | readonly Note[]>>;

export const sidesOf = (sides: Sides): readonly Side[] => (sides === 'both' ? ['cs', 'csms'] : sides === 'unknown' ? [] : [sides]);
