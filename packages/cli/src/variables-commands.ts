import { DeviceVariable, type NamedVariable, nested, printVariable, readVariable } from '@busbar/api';
import { BusbarError } from '@busbar/runtime';
import { Type } from 'typebox';
import { ApiClient } from './api-client.ts';
import { type ApiSurroundings, type Listed, line, oneOf, part, rowsOf, width } from './listing.ts';
import { table } from './table.ts';

export async function listVariables(
  station: string,
  flags: Listed & { readonly q?: string | boolean },
  around: ApiSurroundings,
): Promise<void> {
  const { body } = await new ApiClient(flags, around.environment).request('GET', `/stations/${part(station)}/variables`);
  const wanted = String(flags.q ?? '').toLowerCase();
  const named = rowsOf(DeviceVariable, body)
    .map((one) => ({ one, name: printVariable(nested(one)) }))
    .filter(({ name }) => name.toLowerCase().includes(wanted));
  if (flags.json) return around.write(line(named.map(({ one }) => one)));
  const rows = named.map(({ one: { attribute, value, mutability, characteristics }, name }) => [
    name,
    attribute === 'Actual' ? '' : attribute,
    mutability ?? '',
    characteristics?.unit ?? '',
    value ?? '',
  ]);
  around.write(
    rows.length === 0
      ? `Nothing is known of that: busbar call ${station} GetBaseReport '{"requestId":1,"reportBase":"FullInventory"}'\n`
      : table(['variable', 'attribute', 'may be', 'unit', 'value'], rows, width(around)),
  );
}

const Results = Type.Object({
  results: Type.Array(
    Type.Object({
      component: Type.Object({
        name: Type.String(),
        instance: Type.Optional(Type.String()),
        evse: Type.Optional(Type.Object({ id: Type.Integer(), connectorId: Type.Optional(Type.Integer()) })),
      }),
      variable: Type.Object({ name: Type.String(), instance: Type.Optional(Type.String()) }),
      attributeStatus: Type.String(),
      attributeValue: Type.Optional(Type.String()),
      attributeStatusInfo: Type.Optional(Type.Object({ reasonCode: Type.String(), additionalInfo: Type.Optional(Type.String()) })),
    }),
  ),
});

function variableOf(text: string): NamedVariable {
  const named = readVariable(text);
  if (named !== undefined) return named;
  throw new BusbarError('bad-usage', `${text} is no variable. It is written Component.Variable, such as OCPPCommCtrlr.HeartbeatInterval.`);
}

export const readVariables = (station: string, names: readonly string[], flags: Listed, around: ApiSurroundings): Promise<void> =>
  ask(station, 'get', names.map(variableOf), flags, around);

export const writeVariables = (station: string, given: readonly string[], flags: Listed, around: ApiSurroundings): Promise<void> =>
  ask(
    station,
    'set',
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 0) throw new BusbarError('bad-usage', `${text} has no value: ${text}=VALUE.`);
      return { ...variableOf(text.slice(0, at)), attributeValue: text.slice(at + 1) };
    }),
    flags,
    around,
  );

async function ask(
  station: string,
  verb: 'get' | 'set',
  variables: readonly object[],
  flags: Listed,
  around: ApiSurroundings,
): Promise<void> {
  const { body } = await new ApiClient(flags, around.environment).request('POST', `/stations/${part(station)}/variables/${verb}`, {
    body: { variables },
  });
  const { results } = oneOf(Results, body);
  if (flags.json) around.write(line(body));
  else
    around.write(
      table(
        ['variable', 'answer', verb === 'get' ? 'value' : 'reason'],
        results.map((one) => {
          const why = one.attributeStatusInfo;
          const reason = why === undefined ? '' : [why.reasonCode, why.additionalInfo].filter(Boolean).join(': ');
          return [printVariable(one), one.attributeStatus, one.attributeValue ?? reason];
        }),
        width(around),
      ),
    );
  const bad = results.filter(({ attributeStatus }) => attributeStatus !== 'Accepted' && attributeStatus !== 'RebootRequired');
  if (bad.length > 0)
    throw new BusbarError(
      'call-refused',
      `${station} did not take ${bad.length} of ${results.length}: ${bad.map(printVariable).join(', ')}.`,
    );
}
