type Fields = Readonly<Record<string, unknown>>;

/**
 * How an answer differs in shape from the recorded one: fields that are missing or new, other kinds of value, and another
 * `status`, which is the one value that is a decision. Times, texts and numbers may differ.
 */
export function shapeDifferences(recorded: unknown, live: unknown, at = ''): readonly string[] {
  const [was, is] = [kindOf(recorded), kindOf(live)];
  if (was !== is) return [`${at || '/'} is ${is}, in the recording ${was}`];
  if (isFields(recorded) && isFields(live)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(live)])].sort();
    return names.flatMap((name) => fieldDifferences(recorded, live, name, `${at}/${name}`));
  }
  if (Array.isArray(recorded) && Array.isArray(live)) {
    if (recorded.length !== live.length) return [`${at || '/'} has ${live.length} elements, in the recording ${recorded.length}`];
    const others: readonly unknown[] = live;
    return recorded.flatMap((element: unknown, index) => shapeDifferences(element, others[index], `${at}/${index}`));
  }
  return [];
}

function fieldDifferences(recorded: Fields, live: Fields, name: string, at: string): readonly string[] {
  if (!(name in live)) return [`${at} is missing`];
  if (!(name in recorded)) return [`${at} is new`];
  const [was, is] = [recorded[name], live[name]];
  if (name === 'status' && was !== is && typeof is === 'string') return [`${at} is ${is}, in the recording ${String(was)}`];
  return shapeDifferences(was, is, at);
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
