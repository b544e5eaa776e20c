import type { VersionRules } from '@busbar/protocol';
import { isRecord } from '@busbar/runtime';
import type { Evidence, Expectation } from '../expectation.ts';
import { at, fits } from '../field.ts';
import { actionsOf, callText, errorText, partsOf, resultText } from '../frames.ts';
import type { TraceEntry } from '../trace.ts';
import { fitsSchema, replaced } from './payloads.ts';
import { otherValues, type Pool } from './values.ts';

/** A trace with one thing wrong. */
export interface Mutation {
  readonly says: string;
  readonly entries: readonly TraceEntry[];
}

export interface Recording {
  readonly entries: readonly TraceEntry[];
  readonly rules: VersionRules;
  readonly pool: Pool;
}

/** Longer than any case waits for anything. */
const TOO_LATE_MS = 400_000;

const withEntry = (entries: readonly TraceEntry[], number: number, entry: TraceEntry): readonly TraceEntry[] =>
  entries.map((old, place) => (place === number ? entry : old));
const inserted = (entries: readonly TraceEntry[], after: number, ...fresh: readonly TraceEntry[]): readonly TraceEntry[] => [
  ...entries.slice(0, after + 1),
  ...fresh,
  ...entries.slice(after + 1),
];
/** From this entry on everything comes later. */
const delayed = (entries: readonly TraceEntry[], from: number, byMs: number): readonly TraceEntry[] =>
  entries.map((entry, number) => (number < from ? entry : { ...entry, at: entry.at + byMs }));

/** Without these CALLs of the system under test, nor the answers to them: what never came is never answered. */
function withoutCalls(entries: readonly TraceEntry[], gone: (number: number, action: string) => boolean): readonly TraceEntry[] {
  const unasked = new Set<string>();
  return entries.filter((entry, number) => {
    const parts = entry.kind === 'frame' ? partsOf(entry.text) : undefined;
    if (entry.kind !== 'frame' || parts === undefined) return true;
    const id = `${entry.link} ${parts.id}`;
    if (entry.by === 'tool') return parts.type === 'call' || !unasked.has(id);
    if (parts.type !== 'call' || !gone(number, parts.action)) return true;
    unasked.add(id);
    return false;
  });
}

/** All on the link before: what a station does that never left. */
function unbroken(entries: readonly TraceEntry[], knock: number): readonly TraceEntry[] {
  const entry = entries[knock];
  const before = entries.slice(0, knock).findLast((other) => other.kind === 'opened');
  if (entry?.kind !== 'knock' || before?.kind !== 'opened') return entries;
  return entries.flatMap((other): readonly TraceEntry[] => {
    if (!('link' in other)) return [other];
    if (other.kind === 'closed' && other.link === before.link) return [];
    if (other.link !== entry.link) return [other];
    return other.kind === 'knock' || other.kind === 'opened' ? [] : [{ ...other, link: before.link }];
  });
}

/** The system falls silent; its driver still answers. */
const silentFrom = (entries: readonly TraceEntry[], from: number): readonly TraceEntry[] =>
  entries.filter((entry, number) => number < from || entry.by === 'tool' || entry.kind === 'reply');

/** Never comes. */
function dropped(entries: readonly TraceEntry[], number: number): readonly TraceEntry[] {
  const entry = entries[number];
  const isCall = entry?.kind === 'frame' && partsOf(entry.text)?.type === 'call';
  return isCall ? withoutCalls(entries, (other) => other === number) : entries.filter((_, other) => other !== number);
}

/** What is wrong exactly where the expectation looked. */
export function* targeted(expectation: Expectation, recording: Recording): Generator<Mutation> {
  const { evidence, step, says } = expectation;
  if (step === -1) yield* brokenRules(says, recording);
  if (evidence === undefined) return;
  if (evidence.absent) yield* noise(evidence.entry, evidence.absent, recording);
  else if (evidence.path !== undefined) yield* wrongValues(evidence.entry, evidence.path, recording, evidence.wrong);
  yield* wrongEntry(evidence.entry, recording);
}

