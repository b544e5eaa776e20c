import type { Action } from '@busbar/protocol';
import { formatInstant, isRecord, parseInstant } from '@busbar/runtime';
import { partsOf } from '../frames.ts';
import type { TraceEntry } from '../trace.ts';

/** What stood where in all the traces: where a wrong value is looked for that still looks like one. */
export interface Pool {
  values(key: string): readonly unknown[];
  /** Payloads of CALLs of the systems under test. */
  calls(action: Action): readonly unknown[];
}

const MOST_VALUES = 60;
const MOST_CALLS = 40;

type Kept = Map<string, Map<string, unknown>>;

function keep(map: Kept, key: string, value: unknown, most: number): void {
  const known = map.get(key) ?? new Map();
  map.set(key, known);
  if (known.size < most) known.set(JSON.stringify(value), value);
}

export function poolOf(traces: readonly (readonly TraceEntry[])[]): Pool {
  const values: Kept = new Map();
  const calls: Kept = new Map();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (!isRecord(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      keep(values, key, inner, MOST_VALUES);
      walk(inner);
    }
  };
  for (const entry of traces.flat()) {
    const parts = entry.kind === 'frame' ? partsOf(entry.text) : undefined;
    if (parts === undefined || parts.type === 'error') continue;
    walk(parts.payload);
    if (parts.type === 'call' && entry.by === 'sut') keep(calls, parts.action, parts.payload, MOST_CALLS);
  }
  return {
    values: (key) => [...(values.get(key)?.values() ?? [])],
    calls: (action) => [...(calls.get(action)?.values() ?? [])],
  };
}

const DAY_MS = 86_400_000;

/** Values that differ from this one, the most telling first; `undefined` = it is not there. */
export function* otherValues(value: unknown, key: string, pool: Pool): Generator {
  const same = JSON.stringify(value);
  const seen = new Set([same]);
  for (const other of [...bent(value), undefined, ...pool.values(key), ...(OTHERS[key] ?? []), ...STRANGERS]) {
    const text = JSON.stringify(other) ?? 'undefined';
    if (seen.has(text)) continue;
    seen.add(text);
    yield other;
  }
}

/** RSA with 1024 bits, which the kit's own library refuses to make. */
const WEAK_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIB/DCCAWWgAwIBAgIUBERuzzyIFCmWMcFn/JYtLYOxLGcwDQYJKoZIhvcNAQEL
BQAwDzENMAsGA1UEAwwEd2VhazAgFw0yNjExMjQxNjA0NDVaGA8yMTI2MTAzMTE2
MDQ0NVowDzENMAsGA1UEAwwEd2VhazCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC
gYEA3kAufaZ5FrS5iBVqsFhw89Yi4/Kxnb/gA2iK6ab+gj9EplDscbhvuDbk4JjS
QzpaOC1QblqiUBvl0Mx3AIIcEG6ILsyU9A+kx98sgqKA8h4nnGtPl6ugnJ5rsD7t
+OFn7lM95qA37YLmPJaVdxlW5XRz+VoIukc7CSEnA+BlaP0CAwEAAaNTMFEwHQYD
VR0OBBYEFOWQ1g8uza60NdQtWyVlhUSHKq5aMB8GA1UdIwQYMBaAFOWQ1g8uza60
NdQtWyVlhUSHKq5aMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADgYEA
EfL+GmMXiJZcRGE0xW8ysljqVKGh5CgmhaN0+COw3IY0fcgeecrB5v9C/+AtkX5w
EZOAS3aOtvCdQDBa7lTn9v09xWs/eTFVS6NatqiNaFv769N4oO641k862YO9FDz0
AKJBbGHSA2hRdect0sfCc9Jx0mls8KTnLvQ4SY+1zeA=
-----END CERTIFICATE-----`;

/** Where the traces hold one value only and a schema knows others. */
const OTHERS: Readonly<Record<string, readonly unknown[]>> = {
  attributeType: ['Target'],
  certificate: [WEAK_CERTIFICATE],
  status: ['Failed', 'NotFound', 'NotSupported', 'Unknown'],
  customerCertificate: [{ hashAlgorithm: 'SHA256', issuerNameHash: '00', issuerKeyHash: '00', serialNumber: '1' }],
  ocppInterface: ['Wired1'],
  ocppTransport: ['SOAP'],
  ocppVersion: ['OCPP16'],
};
const STRANGERS: readonly unknown[] = ['Rejected', 'Accepted', 'Faulted', 'Unavailable', 'x', '', 7, 0, true, false, [], {}];

/** The value itself, bent. */
function bent(value: unknown): readonly unknown[] {
  switch (typeof value) {
    case 'number':
      return [value + 1, value - 1, 0, -1, value * 1000 + 7];
    case 'boolean':
      return [!value];
    case 'string': {
      const moment = /^\d{4}-\d\d-\d\dT/.test(value) ? parseInstant(value) : Number.NaN;
      if (!Number.isNaN(moment)) return [formatInstant(moment - DAY_MS), formatInstant(moment + DAY_MS)];
      if (/^\d+$/.test(value)) return [String(Number(value) + 1), '0', String(Number(value) * 100 + 1)];
      return [...elsewhere(value), `${value}x`, value.slice(1), `X${value.slice(1)}`];
    }
    case 'object':
      if (Array.isArray(value)) {
        const list: readonly unknown[] = value;
        const [first, ...others] = list;
        const bentFirst = isRecord(first) ? bentInside(first).map((other) => [other, ...others]) : [];
        return [others, [...list, first], [...list, ...list], [], ...bentFirst];
      }
      return value === null ? [] : bentInside(value);
    default:
      return [];
  }
}

/** The same path at the other address of the kit. */
const elsewhere = (path: string): readonly string[] =>
  path.includes('/ocpp') ? [path.replace('/ocpp', '/second')] : path.includes('/second') ? [path.replace('/second', '/ocpp')] : [];

/** An object with one of its members bent or gone. */
function bentInside(value: object): readonly unknown[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const { [key]: _gone, ...others } = Object.fromEntries(Object.entries(value));
    return [
      others,
      ...bent(inner)
        .slice(0, 2)
        .map((other) => ({ ...value, [key]: other })),
    ];
  });
}
