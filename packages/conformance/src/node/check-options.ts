import { readFileSync } from 'node:fs';
import { messageOf } from '@busbar/runtime';
import { parse } from 'yaml';
import type { Role } from '../case.ts';
import { PROFILES, type Profile } from '../catalogue.ts';
import { type Declared, declaredFrom } from '../features.ts';
import { readSettings, type Settings } from '../settings.ts';

/** A mistake of the person at the keyboard. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A file that the command line names. */
export function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  }
}

function yamlOf(path: string): unknown {
  const text = fileText(path);
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(`${path} is no YAML: ${messageOf(error)}`);
  }
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
  const file = yamlOf(path);
  if (typeof file !== 'object' || file === null)
    throw new UsageError(`${path} holds no features; busbar check features writes such a file.`);
  try {
    return declaredFrom(Object.fromEntries(Object.entries(file)), role);
  } catch (error) {
    throw new UsageError(`${path}: ${messageOf(error)}`);
  }
}

/** Settings of the system under test from a YAML file; the laboratory's own without one. */
export function settingsFrom(path: string | undefined): Partial<Settings> {
  if (path === undefined) return {};
  const file = yamlOf(path);
  try {
    return readSettings(file);
  } catch (error) {
    throw new UsageError(`${path}: ${messageOf(error)}`);
  }
}
