import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Role } from '../case.ts';
import { PROFILES, type Profile } from '../catalogue.ts';
import { type Declared, declaredFrom } from '../features.ts';
import { readSettings, type Settings } from '../settings.ts';

/** A mistake of the person at the keyboard. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function profilesFrom(text: string): readonly Profile[] {
  return text.split(',').map((name) => {
    const profile = PROFILES.find((known) => known === name.trim());
    if (profile === undefined) throw new UsageError(`--profile knows ${PROFILES.join(', ')}, not "${name}".`);
    return profile;
  });
}

/** What a file declares; undefined without one. */
export function featuresFrom(path: string | undefined, role: Role): Declared | undefined {
  if (path === undefined) return undefined;
  const file: unknown = parse(readFileSync(path, 'utf8'));
  if (typeof file !== 'object' || file === null)
    throw new UsageError(`${path} holds no features; busbar check features writes such a file.`);
  try {
    return declaredFrom(Object.fromEntries(Object.entries(file)), role);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Settings of the system under test from a YAML file; the laboratory's own without one. */
export function settingsFrom(path: string | undefined): Partial<Settings> {
  if (path === undefined) return {};
  const file: unknown = parse(readFileSync(path, 'utf8'));
  try {
    return readSettings(file);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
