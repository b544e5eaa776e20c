import { readFileSync } from 'node:fs';
import type { Ocpp } from '@busbar/protocol';
import { type Clock, type Millis, messageOf } from '@busbar/runtime';
import type { Station, StationFacts, TraceEvent } from '@busbar/station';
import type { EvseLayout, SimulatedHardware } from '@busbar/station/hardware';
import type { EvseStatus, HandAction, HandResult, StationHands, StationStatus } from './hands.ts';

export interface SimulatedHandsOptions {
  readonly station: Station;
  readonly hardware: SimulatedHardware;
  readonly clock: Clock;
  /** Offered by Tab. */
  readonly tokens?: readonly string[];
}

export interface SimulatedHands extends StationHands {
  /** Hand over the station's trace: it tells since when the link is open. */
  seen(event: TraceEvent): void;
}

const REBOOT_REASONS: readonly Ocpp.BootReasonEnumType[] = [
  'ApplicationReset',
  'FirmwareUpdate',
  'LocalReset',
  'PowerUp',
  'RemoteReset',
  'ScheduledReset',
  'Triggered',
  'Unknown',
  'Watchdog',
];

const DONE: HandResult = { done: true };
const happened = (facts: string): HandResult => ({ done: true, facts });
const cannot = (code: string, reason: string): HandResult => ({ done: false, code, reason });

/** The hands at a station of this process with simulated hardware. */
export function simulatedHands({ station, hardware, clock, tokens = [] }: SimulatedHandsOptions): SimulatedHands {
  let openSince: Millis | undefined;
  const used = new Set(tokens);
  const layoutOf = (id: number): EvseLayout | undefined => hardware.layout.evses.find((evse) => evse.id === id);

  const act = async (action: HandAction): Promise<HandResult> => {
    if ('evse' in action && action.evse !== undefined && !layoutOf(action.evse))
      return cannot('no-evse', `there is no EVSE ${action.evse}`);
    const power = station.facts().power === 'on';
    switch (action.verb) {
      case 'restorePower':
        if (power) return cannot('powered', 'the power is on');
        station.start();
        return DONE;
      case 'cutPower':
        if (!power) return cannot('no-power', 'the power is off already');
        station.powerCut();
        hardware.powerOff();
        return happened('no power. "power" brings it back');
      case 'reboot': {
        const reason = REBOOT_REASONS.find((known) => known === (action.reason ?? 'LocalReset'));
        if (!reason) return cannot('unknown-reason', `a boot has one of the reasons ${REBOOT_REASONS.join(', ')}`);
        if (!power) return cannot('no-power', 'the power is off');
        await station.reboot(reason);
        return DONE;
      }
      case 'provision':
        return provision(station, action);
      case 'link':
        station.setLink(action.state);
        return DONE;
      case 'plug':
        if (!hardware.plug(action.evse, action.connector, undefined, action.end)) return cannot('stuck', 'there is a cable in already');
        return happened(`cable in EVSE ${action.evse}, ${pilotAt(hardware, action.evse, action.connector ?? 1)}`);
      case 'unplug':
        if (!hardware.unplug(action.evse, action.connector, action.end)) return cannot('stuck', 'the cable is locked, or there is none');
        return happened(`cable out of EVSE ${action.evse}, ${pilotAt(hardware, action.evse, action.connector ?? 1)}`);
      default:
        return power || action.verb === 'lock' || action.verb === 'evState'
          ? touch(hardware, action, layoutOf)
          : cannot('no-power', 'the power is off');
    }
  };

  return {
    act: async (action) => {
      if (action.verb === 'presentToken') used.add(action.idToken);
      return act(action);
    },
    tokens: () => [...used],
    status: () => statusOf(station.facts(), hardware, openSince === undefined ? undefined : clock.monotonic() - openSince),
    seen(event) {
      if (event.kind === 'link') openSince = event.state === 'open' ? clock.monotonic() : undefined;
    },
  };
}

/** Written at once; the station leaves and comes back where it was told to. */
async function provision(station: Station, { url, password, root }: Extract<HandAction, { verb: 'provision' }>): Promise<HandResult> {
  let pem: string | undefined;
  try {
    pem = root === undefined ? undefined : readFileSync(root, 'utf8');
  } catch (error) {
    return cannot('no-file', messageOf(error));
  }
  await station.provision({
    url,
    ...(password === undefined ? {} : { password }),
    ...(pem === undefined ? {} : { roots: [{ kind: 'CSMSRoot', pem }] }),
  });
  return happened(`it looks for its CSMS at ${url}`);
}

function pilotAt(hardware: SimulatedHardware, evseId: number, connectorId: number): string {
  const evse = hardware.facts().evses.find(({ id }) => id === evseId);
  const car = evse?.socPercent === undefined ? 'no car' : `car at ${Math.round(evse.socPercent)} %`;
  return `${car}, control pilot ${evse?.connectors.find(({ id }) => id === connectorId)?.pilot ?? 'unknown'}`;
}