function* wrongValues(number: number, path: string, { entries, rules, pool }: Recording, wrong?: unknown): Generator<Mutation> {
  const entry = entries[number];
  if (entry === undefined) return;
  const known = wrong === undefined ? [] : [wrong];
  if (entry.kind !== 'frame') {
    const place = entry.kind === 'reply' ? `answer${path === '' ? '' : `.${path}`}` : path;
    for (const value of [...known, ...otherValues(at(entry, place), lastKey(place), pool)]) {
      const next = replaced(entry, place, value);
      if (isEntry(next)) yield { says: `${place} of entry ${number} is ${String(value)}`, entries: withEntry(entries, number, next) };
    }
    return;
  }
  const parts = partsOf(entry.text);
  if (parts?.type === 'error')
    yield {
      says: `the CALLERROR of entry ${number} has another code`,
      entries: withEntry(entries, number, { ...entry, text: errorText(parts.id) }),
    };
  if (parts === undefined || parts.type === 'error') return;
  const action = actionsOf(entries).get(number);
  for (const value of [...known, ...otherValues(at(parts.payload, path), lastKey(path), pool)]) {
    const payload = replaced(parts.payload, path, value);
    if (payload === undefined || !fitsSchema(rules, action, parts.type, payload)) continue;
    const text = parts.type === 'call' ? callText(parts.id, parts.action, payload) : resultText(parts.id, payload);
    yield {
      says: `${path} of entry ${number} is ${JSON.stringify(value) ?? 'absent'}`,
      entries: withEntry(entries, number, { ...entry, text }),
    };
  }
}

/** The whole entry is not what it was. */
function* wrongEntry(number: number, { entries }: Recording): Generator<Mutation> {
  const entry = entries[number];
  if (entry === undefined || entry.by === 'tool') return;
  if (entry.kind === 'opened')
    yield {
      says: 'refused instead of opened',
      entries: withEntry(entries, number, {
        kind: 'refused',
        by: 'sut',
        link: entry.link,
        failure: 'http',
        status: 503,
        reason: 'broken on purpose',
        at: entry.at,
      }),
    };
  if (entry.kind === 'refused')
    yield {
      says: 'opened instead of refused',
      entries: withEntry(entries, number, { kind: 'opened', by: 'sut', link: entry.link, subprotocol: 'ocpp2.0.1', at: entry.at }),
    };
  if (entry.kind === 'frame') {
    const parts = partsOf(entry.text);
    if (parts?.type === 'result')
      yield { says: 'a CALLERROR instead of the answer', entries: withEntry(entries, number, { ...entry, text: errorText(parts.id) }) };
    if (parts?.type === 'error')
      yield {
        says: 'an answer instead of the CALLERROR',
        entries: withEntry(entries, number, { ...entry, text: resultText(parts.id, {}) }),
      };
  }
  yield { says: `from entry ${number} on nothing comes`, entries: silentFrom(entries, number) };
  yield { says: `entry ${number} (${entry.kind}) never comes`, entries: dropped(entries, number) };
  if (entry.kind === 'frame') {
    const parts = partsOf(entry.text);
    if (parts?.type === 'call')
      yield {
        says: `no ${parts.action} from entry ${number} on`,
        entries: withoutCalls(entries, (other, action) => other >= number && action === parts.action),
      };
  }
  yield {
    says: `entry ${number} (${entry.kind}) comes at once`,
    entries: delayed(entries, number, (entries[number - 1]?.at ?? 0) - entry.at),
  };
  yield { says: `entry ${number} (${entry.kind}) comes far too late`, entries: delayed(entries, number, TOO_LATE_MS) };
}

/** A message where none may come: one of its kind out of this or any other case. */
function* noise(after: number, { action, where }: NonNullable<Evidence['absent']>, { entries, pool }: Recording): Generator<Mutation> {
  const link = entries.slice(0, after + 1).findLast((entry) => entry.kind === 'frame');
  if (link?.kind !== 'frame') return;
  for (const payload of pool.calls(action)) {
    const changed = Object.entries(where).reduce<unknown>(
      (made, [path, field]) => (typeof field === 'object' ? made : (replaced(made, path, field) ?? made)),
      payload,
    );
    if (!fits(changed, where)) continue;
    const text = callText(`noise-${after}`, action, changed);
    for (const place of [after, after - 1, after - 2, after - 4]) {
      const before = entries[place];
      if (before === undefined) continue;
      const fresh: TraceEntry = { kind: 'frame', by: 'sut', link: link.link, text, at: before.at + 1 };
      yield { says: `${action} comes where nothing may`, entries: inserted(entries, place, fresh) };
    }
  }
}

