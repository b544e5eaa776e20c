import type { Ocpp } from '@busbar/protocol';
import { ChargingStation, Connector, ConnectorPlugRetentionLock, EVSE } from '@busbar/protocol/device-model';
import type { ConnectorLayout, EvseLayout } from './hardware/hardware.ts';
import type { Life } from './life.ts';
import type { StationKind } from './station-kind.ts';
import type { VariableTable } from './variable-table.ts';

const yes = (value: boolean): string => (value ? 'true' : 'false');

/** The physical components: what the CSMS sees of the station, its EVSEs and connectors. All of it is read from the facts. */
export function addInfrastructure(table: VariableTable, kind: StationKind): void {
  const { model, vendorName, evses } = kind;
  table.add(ChargingStation.Available, { initial: 'true' });
  table.add(ChargingStation.AvailabilityState, { live: (life) => worst(evses.map((evse) => evseState(evse, life))) });
  table.add(ChargingStation.Model, { initial: model });
  table.add(ChargingStation.VendorName, { initial: vendorName });
  table.add(ChargingStation.SupplyPhases, { initial: `${Math.max(...evses.map(supplyPhases))}` });
  table.add(ChargingStation.Problem, { live: ({ sessions }) => yes(sessions.get(0).faults.length > 0), monitored: true });
  for (const evse of evses) addEvse(table, evse, kind.evseReset);
}

function addEvse(table: VariableTable, evse: EvseLayout, evseReset: boolean): void {
  const at = { evse: evse.id };
  table.add(EVSE.AllowReset, { at, initial: yes(evseReset) }); // B11.FR.10
  table.add(EVSE.Available, { at, initial: 'true' });
  table.add(EVSE.AvailabilityState, { at, live: (life) => evseState(evse, life) });
  table.add(EVSE.Power, { at, live: ({ context }) => `${context.hardware.readMeter(evse.id).powerW}`, rules: { max: evse.maxPowerW } });
  table.add(EVSE.Problem, { at, live: ({ sessions }) => yes(sessions.get(evse.id).faults.length > 0), monitored: true });
  table.add(EVSE.SupplyPhases, { at, initial: `${supplyPhases(evse)}` });
  table.add(TemperatureSensor, { at, monitored: true });
  for (const connector of evse.connectors) addConnector(table, evse, connector);
}

function addConnector(table: VariableTable, evse: EvseLayout, connector: ConnectorLayout): void {
  const at = { evse: evse.id, connector: connector.id };
  table.add(Connector.Available, { at, initial: 'true' });
  table.add(Connector.AvailabilityState, { at, live: (life) => life.connectorStatus(evse.id, connector.id), monitored: true });
  table.add(Connector.ConnectorType, { at, initial: connector.type });
  table.add(Connector.SupplyPhases, { at, initial: `${supplyPhases(evse)}` });
  if (!connector.hasLock) return;
  const failed = ({ sessions }: Life): boolean => {
    const { lock, lockedConnector } = sessions.get(evse.id);
    return lock === 'failed' && lockedConnector === connector.id;
  };
  table.add(ConnectorPlugRetentionLock.Active, { at, live: ({ sessions }) => yes(sessions.get(evse.id).lock === 'closed') });
  table.add(ConnectorPlugRetentionLock.Problem, { at, live: (life) => yes(failed(life)), monitored: true });
}

/** A sensor whose value a laboratory can set (control API `setActual`): something for threshold monitors to watch. */
export const TemperatureSensor = { component: 'TemperatureSensor', variable: 'Temperature', type: 'decimal' } as const;

const supplyPhases = (evse: EvseLayout): number => (evse.kind === 'DC' ? 0 : evse.phases);

/** An EVSE shows its connectors' states as one: the most telling of them. */
const evseState = (evse: EvseLayout, life: Life): Ocpp.ConnectorStatusEnumType =>
  worst(evse.connectors.map((connector) => life.connectorStatus(evse.id, connector.id)));

const ORDER: readonly Ocpp.ConnectorStatusEnumType[] = ['Occupied', 'Reserved', 'Available', 'Unavailable', 'Faulted'];

function worst(states: readonly Ocpp.ConnectorStatusEnumType[]): Ocpp.ConnectorStatusEnumType {
  return ORDER.find((state) => states.includes(state)) ?? 'Available';
}
