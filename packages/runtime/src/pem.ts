const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The certificates of a PEM text, one by one in their order; anything between them is left out. */
export const splitPem = (text: string): readonly string[] => (text.match(CERTIFICATE) ?? []).map((pem) => `${pem}\n`);

/** Many certificates as one text. */
export const joinPem = (pems: readonly string[]): string => pems.map((pem) => `${pem.trim()}\n`).join('');
