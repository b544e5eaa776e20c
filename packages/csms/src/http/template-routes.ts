import { formatInstant } from '@busbar/runtime';
import type { VariableWrite } from '../blocks/b-provisioning/variable-writes.ts';
import { type Difference, writesOf } from '../configuration-drift.ts';
import { stationsThat } from '../station-filter.ts';
import type { TemplateRecord } from '../store/template-intents.ts';
import { type FixWish, Templates, type TemplateVariable, variablesOf } from '../templates.ts';
import type { UseCases } from '../use-cases.ts';
import { bulkView } from './bulk-routes.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { answerList, type Columns, given, sitesOf } from './list.ts';

type OfTemplate = { Params: { templateId: string } };
type Written = { Body: { name: string; variables: readonly TemplateVariable[] } };

/** Configuration: writes of one station, templates, how stations differ from them. */
export function registerTemplates(app: Typed, useCases: UseCases): void {
  const { kernel } = useCases;
  const templates = new Templates(useCases);
  app.get<{ Params: { stationId: string } }>(contract('variableWrites').url, contract('variableWrites').options, async ({ params }) =>
    [...(await writesOf(kernel.read, useCases.station(params.stationId))).values()].map(writeView),
  );
  app.get(contract('listTemplates').url, contract('listTemplates').options, async () => (await kernel.read.templates()).map(templateView));
  app.post<Written>(contract('createTemplate').url, contract('createTemplate').options, async (request, reply) => {
    const { name, variables } = request.body;
    return reply.code(201).send(detailView(await templates.create(name, variables, actorOf(request))));
  });
  app.post<{ Body: { stationId: string; name: string } }>(
    contract('templateFromStation').url,
    contract('templateFromStation').options,
    async (request, reply) => {
      const { stationId, name } = request.body;
      return reply.code(201).send(detailView(await templates.fromStation(stationId, name, actorOf(request))));
    },
  );
  app.get<OfTemplate>(contract('getTemplate').url, contract('getTemplate').options, async ({ params }) =>
    detailView(await templates.one(params.templateId)),
  );
  app.put<OfTemplate & Written>(contract('putTemplate').url, contract('putTemplate').options, async (request) => {
    const { name, variables } = request.body;
    return detailView(await templates.replace(request.params.templateId, name, variables, actorOf(request)));
  });
  app.delete<OfTemplate>(contract('deleteTemplate').url, contract('deleteTemplate').options, async ({ params }, reply) => {
    await templates.delete(params.templateId);
    return reply.code(204).send();
  });
  registerDrift(app, useCases, templates);
  app.post<OfTemplate & { Body: FixWish }>(contract('fixDrift').url, contract('fixDrift').options, async (request, reply) =>
    reply.code(202).send(bulkView(await templates.fix(request.params.templateId, request.body, actorOf(request), sitesOf(request)))),
  );
}

interface DriftQuery {
  readonly site?: number;
  readonly model?: string;
  readonly q?: string;
}

function registerDrift(app: Typed, { kernel }: UseCases, templates: Templates): void {
  app.get<OfTemplate & { Querystring: DriftQuery }>(
    contract('templateDrift').url,
    contract('templateDrift').options,
    async (request, reply) => {
      const template = await templates.one(request.params.templateId);
      const { site, model, q } = request.query;
      const all = await stationsThat(kernel, { ...given('site', site), ...given('model', model), ...given('q', q) }, sitesOf(request));
      return answerList<DriftView>(request, reply, {
        name: 'drift',
        cursor: ['string'],
        columns: DRIFT_COLUMNS,
        page: async (after, limit) => {
          const found: { view: DriftView; cursor: readonly string[] }[] = [];
          for (const station of all) {
            const { record, session } = station;
            if (after !== undefined && record.identity <= String(after[0])) continue;
            if (found.length >= limit) break;
            const { same, readAt, differing } = await templates.drift(station, template);
            if (differing.length === 0) continue;
            const { identity, site: at, model: kind } = record;
            const view = { stationId: identity, site: at, model: kind, connected: session !== undefined, same };
            found.push({
              view: { ...view, readAt: readAt === null ? null : formatInstant(readAt), variables: differing },
              cursor: [identity],
            });
          }
          return found;
        },
      });
    },
  );
}

interface DriftView {
  readonly stationId: string;
  readonly site: number;
  readonly model: string | null;
  readonly connected: boolean;
  readonly readAt: string | null;
  readonly same: number;
  readonly variables: readonly Difference[];
}
const counted = (state: Difference['state']) => (drift: DriftView) => drift.variables.filter((one) => one.state === state).length;
const DRIFT_COLUMNS: Columns<DriftView> = [
  ['stationId', (drift) => drift.stationId],
  ['site', (drift) => drift.site],
  ['model', (drift) => drift.model],
  ['same', (drift) => drift.same],
  ['differs', counted('differs')],
  ['refused', counted('refused')],
  ['afterReboot', counted('afterReboot')],
  ['unknown', counted('unknown')],
  ['readAt', (drift) => drift.readAt],
];

const templateView = (template: TemplateRecord) => ({
  templateId: template.id,
  name: template.name,
  size: variablesOf(template).length,
  createdAt: formatInstant(template.createdAt),
  updatedAt: formatInstant(template.updatedAt),
  by: template.by,
});
const detailView = (template: TemplateRecord) => ({ ...templateView(template), variables: variablesOf(template) });
const writeView = ({ place, at, ...write }: VariableWrite) => ({ ...place, ...write, at: formatInstant(at) });
