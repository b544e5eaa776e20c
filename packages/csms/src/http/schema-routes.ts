import { blockOf, isAction, loadForms, type OcppVersion, useCasesOf } from '@busbar/protocol';
import { BusbarError } from '@busbar/runtime';
import { contract, type Typed } from './contract.ts';

/** Forms are the same for everybody and never change while we run. */
export function registerSchemas(app: Typed): void {
  app.get<{ Params: { version: OcppVersion } }>(contract('listSchemas').url, contract('listSchemas').options, async ({ params }) =>
    Object.keys(await loadForms(params.version)).map((action) => about(params.version, action)),
  );
  app.get<{ Params: { version: OcppVersion; action: string } }>(
    contract('getSchema').url,
    contract('getSchema').options,
    async ({ params }, reply) => {
      const forms = await loadForms(params.version);
      const form = Object.hasOwn(forms, params.action) ? forms[params.action] : undefined;
      if (form === undefined) throw new BusbarError('not-found', `A CSMS sends no ${params.action} in ${params.version}.`);
      return reply.header('cache-control', 'private, max-age=3600').send({ ...about(params.version, params.action), ...form });
    },
  );
}

function about(version: OcppVersion, action: string) {
  if (!isAction(action)) throw new BusbarError('not-found', `${action} is no OCPP action.`);
  const { letter, name } = blockOf(action);
  return { version, action, block: letter, blockName: name, useCases: useCasesOf(action) };
}
