import { csmsCase, type Role, stationCase, type TestCase } from './case.ts';
import { CATALOGUE, type CatalogueEntry, type Profile } from './catalogue.ts';
import { featuresOf, holdsFor, parseCondition } from './condition.ts';
import { type Declared, FEATURES } from './features.ts';
import type { TestContext } from './test-context.ts';

export interface Selection {
  readonly role: Role;
  readonly profiles: readonly Profile[];
  readonly declared: Declared;
  /** Only these, whatever they are marked. */
  readonly ids?: readonly string[];
}

export type Selected =
  | { readonly entry: CatalogueEntry; readonly run: TestCase }
  | { readonly entry: CatalogueEntry; readonly title: string; readonly notApplicable: string };

/** Which cases are due, and why the others are not. Order of the catalogue. */
export function select({ role, profiles, declared, ids }: Selection, cases: ReadonlyMap<string, TestCase>): readonly Selected[] {
  const entries = CATALOGUE.filter(
    (entry) => entry.role === role && profiles.includes(entry.profile) && (ids === undefined || ids.includes(entry.id)),
  );
  const seen = new Set<string>();
  return entries.flatMap((entry): Selected[] => {
    if (seen.has(entry.id)) return [];
    seen.add(entry.id);
    const reason = whyNot(entry, declared);
    if (reason !== undefined) return [{ entry, title: cases.get(entry.id)?.title ?? '', notApplicable: reason }];
    return [{ entry, run: cases.get(entry.id) ?? unwritten(entry) }];
  });
}

const noCase = (t: TestContext): Promise<void> => Promise.resolve().then(() => t.inconclusive('the kit has no such case'));

/** A case of the catalogue that the kit has not: never green. */
function unwritten({ id, role }: CatalogueEntry): TestCase {
  return role === 'csms' ? csmsCase(id, 'not written', noCase) : stationCase(id, 'not written', noCase);
}

/** Undefined when the case applies; otherwise the condition and what was declared, in words. */
export function whyNot(entry: CatalogueEntry, declared: Declared): string | undefined {
  const condition = parseCondition(entry.condition);
  if (holdsFor(condition, declared)) return undefined;
  const named = [...new Set(featuresOf(condition))];
  const missing = named.map((id) => `${id} ${declared.has(id) ? 'declared' : 'not declared'} (${asks(id)})`);
  return `${entry.condition}: ${missing.join('; ')}`;
}

const asks = (id: string): string => FEATURES.find((feature) => feature.id === id)?.asks ?? id;
