import { nested } from '@busbar/api';
import type { Ocpp } from '@busbar/protocol';
import { BusbarError, limits } from '@busbar/runtime';
import { placeOf } from './blocks/b-provisioning/variable-writes.ts';
import type { BulkView } from './bulk.ts';
import { type Comparison, compare } from './configuration-drift.ts';
import { type StationFilter, stationsThat } from './station-filter.ts';
import type { Station } from './stations.ts';
import type { VariableRow } from './store/intents.ts';
import type { TemplateRecord } from './store/template-intents.ts';
import { variableKey } from './store/variable-key.ts';
import type { UseCases } from './use-cases.ts';

export type TemplateVariable = Ocpp.SetVariableDataType;

export interface FixWish {
  readonly stations?: readonly string[];
  readonly filter?: StationFilter;
  readonly offline?: 'refuse' | 'queue';
}

/** Values that stations of a kind should have, and what becomes of them. */
export class Templates {
  readonly #useCases: UseCases;

  constructor(useCases: UseCases) {
    this.#useCases = useCases;
  }

  async one(id: string): Promise<TemplateRecord> {
    const template = await this.#useCases.kernel.read.template(id);
    if (template === undefined) throw new BusbarError('not-found', `No template ${id}.`);
    return template;
  }

  async create(name: string, variables: readonly TemplateVariable[], by: string): Promise<TemplateRecord> {
    const { read, clock, ids } = this.#useCases.kernel;
    if ((await read.templates()).length >= limits.templates)
      throw new BusbarError('conflict', `There are ${limits.templates} templates, the most there can be. Delete one that nobody uses.`);
    const now = clock.now();
    return this.#put({ id: ids.uuid7(), name, body: bodyOf(variables), createdAt: now, updatedAt: now, by });
  }

  async replace(id: string, name: string, variables: readonly TemplateVariable[], by: string): Promise<TemplateRecord> {
    const before = await this.one(id);
    return this.#put({ ...before, name, body: bodyOf(variables), updatedAt: this.#useCases.kernel.clock.now(), by });
  }

  async delete(id: string): Promise<void> {
    const [outcome] = await this.#useCases.kernel.queue.commit([{ k: 'templateDelete', id }]);
    if (outcome?.result === 'notFound') throw new BusbarError('not-found', `No template ${id}.`);
  }

  async fromStation(stationId: string, name: string, by: string): Promise<TemplateRecord> {
    const station = this.#useCases.station(stationId);
    const rows = await this.#useCases.kernel.read.variables(station.record.row);
    const variables = rows.filter(mayBeCopied).slice(0, limits.pageSize).map(toVariable);
    if (variables.length === 0)
      throw new BusbarError('conflict', `Station ${stationId} has told nothing yet that can be written. Read all of it first.`);
    return this.create(name, variables, by);
  }

  /** Differences of one station; none where nothing differs. */
  async drift(station: Station, template: TemplateRecord): Promise<Comparison> {
    return compare(this.#useCases.kernel.read, station, variablesOf(template));
  }

  /** Writes what differs, station by station, when its turn comes; of somebody who may see some sites, only there. */
  async fix(id: string, { stations, filter, offline }: FixWish, actor: string, sites?: readonly number[]): Promise<BulkView> {
    const template = await this.one(id);
    const meant = stations ?? (await this.#drifted(template, filter ?? {}, sites));
    if (meant.length === 0)
      throw new BusbarError('conflict', `Nothing that could be written there differs: all is as in "${template.name}", or was never told.`);
    return this.#useCases.bulk.start(
      {
        stations: meant,
        action: { kind: 'applyVariables', variables: variablesOf(template) },
        ...(offline === undefined ? {} : { offline }),
      },
      actor,
      sites,
    );
  }

  async #drifted(template: TemplateRecord, filter: StationFilter, sites: readonly number[] | undefined): Promise<readonly string[]> {
    const meant: string[] = [];
    for (const station of await stationsThat(this.#useCases.kernel, filter, sites)) {
      const { differing } = await this.drift(station, template);
      if (differing.some(({ state }) => state === 'differs' || state === 'refused')) meant.push(station.record.identity);
    }
    return meant;
  }

  async #put(template: TemplateRecord): Promise<TemplateRecord> {
    await this.#useCases.kernel.queue.commit([{ k: 'templatePut', template }]);
    return template;
  }
}

export const variablesOf = ({ body }: TemplateRecord): readonly TemplateVariable[] => JSON.parse(body);

function bodyOf(variables: readonly TemplateVariable[]): string {
  const seen = new Set<string>();
  for (const [index, variable] of variables.entries()) {
    const key = variableKey(placeOf(variable));
    if (seen.has(key) || variable.variable.name === 'BasicAuthPassword')
      throw new BusbarError(
        'invalid-request',
        seen.has(key)
          ? `${variable.component.name}.${variable.variable.name} stands twice in it.`
          : 'A password is of one station only and stands in no template.',
        { fields: { pointer: `/variables/${index}` } },
      );
    seen.add(key);
  }
  return JSON.stringify(variables);
}

/** What makes a station itself, or keeps it in touch with us, is never copied to another. */
const ITS_OWN: ReadonlySet<string> = new Set([
  'SecurityCtrlr.Identity',
  'SecurityCtrlr.BasicAuthPassword',
  'OCPPCommCtrlr.NetworkConfigurationPriority',
  'OCPPCommCtrlr.ActiveNetworkProfile',
  'ChargingStation.Identity',
  'ClockCtrlr.DateTime',
]);

const mayBeCopied = ({ component, variable, value, mutability, constant }: VariableRow): boolean =>
  value !== undefined &&
  value !== '' &&
  constant !== true &&
  // ReadWrite is what a station that says nothing means (B07).
  (mutability ?? 'ReadWrite') === 'ReadWrite' &&
  component !== 'NetworkConfiguration' &&
  !ITS_OWN.has(`${component}.${variable}`);

const toVariable = ({ attribute, value = '', ...name }: VariableRow): TemplateVariable => ({
  ...nested(name),
  ...(attribute === 'Actual' ? {} : { attributeType: attribute }),
  attributeValue: value,
});
