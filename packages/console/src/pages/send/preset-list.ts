import { isRecord, type Values } from './form-model.ts';

export interface Preset {
  readonly name: string;
  readonly version: string;
  readonly action: string;
  readonly payload: Values;
}

/** What one person keeps; the oldest goes when there are more. */
const MOST = 50;

/** Settings are written by any version of the console: what is no preset is left out. */
export function presetsOf(settings: unknown): readonly Preset[] {
  const kept: unknown = isRecord(settings) ? settings['presets'] : undefined;
  return (Array.isArray(kept) ? kept : [])
    .filter(isRecord)
    .flatMap(({ name, version, action, payload }) =>
      typeof name === 'string' && typeof version === 'string' && typeof action === 'string' && isRecord(payload)
        ? [{ name, version, action, payload }]
        : [],
    );
}

/** A name is used once. */
export const withPreset = (presets: readonly Preset[], preset: Preset): readonly Preset[] =>
  [...presets.filter(({ name }) => name !== preset.name), preset].slice(-MOST);
