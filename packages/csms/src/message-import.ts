import { ACTIONS, type Direction, isAction } from '@busbar/protocol';
import { BusbarError, isRecord, limits, parseInstant } from '@busbar/runtime';
import type { LooseFrame } from './message-pairs.ts';

const CALL = /^\s*\[\s*([2-6])\s*,\s*"([^"]*)"(?:\s*,\s*"([^"]{1,50})")?/;

/**
 * Frames of a text that somebody brings: lines of our own export (`{"at", "stationId", "direction", "frame"}`), or bare frames
 * (`[2,"id","Action",{}]`). Who sent a bare one is told by its action; its answer came from the other side. Nothing is stored.
 */
export function readFrames(text: string): readonly LooseFrame[] {
  const lines = text.split('\n');
  if (lines.length > limits.importLines + 1)
    throw new BusbarError('too-large', `At most ${limits.importLines} lines are looked at in one go.`);
  const asked = new Map<string, Direction>();
  const frames = lines.flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '') return [];
    return [trimmed.startsWith('[') ? bare(trimmed, asked) : ours(trimmed, index)];
  });
  // An export of ours is newest first.
  return (frames.at(0)?.at ?? 0) > (frames.at(-1)?.at ?? 0) ? frames.toReversed() : frames;
}

function ours(line: string, index: number): LooseFrame {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined; // refused below with its line
  }
  if (!isRecord(value) || typeof value['frame'] !== 'string')
    throw new BusbarError('invalid-request', `Line ${index + 1} is neither a frame nor a line of an export.`, {
      fields: { pointer: `/${index}` },
    });
  const { at, stationId, direction, frame } = value;
  const time = typeof at === 'string' ? parseInstant(at) : Number.NaN;
  return {
    at: Number.isFinite(time) ? time : null,
    stationId: typeof stationId === 'string' ? stationId.slice(0, limits.stationIdLength) : null,
    direction: direction === 'out' ? 'out' : 'in',
    text: frame,
  };
}

function bare(text: string, asked: Map<string, Direction>): LooseFrame {
  const [, type, id = '', action] = CALL.exec(text) ?? [];
  const calls = type === '2' || type === '6';
  const direction: Direction = calls ? directionOf(action) : asked.get(id) === 'out' ? 'in' : 'out';
  if (calls) asked.set(id, direction);
  return { at: null, stationId: null, direction, text };
}

const directionOf = (action: string | undefined): Direction =>
  action !== undefined && isAction(action) && ACTIONS[action].from === 'csms' ? 'out' : 'in';
