import { api, Problem } from './client.ts';

/** How a message to a station ended, in one word and one sentence. */
export interface CommandEnd {
  readonly commandId: string | undefined;
  readonly good: boolean;
  readonly word: string;
  readonly detail: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Statuses of an answer that mean yes; every other one is the station's own no, with its reason. */
const GOOD: ReadonlySet<string> = new Set(['Accepted', 'Scheduled', 'RebootRequired', 'AcceptedCanceled', 'Unlocked', 'Downloaded']);

export function endOf(view: unknown): CommandEnd {
  const { commandId, state, response, error, reason } = isRecord(view) ? view : {};
  const base = { commandId: typeof commandId === 'string' ? commandId : undefined };
  if (state === 'answered') {
    const { status, statusInfo } = isRecord(response) ? response : {};
    const { reasonCode, additionalInfo } = isRecord(statusInfo) ? statusInfo : {};
    const word = text(status) === '' ? 'Answered' : text(status);
    return {
      ...base,
      good: status === undefined || GOOD.has(word),
      word,
      detail: [text(reasonCode), text(additionalInfo)].filter(Boolean).join(', '),
    };
  }
  if (state === 'refused') {
    const { code, description } = isRecord(error) ? error : {};
    return { ...base, good: false, word: `Refused (${text(code)})`, detail: text(description) };
  }
  if (state === 'unknown') return { ...base, good: false, word: 'No answer', detail: 'The station may have acted all the same.' };
  if (state === 'notSent') return { ...base, good: false, word: 'Not sent', detail: text(reason) };
  return { ...base, good: true, word: state === 'queued' ? 'Queued' : 'Waiting', detail: '' };
}

/** Sends a message and waits for its end; what the server refuses is an end as well. */
export async function callStation(stationId: string, action: string, body: Record<string, unknown>): Promise<CommandEnd> {
  try {
    return endOf(await api.post('/stations/:stationId/calls/:action', { params: { stationId, action }, query: { wait: 30 }, body }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { commandId: undefined, good: false, word: 'Not sent', detail: error.message };
  }
}
