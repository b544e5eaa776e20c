import { Type } from 'typebox';

/** Fields by which messages name an attribute of a variable. */
export const VariableName = {
  component: Type.Object({
    name: Type.String({ maxLength: 50 }),
    instance: Type.Optional(Type.String({ maxLength: 50 })),
    evse: Type.Optional(Type.Object({ id: Type.Integer(), connectorId: Type.Optional(Type.Integer()) })),
  }),
  variable: Type.Object({ name: Type.String({ maxLength: 50 }), instance: Type.Optional(Type.String({ maxLength: 50 })) }),
  attributeType: Type.Optional(Type.String({ enum: ['Actual', 'Target', 'MinSet', 'MaxSet'] })),
};

/** A variable as messages name it. */
export interface NamedVariable {
  readonly component: {
    readonly name: string;
    readonly instance?: string;
    readonly evse?: { readonly id: number; readonly connectorId?: number };
  };
  readonly variable: { readonly name: string; readonly instance?: string };
}

/** The same as lists and tables have it. */
export interface FlatVariable {
  readonly component: string;
  readonly componentInstance?: string;
  readonly evse?: number;
  readonly connector?: number;
  readonly variable: string;
  readonly instance?: string;
}

const opt = <K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> => {
  const out: Partial<Record<K, V>> = {};
  if (value !== undefined) out[name] = value;
  return out;
};

export const nested = ({ component, componentInstance, evse, connector, variable, instance }: FlatVariable): NamedVariable => ({
  component: {
    name: component,
    ...opt('instance', componentInstance),
    ...opt('evse', evse === undefined ? undefined : { id: evse, ...opt('connectorId', connector) }),
  },
  variable: { name: variable, ...opt('instance', instance) },
});

export const flat = ({ component, variable }: NamedVariable): FlatVariable => ({
  component: component.name,
  ...opt('componentInstance', component.instance),
  ...opt('evse', component.evse?.id),
  ...opt('connector', component.evse?.connectorId),
  variable: variable.name,
  ...opt('instance', variable.instance),
});

const PATTERN =
  /^(?<component>[^.[\]@=]+)(?:\[(?<componentInstance>[^\]]*)\])?(?:@(?<evse>\d+)(?:\.(?<connector>\d+))?)?\.(?<variable>[^.[\]@=]+)(?:\[(?<instance>[^\]]*)\])?$/;

const number = (digits: string | undefined): number | undefined => (digits === undefined ? undefined : Number(digits));

/** `Component[instance]@evse.connector.Variable[instance]`; only component and variable are needed. Undefined: it is none. */
export function readVariable(text: string): NamedVariable | undefined {
  const { component, componentInstance, evse, connector, variable, instance } = PATTERN.exec(text)?.groups ?? {};
  if (component === undefined || variable === undefined) return undefined;
  return nested({
    component,
    variable,
    ...opt('componentInstance', componentInstance),
    ...opt('evse', number(evse)),
    ...opt('connector', number(connector)),
    ...opt('instance', instance),
  });
}

const bracket = (text: string | undefined): string => (text === undefined ? '' : `[${text}]`);

export function printVariable({ component: { name, instance, evse }, variable }: NamedVariable): string {
  const place = evse === undefined ? '' : `@${evse.id}${evse.connectorId === undefined ? '' : `.${evse.connectorId}`}`;
  return `${name}${bracket(instance)}${place}.${variable.name}${bracket(variable.instance)}`;
}
