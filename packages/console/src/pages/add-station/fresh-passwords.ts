/** Passwords that were just made, until the tab is closed or they are looked at no more: nowhere but in memory. */
const fresh = new Map<string, string>();

export function keepPassword(id: string, answer: unknown): void {
  if (typeof answer === 'object' && answer !== null && 'password' in answer && typeof answer.password === 'string')
    fresh.set(id, answer.password);
}
export const freshPassword = (id: string): string | undefined => fresh.get(id);
export const forgetPassword = (id: string): void => void fresh.delete(id);