/** What the rules for every case have to find out. */
function* brokenRules(says: string, { entries }: Recording): Generator<Mutation> {
  for (const [number, entry] of entries.entries()) {
    if (entry.kind !== 'frame' || entry.by !== 'sut') continue;
    const parts = partsOf(entry.text);
    const fresh = (text: string): readonly TraceEntry[] => inserted(entries, number, { ...entry, text });
    if (says.includes('well-formed')) yield { says: 'a frame that is cut off', entries: fresh(entry.text.slice(0, -3)) };
    else if (says.includes('schema'))
      yield { says: 'a CALL without its fields', entries: fresh(callText('broken', 'BootNotification', {})) };
    else if (parts?.type === 'result') yield { says: 'an answer comes twice', entries: fresh(entry.text) };
    else yield { says: 'an answer that nobody asked', entries: fresh(resultText('nobody', {})) };
  }
}

/** Everything that may be wrong anywhere, one thing at a time. */
export function* sweep(recording: Recording): Generator<Mutation> {
  const { entries } = recording;
  const hello = entries.findIndex(({ kind }) => kind === 'knock');
  const broken: TraceEntry = { kind: 'tlsFailed', by: 'sut', reason: 'broken on purpose', at: entries[hello]?.at ?? 0 };
  if (hello >= 0) yield { says: 'a TLS handshake breaks', entries: inserted(entries, hello, broken) };
  yield { says: 'no TLS handshake breaks', entries: entries.filter(({ kind }) => kind !== 'tlsFailed') };
  for (const [number, { kind }] of entries.entries())
    if (kind === 'knock') yield { says: `the link before entry ${number} never broke`, entries: unbroken(entries, number) };
  const theirs = entries.flatMap((entry, number) => (entry.by === 'sut' ? [{ entry, number }] : []));
  for (const { number } of theirs) yield* wrongEntry(number, recording);
  for (const { entry, number } of theirs) {
    const next = entries[number + 1];
    if (next?.by === 'sut')
      yield {
        says: `entries ${number} and ${number + 1} change places`,
        entries: withEntry(withEntry(entries, number, next), number + 1, entry),
      };
    for (const ms of [1000, 5000, 30_000]) yield { says: `entry ${number} comes ${ms} ms later`, entries: delayed(entries, number, ms) };
    if (entry.kind === 'knock' || entry.kind === 'tlsFailed' || entry.kind === 'web')
      yield { says: `entry ${number} (${entry.kind}) comes twice`, entries: inserted(entries, number, entry) };
    if (entry.kind !== 'frame') continue;
    const parts = partsOf(entry.text);
    if (parts?.type !== 'call') continue;
    const gone: TraceEntry = { kind: 'closed', by: 'sut', link: entry.link, code: 1006, reason: 'broken on purpose', at: entry.at };
    yield { says: `the link is lost after entry ${number}`, entries: inserted(entries, number, gone) };
    const twin = { ...entry, text: callText(`${parts.id}-twin`, parts.action, parts.payload) };
    yield { says: `${parts.action} of entry ${number} comes twice`, entries: inserted(entries, number, twin) };
    for (const early of [2, 4, 8])
      yield {
        says: `${parts.action} comes ${early} entries too early`,
        entries: inserted(entries, Math.max(0, number - early), { ...twin, at: (entries[Math.max(0, number - early)]?.at ?? 0) + 1 }),
      };
    for (const late of [2, 6])
      yield { says: `${parts.action} comes again later`, entries: inserted(entries, Math.min(entries.length - 1, number + late), twin) };
  }
  for (const { entry, number } of theirs) {
    const parts = entry.kind === 'frame' ? partsOf(entry.text) : undefined;
    if (entry.kind === 'knock') for (const path of leaves(entry.handshake)) yield* wrongValues(number, `handshake.${path}`, recording);
    if (entry.kind === 'web') for (const path of leaves(entry.request)) yield* wrongValues(number, `request.${path}`, recording);
    if (parts && parts.type !== 'error') for (const path of leaves(parts.payload)) yield* wrongValues(number, path, recording);
  }
}

/** The paths of everything that is no list or object itself. */
function leaves(value: unknown, path = ''): readonly string[] {
  const inner = Array.isArray(value)
    ? value.map((one: unknown, n) => [String(n), one] as const)
    : isRecord(value)
      ? Object.entries(value)
      : [];
  if (inner.length === 0) return path === '' ? [] : [path];
  return inner.flatMap(([key, one]) => leaves(one, path === '' ? key : `${path}.${key}`));
}

const lastKey = (path: string): string => path.split('.').findLast((key) => !/^\d+$/.test(key)) ?? '';

const isEntry = (value: unknown): value is TraceEntry => isRecord(value) && typeof value['kind'] === 'string';
