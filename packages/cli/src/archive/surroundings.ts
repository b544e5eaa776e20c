import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Asking } from './passphrase.ts';

export interface ArchiveSurroundings extends Asking {
  readonly write: (text: string) => void;
  readonly progress: (text: string) => void;
}

/** A new name that survives a power cut. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  const folder = openSync(dirname(to), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

export const megabytes = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
export const plural = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
