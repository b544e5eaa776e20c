import { BusbarError } from '@busbar/runtime';

export interface VariableName {
  readonly component: {
    readonly name: string;
    readonly instance?: string;
    readonly evse?: { readonly id: number; readonly connectorId?: number };
  };
  readonly variable: { readonly name: string; readonly instance?: string };
}

const PATTERN =
  /^(?<name>[^.[\]@=]+)(?:\[(?<instance>[^\]]*)\])?(?:@(?<evse>\d+)(?:\.(?<connector>\d+))?)?\.(?<variable>[^.[\]@=]+)(?:\[(?<key>[^\]]*)\])?$/;

/** `Component[instance]@evse.connector.Variable[instance]`; only component and variable are needed. */
export function variableOf(text: string): VariableName {
  const { name, instance, evse, connector, variable, key } = PATTERN.exec(text)?.groups ?? {};
  if (name === undefined || variable === undefined)
    throw new BusbarError(
      'bad-usage',
      `${text} is no variable. It is written Component.Variable, such as OCPPCommCtrlr.HeartbeatInterval.`,
    );
  return {
    component: {
      name,
      ...(instance === undefined ? {} : { instance }),
      ...(evse === undefined ? {} : { evse: { id: Number(evse), ...(connector === undefined ? {} : { connectorId: Number(connector) }) } }),
    },
    variable: { name: variable, ...(key === undefined ? {} : { instance: key }) },
  };
}

const bracket = (text: string | undefined): string => (text === undefined ? '' : `[${text}]`);

export function textOf({ component: { name, instance, evse }, variable }: VariableName): string {
  const place = evse === undefined ? '' : `@${evse.id}${evse.connectorId === undefined ? '' : `.${evse.connectorId}`}`;
  return `${name}${bracket(instance)}${place}.${variable.name}${bracket(variable.instance)}`;
}
