/** What came back, as far as it is shown. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly ms: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly type: string;
  /** Undefined where it is no text. */
  readonly text: string | undefined;
  readonly bytes: number;
  readonly cut: boolean;
}

interface Request {
  readonly method: string;
  readonly address: string;
  readonly type: string | undefined;
  readonly body: string | Blob | undefined;
}

/** Longer answers are cut: a browser has to lay them out. A stream is read until then, or until it is stopped. */
const MOST_BYTES = 500_000;
/** Those that say more than the body does. */
const HEADERS = ['content-type', 'link', 'location', 'retry-after', 'content-disposition', 'etag'];

/** Sends with the sign-in of this page. What has come so far is told while it comes. */
export async function sendRequest(
  { method, address, type, body }: Request,
  signal: AbortSignal,
  tell: (answer: Answer) => void,
): Promise<Answer> {
  const began = performance.now();
  const response = await fetch(address, {
    method,
    credentials: 'same-origin',
    signal,
    ...(type === undefined || body === undefined ? {} : { headers: { 'content-type': type } }),
    ...(body === undefined ? {} : { body }),
  });
  const kind = response.headers.get('content-type') ?? '';
  const isText = kind === '' || /json|text|csv|xml|event-stream/.test(kind);
  const answer: Answer = {
    status: response.status,
    statusText: response.statusText,
    ms: Math.round(performance.now() - began),
    headers: HEADERS.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    }),
    type: kind,
    text: isText ? '' : undefined,
    bytes: 0,
    cut: false,
  };
  tell(answer);
  return readBody(response, answer, isText, signal, tell);
}

async function readBody(
  { body }: Response,
  answer: Answer,
  isText: boolean,
  signal: AbortSignal,
  tell: (answer: Answer) => void,
): Promise<Answer> {
  let now = answer;
  if (body === null) return now;
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    while (now.bytes < MOST_BYTES) {
      const { value, done } = await reader.read();
      if (done) return now;
      now = {
        ...now,
        bytes: now.bytes + value.length,
        text: isText ? (now.text ?? '') + decoder.decode(value, { stream: true }) : undefined,
      };
      // JSON is shown when it is whole; of a stream each line counts.
      if (answer.type.includes('event-stream')) tell(now);
    }
    await reader.cancel();
    return { ...now, cut: true };
  } catch (error) {
    if (signal.aborted) return now;
    throw error;
  }
}
