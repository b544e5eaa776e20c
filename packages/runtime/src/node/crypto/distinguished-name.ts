import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';
import type { Subject } from '../../crypto.ts';

/** In the order in which we write them. */
const ATTRIBUTES = [
  ['country', '2.5.4.6'],
  ['state', '2.5.4.8'],
  ['locality', '2.5.4.7'],
  ['organization', '2.5.4.10'],
  ['organizationalUnit', '2.5.4.11'],
  ['domainComponent', '0.9.2342.19200300.100.1.25'],
  ['serialNumber', '2.5.4.5'],
  ['commonName', '2.5.4.3'],
] as const satisfies readonly (readonly [keyof Subject, string])[];

/** Types whose text has a narrower alphabet than UTF-8 (RFC 5280, appendix A). */
const PRINTABLE = new Set<string>(['2.5.4.6', '2.5.4.5']);
const IA5 = new Set<string>(['0.9.2342.19200300.100.1.25']);

export function nameOf(subject: Subject): Name {
  return new Name(
    ATTRIBUTES.flatMap(([part, type]) => {
      const text = subject[part];
      return text === undefined ? [] : [new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: valueOf(type, text) })])];
    }),
  );
}

const valueOf = (type: string, text: string): AttributeValue =>
  new AttributeValue(PRINTABLE.has(type) ? { printableString: text } : IA5.has(type) ? { ia5String: text } : { utf8String: text });

/** The last value of each part: the most specific one, where a name repeats a part. */
export function subjectOf(name: Name): Subject {
  const subject: { -readonly [Part in keyof Subject]: string } = {};
  for (const { type, value } of name.flat()) {
    const [part] = ATTRIBUTES.find(([, oid]) => oid === type) ?? [];
    if (part) subject[part] = value.toString();
  }
  return subject;
}
