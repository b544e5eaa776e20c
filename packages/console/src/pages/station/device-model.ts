import { type DeviceVariable, type FlatVariable, nested, type VariableWrite } from '@busbar/api';
import type { Static } from 'typebox';

export type Attribute = Static<typeof DeviceVariable>;
export type Write = Static<typeof VariableWrite>;

/** A variable with all its attributes; the one that is shown first is Actual where there is one. */
export interface Variable {
  readonly key: string;
  readonly node: string;
  readonly attributes: readonly [Attribute, ...Attribute[]];
}

/** A component of the tree. */
export interface Node {
  readonly key: string;
  readonly label: string;
  readonly depth: number;
  readonly variables: readonly Variable[];
}

export const nodeKey = ({ component, componentInstance, evse, connector }: FlatVariable): string =>
  JSON.stringify([component, componentInstance ?? null, evse ?? null, connector ?? null]);
export const variableKey = (named: FlatVariable): string => JSON.stringify([nodeKey(named), named.variable, named.instance ?? null]);

const withInstance = (name: string, instance: string | undefined): string => (instance === undefined ? name : `${name} [${instance}]`);
export const variableName = ({ variable, instance }: FlatVariable): string => withInstance(variable, instance);

/** What a component is called beside others of its kind. */
export function componentName({ component, componentInstance, evse, connector }: FlatVariable): string {
  const name = withInstance(component, componentInstance);
  if (component === 'EVSE' && evse !== undefined) return withInstance(`EVSE ${evse}`, componentInstance);
  if (component === 'Connector' && evse !== undefined) return `EVSE ${evse}, Connector ${connector ?? ''}`.trim();
  return evse === undefined ? name : `${name} (EVSE ${evse}${connector === undefined ? '' : `, ${connector}`})`;
}

const ORDER = ['Actual', 'Target', 'MinSet', 'MaxSet'];

/** The tree: what is of the whole station by name, then each EVSE with what belongs to it. */
export function treeOf(rows: readonly Attribute[]): readonly Node[] {
  const byVariable = Map.groupBy(rows, variableKey);
  const variables = [...byVariable.entries()].flatMap(([key, found]): Variable[] => {
    const [first, ...rest] = found.toSorted((a, b) => ORDER.indexOf(a.attribute) - ORDER.indexOf(b.attribute));
    return first === undefined ? [] : [{ key, node: nodeKey(first), attributes: [first, ...rest] }];
  });
  const nodes = [...Map.groupBy(variables, ({ node }) => node).entries()].flatMap(([key, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    const [named] = first.attributes;
    const sorted = own.toSorted((a, b) => compare(variableName(a.attributes[0]), variableName(b.attributes[0])));
    return [{ key, label: componentName(named), depth: depthOf(named), sort: sortKey(named), variables: sorted }];
  });
  return nodes.toSorted((a, b) => compare(a.sort, b.sort)).map(({ sort: _sort, ...node }) => node);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const depthOf = ({ component, evse, connector }: FlatVariable): number =>
  evse === undefined || component === 'EVSE' ? 0 : connector === undefined || component === 'Connector' ? 1 : 2;
const padded = (value: number): string => String(value).padStart(6, '0');
function sortKey({ component, componentInstance, evse, connector }: FlatVariable): string {
  const own = component === 'EVSE' || component === 'Connector' ? '' : component;
  return [evse === undefined ? '' : padded(evse), connector === undefined ? '' : padded(connector), own, componentInstance ?? ''].join(
    '\u0001',
  );
}

/** Whether an operator may write it. Nothing said means ReadWrite (B07). */
export const mayWrite = ({ mutability = 'ReadWrite', constant }: Attribute): boolean => mutability !== 'ReadOnly' && constant !== true;

/** Passwords have a way of their own: they are shown once, and both are valid until the new one is used. */
export const isPassword = ({ variable }: FlatVariable): boolean => variable === 'BasicAuthPassword';

export interface Wanted {
  readonly search: string;
  readonly onlyWritable: boolean;
  /** Keys that are to be shown; all when undefined. */
  readonly only: ReadonlySet<string> | undefined;
}

export function matches({ key, attributes }: Variable, { search, onlyWritable, only }: Wanted): boolean {
  if (only?.has(key) === false) return false;
  if (onlyWritable && !attributes.some(mayWrite)) return false;
  const text = search.trim().toLowerCase();
  const [first] = attributes;
  return text === '' || [componentName(first), variableName(first), first.value ?? ''].some((part) => part.toLowerCase().includes(text));
}

export const valuesOf = ({ characteristics }: Attribute): readonly string[] =>
  (characteristics?.valuesList ?? '')
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');

export type Fault =
  | { readonly kind: 'number' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'below'; readonly limit: number }
  | { readonly kind: 'above'; readonly limit: number }
  | { readonly kind: 'long'; readonly limit: number }
  | { readonly kind: 'notListed'; readonly values: readonly string[] };

/** What the station said about the variable that this value does not keep to. */
export function faultOf(value: string, attribute: Attribute): Fault | undefined {
  const { dataType, minLimit, maxLimit } = attribute.characteristics ?? {};
  if (dataType === 'integer' || dataType === 'decimal') {
    if (!/^[+-]?\d+(\.\d+)?$/.test(value)) return { kind: 'number' };
    const number = Number(value);
    if (dataType === 'integer' && !Number.isInteger(number)) return { kind: 'whole' };
    if (minLimit !== undefined && number < minLimit) return { kind: 'below', limit: minLimit };
    if (maxLimit !== undefined && number > maxLimit) return { kind: 'above', limit: maxLimit };
    return undefined;
  }
  const values = valuesOf(attribute);
  if (dataType === 'OptionList' && values.length > 0 && !values.includes(value)) return { kind: 'notListed', values };
  if ((dataType === 'MemberList' || dataType === 'SequenceList') && values.length > 0) {
    const foreign = membersOf(value).some((member) => !values.includes(member));
    if (foreign) return { kind: 'notListed', values };
  }
  const longest = maxLimit !== undefined && maxLimit > 0 ? maxLimit : 2500;
  return value.length > longest ? { kind: 'long', limit: longest } : undefined;
}

export const membersOf = (value: string): readonly string[] =>
  value
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');

/** As SetVariables and GetVariables name it. */
export const ocppName = ({ attribute, ...name }: Attribute) => ({
  ...nested(name),
  ...(attribute === 'Actual' ? {} : { attributeType: attribute }),
});