type Touch = Exclude<HandAction, { readonly verb: 'restorePower' | 'cutPower' | 'reboot' | 'link' | 'plug' | 'unplug' | 'provision' }>;

/** What needs no cable and no station around it. */
function touch(hardware: SimulatedHardware, action: Touch, layoutOf: (id: number) => EvseLayout | undefined): HandResult {
  const { hasPinPad, hasRfid } = hardware.layout;
  switch (action.verb) {
    case 'presentToken': {
      if (!hasRfid) return cannot('no-reader', 'this station has no reader');
      const { type, idToken, evse } = action;
      hardware.presentToken({ type, idToken, ...(evse === undefined ? {} : { evse }) });
      return DONE;
    }
    case 'enterPin':
      if (!hasPinPad) return cannot('no-pin-pad', 'this station has no PIN pad');
      hardware.presentToken({ type: 'KeyCode', idToken: action.pin, ...(action.evse === undefined ? {} : { evse: action.evse }) });
      return DONE;
    case 'startButton':
    case 'stopButton':
      if (!layoutOf(action.evse)?.hasStartButton) return cannot('no-button', `EVSE ${action.evse} has no buttons`);
      hardware[action.verb](action.evse);
      return DONE;
    case 'occupyBay':
    case 'leaveBay':
      if (!layoutOf(action.evse)?.hasParkingSensor) return cannot('no-sensor', `EVSE ${action.evse} has no parking sensor`);
      hardware.bay(action.evse, action.verb === 'occupyBay');
      return DONE;
    case 'select':
      if (hardware.layout.hasSelection !== true) return cannot('no-selection', 'this station has no selection on its display');
      hardware.select(action.evse);
      return DONE;
    case 'firmware':
      hardware.nextInstallation(action.next);
      return happened(`the next installation: ${action.next}`);
    case 'log':
      hardware.logs(action.available);
      return happened(action.available ? 'diagnostics are there' : 'there are no diagnostics');
    case 'evState':
      hardware.evState(action.evse, action.state);
      return DONE;
    case 'lock':
      hardware.lockState(action.evse, action.connector ?? 1, action.state);
      return happened(
        `the lock of EVSE ${action.evse} is ${action.state === 'ok' ? 'in order' : action.state === 'fail' ? 'weak: it will not close' : 'stuck'}`,
      );
    case 'injectFault':
      hardware.injectFault(action.evse === undefined ? {} : { evse: action.evse }, action.code);
      return happened(`${action.code} at ${action.evse === undefined ? 'the station' : `EVSE ${action.evse}`}`);
    case 'clearFault':
      hardware.clearFault(action.evse === undefined ? {} : { evse: action.evse }, action.code);
      return DONE;
  }
}

function statusOf(facts: StationFacts, hardware: SimulatedHardware, connectedForMs: Millis | undefined): StationStatus {
  const physical = hardware.facts();
  const evses = facts.evses.map((evse): EvseStatus => {
    const metal = physical.evses.find(({ id }) => id === evse.id);
    const { transaction } = evse;
    const state = transaction?.chargingState ?? evse.connectors.find(({ status }) => status !== 'Available')?.status ?? 'Available';
    const energyWh = transaction?.startMWh === undefined || !metal ? undefined : (metal.importMWh - transaction.startMWh) / 1000;
    return {
      id: evse.id,
      state: facts.power === 'off' ? 'dark' : state,
      ...(transaction && metal ? { powerW: metal.powerW } : {}),
      ...(energyWh === undefined ? {} : { energyWh }),
    };
  });
  return {
    id: facts.identity,
    ...(facts.link === 'open' && connectedForMs !== undefined ? { connectedForMs } : {}),
    powered: facts.power === 'on',
    evses,
    queue: facts.queuedEvents,
    faults: [...new Set(physical.evses.flatMap((evse) => evse.faults.map((code) => `EVSE ${evse.id} ${code}`)))],
    details: physical.evses.map((evse) => {
      const soc = evse.socPercent === undefined ? 'no car' : `car at ${Math.round(evse.socPercent)} %`;
      const limit = evse.limitW === null ? '' : `, limit ${(evse.limitW / 1000).toFixed(1)} kW`;
      const plugs = evse.connectors.map(({ id, pilot, lock }) => `connector ${id} ${pilot}, ${lock}`).join(', ');
      const shown = evse.display.length === 0 ? '' : `, display: ${evse.display.join(' / ')}`;
      return `EVSE ${evse.id}  ${plugs}, contactor ${evse.contactor}, ${soc}${limit}, meter ${(evse.importMWh / 1e6).toFixed(3)} kWh${shown}`;
    }),
  };
}
