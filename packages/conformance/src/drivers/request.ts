import { messageOf } from '@busbar/runtime';
import { Inconclusive, NotApplicable } from '../expectation.ts';

export interface Api {
  readonly base: string;
  readonly token: string | undefined;
}

/** One request of a driver. 409 means: the system has no such thing; anything else that fails is no verdict on it. */
export async function request(api: Api, method: string, path: string, body?: unknown, fine: readonly number[] = []): Promise<unknown> {
  const what = `${method} ${path}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${api.base}${path}`, {
      method,
      headers: {
        ...(api.token === undefined ? {} : { authorization: `Bearer ${api.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (error) {
    throw new Inconclusive(`the driver does not reach ${api.base}: ${what}: ${messageOf(error)}`);
  }
  if (response.ok || fine.includes(response.status)) return parsed(text);
  if (response.status === 409) throw new NotApplicable(`${what} is not possible here: ${text.slice(0, 300)}`);
  throw new Inconclusive(`the driver failed: ${what} answered ${response.status}: ${text.slice(0, 300)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
