import { isAction, type VersionRules } from '@busbar/protocol';
import { isRecord } from '@busbar/runtime';

/** Whether the payload still fits its schema: a mutation that breaks it would be caught by the schema, not by the case. */
export function fitsSchema(rules: VersionRules, action: string | undefined, type: 'call' | 'result', payload: unknown): boolean {
  if (action === undefined || !isAction(action)) return true;
  return (type === 'call' ? rules.requestFault(action, payload) : rules.responseFault(action, payload)) === undefined;
}

/** A copy with another value at the path; `undefined` removes it. Undefined when there is no such place. */
export function replaced(value: unknown, path: string, by: unknown): unknown {
  if (path === '') return by;
  const [key = '', ...rest] = path.split('.');
  if (Array.isArray(value)) {
    const index = Number(key);
    if (!Number.isInteger(index) || index > value.length) return undefined;
    const copy: unknown[] = [...value];
    if (rest.length > 0) {
      const inner = replaced(copy[index], rest.join('.'), by);
      if (inner === undefined) return undefined;
      copy[index] = inner;
    } else if (by === undefined) copy.splice(index, 1);
    else copy[index] = by;
    return copy;
  }
  if (!isRecord(value)) return undefined;
  const { [key]: old, ...others } = value;
  if (rest.length > 0) {
    const inner = replaced(old ?? (by === undefined ? undefined : {}), rest.join('.'), by);
    return inner === undefined ? undefined : { ...value, [key]: inner };
  }
  return by === undefined ? others : { ...value, [key]: by };
}
