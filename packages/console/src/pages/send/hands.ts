import type { FormDescriptor } from '@busbar/api';
import { pointerOf } from '../../design/json-text.ts';
import type { Draft } from './draft.ts';
import type { FormHands } from './form-fields.tsx';
import { changed, ordered } from './form-model.ts';

/** What fields do with the draft. */
export function handsOf(
  form: FormDescriptor,
  change: (next: (draft: Draft) => Draft) => void,
  focus: (pointer: string) => void,
): Omit<FormHands, 'marked' | 'faults'> {
  return {
    form,
    focus,
    set: (path, value) => change((before) => ({ ...before, value: ordered(form, changed(before.value, path, value)), text: undefined })),
    add: (path, value) => {
      const pointer = pointerOf(path);
      change((before) => ({
        value: value === undefined ? before.value : ordered(form, changed(before.value, path, value)),
        added: new Set([...before.added, pointer]),
        text: undefined,
      }));
    },
    remove: (path, pointer) =>
      change((before) => ({
        value: changed(before.value, path, undefined),
        added: new Set([...before.added].filter((one) => one !== pointer && !one.startsWith(`${pointer}/`))),
        text: undefined,
      })),
  };
}
