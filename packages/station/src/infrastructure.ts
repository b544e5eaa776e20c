import type { Ocpp } from '@busbar/protocol';
import { ChargingStation, Connector, ConnectorPlugRetentionLock, EVSE } from '@busbar/protocol/device-model';
import type { Session } from './blocks/e-transactions/session.ts';
import type { DeviceModel } from './device-model.ts';
import type { ConnectorLayout, EvseLayout, StationLayout } from './hardware/hardware.ts';

export interface InfrastructureDeps {
  readonly dm: DeviceModel;
  readonly layout: StationLayout;
  readonly evseReset: boolean;
  readonly session: (evseId: number) => Session;
  readonly status: (evseId: number, connectorId: number) => Ocpp.ConnectorStatusEnumType;
  readonly stationFaulted: () => boolean;
  readonly powerW: (evseId: number) => number;
}

const yes = (value: boolean): string => (value ? 'true' : 'false');

/** The physical components: what the CSMS sees of the station, its EVSEs and connectors. All of it is read from the facts. */
export function addInfrastructure(deps: InfrastructureDeps): void {
  const { dm, layout } = deps;
  dm.add(ChargingStation.Available, { initial: 'true' });
  dm.add(ChargingStation.AvailabilityState, { live: () => worst(layout.evses.map((evse) => evseState(evse, deps))) });
  dm.add(ChargingStation.Model, { initial: layout.model });
  dm.add(ChargingStation.VendorName, { initial: layout.vendorName });
  dm.add(ChargingStation.SupplyPhases, { initial: `${Math.max(...layout.evses.map(supplyPhases))}` });
  dm.add(ChargingStation.Problem, { live: () => yes(deps.stationFaulted()), monitored: true });
  for (const evse of layout.evses) addEvse(evse, deps);
}

function addEvse(evse: EvseLayout, deps: InfrastructureDeps): void {
  const { dm } = deps;
  const at = { evse: evse.id };
  dm.add(EVSE.AllowReset, { at, initial: yes(deps.evseReset) }); // B11.FR.10
  dm.add(EVSE.Available, { at, initial: 'true' });
  dm.add(EVSE.AvailabilityState, { at, live: () => evseState(evse, deps) });
  dm.add(EVSE.Power, { at, live: () => `${deps.powerW(evse.id)}`, rules: { max: evse.maxPowerW } });
  dm.add(EVSE.Problem, { at, live: () => yes(deps.session(evse.id).faults.length > 0), monitored: true });
  dm.add(EVSE.SupplyPhases, { at, initial: `${supplyPhases(evse)}` });
  dm.add(TemperatureSensor, { at, initial: '', monitored: true });
  for (const connector of evse.connectors) addConnector(evse, connector, deps);
}

function addConnector(evse: EvseLayout, connector: ConnectorLayout, deps: InfrastructureDeps): void {
  const { dm, session, status } = deps;
  const at = { evse: evse.id, connector: connector.id };
  dm.add(Connector.Available, { at, initial: 'true' });
  dm.add(Connector.AvailabilityState, { at, live: () => status(evse.id, connector.id), monitored: true });
  dm.add(Connector.ConnectorType, { at, initial: connector.type });
  dm.add(Connector.SupplyPhases, { at, initial: `${supplyPhases(evse)}` });
  if (!connector.hasLock) return;
  const failed = (): boolean => session(evse.id).lock === 'failed' && session(evse.id).lockedConnector === connector.id;
  dm.add(ConnectorPlugRetentionLock.Active, { at, live: () => yes(session(evse.id).lock === 'closed') });
  dm.add(ConnectorPlugRetentionLock.Problem, { at, live: () => yes(failed()), monitored: true });
}

/** A sensor whose value a laboratory can set (control API `setActual`): something for threshold monitors to watch. */
export const TemperatureSensor = { component: 'TemperatureSensor', variable: 'Temperature', type: 'decimal' } as const;

const supplyPhases = (evse: EvseLayout): number => (evse.kind === 'DC' ? 0 : evse.phases);

/** An EVSE shows its connectors' states as one: the most telling of them. */
const evseState = (evse: EvseLayout, deps: InfrastructureDeps): Ocpp.ConnectorStatusEnumType =>
  worst(evse.connectors.map((connector) => deps.status(evse.id, connector.id)));

const ORDER: readonly Ocpp.ConnectorStatusEnumType[] = ['Occupied', 'Reserved', 'Available', 'Unavailable', 'Faulted'];

function worst(states: readonly Ocpp.ConnectorStatusEnumType[]): Ocpp.ConnectorStatusEnumType {
  return ORDER.find((state) => states.includes(state)) ?? 'Available';
}
