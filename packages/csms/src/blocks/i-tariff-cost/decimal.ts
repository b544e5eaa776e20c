/** Money in integers of 10⁻⁶ currency units (D25). Never a floating-point number. */
export type Micro = bigint;

const DECIMAL = /^(\d{1,9})(?:\.(\d{1,6}))?$/;

/** "0.39" → 390000n; undefined for what is no decimal of at most `places` places. */
export function parseDecimal(text: string, places = 6): bigint | undefined {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined || fraction.length > places) return undefined;
  return BigInt(whole + fraction.padEnd(places, '0'));
}

/** An integer of 10^-places as the shortest exact decimal: 390000n → "0.39". */
export function printDecimal(value: bigint, places = 6): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  const whole = digits.slice(0, digits.length - places);
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Exact quotient of two integers that are not negative, rounded half up. */
export const divideHalfUp = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor);
