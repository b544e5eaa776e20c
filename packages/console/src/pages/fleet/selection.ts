/** Which stations are selected, and from where a range goes on. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | undefined;
}

export const NOBODY: Selection = { ids: new Set(), anchor: undefined };

export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** Everything between the last one that was touched and this one, in the order of the list. */
export function ranged(selection: Selection, id: string, order: readonly string[]): Selection {
  const from = selection.anchor === undefined ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return toggled(selection, id);
  return { ids: new Set([...selection.ids, ...order.slice(Math.min(from, to), Math.max(from, to) + 1)]), anchor: id };
}

export const allOf = (order: readonly string[]): Selection => ({ ids: new Set(order), anchor: undefined });

/** In the order of the list; those that left it are left out. */
export const chosenOf = ({ ids }: Selection, order: readonly string[]): readonly string[] => order.filter((id) => ids.has(id));
