const DAY_MS = 86_400_000;

export type Urgency = 'over' | 'soon' | 'later' | 'fine';

/** Whole days until it ends; negative once it has. */
export const daysLeft = (notAfter: string, now: number): number => Math.floor((Date.parse(notAfter) - now) / DAY_MS);

/** A certificate is renewed by itself in its last month; who stands below a week has missed that. */
export const urgencyOf = (days: number): Urgency => (days < 0 ? 'over' : days < 7 ? 'soon' : days < 30 ? 'later' : 'fine');
