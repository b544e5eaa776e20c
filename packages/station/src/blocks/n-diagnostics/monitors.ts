import { MonitoringCtrlr } from '@busbar/protocol/device-model';
import { formatInstant } from '@busbar/runtime';
import type { HardWiredMonitor } from '../../config.ts';
import type { Context } from '../../context.ts';
import type { StationLayout } from '../../hardware/hardware.ts';
import { keys, put, remove } from '../../memory.ts';
import type { VariableDefinition } from '../../variable-table.ts';
import type { EventLog } from './event-log.ts';

interface AlertState {
  /** A threshold is crossed. */
  readonly alerting: boolean;
  /** What a delta is counted from: the value at the start or in the last event (N07.FR.18). */
  readonly base: string;
}

export type Judgement = { readonly trigger: 'Alerting' | 'Delta'; readonly cleared: boolean } | undefined;

/** What a new value means to a monitor. Pure: the table of N07. */
export function judge(monitor: Pick<HardWiredMonitor, 'type' | 'value'>, value: string, state: AlertState): Judgement {
  const now = Number(value);
  const numeric = value !== '' && Number.isFinite(now);
  if (monitor.type === 'Delta') {
    const changed = numeric && state.base !== '' ? Math.abs(now - Number(state.base)) > monitor.value : value !== state.base; // N07.FR.18, N07.FR.19
    return changed ? { trigger: 'Delta', cleared: false } : undefined;
  }
  if (!numeric) return undefined;
  const beyond = monitor.type === 'UpperThreshold' ? now > monitor.value : now < monitor.value; // N07.FR.16, N07.FR.17: beyond, not on
  if (beyond === state.alerting) return undefined;
  return { trigger: 'Alerting', cleared: !beyond }; // N07.FR.02
}

/** The monitors that are built in. Their state survives a reboot, so an alarm that ended meanwhile is taken back (N07.FR.13, N07.FR.14). */
export class Monitors {
  readonly #context: Context;
  readonly #events: EventLog;
  readonly #states = new Map<number, AlertState>();

  constructor(context: Context, events: EventLog) {
    this.#context = context;
    this.#events = events;
    context.dm.anyChange = (definition, value) => this.#changed(definition, value);
  }

  get all(): readonly HardWiredMonitor[] {
    return [...problemMonitors(this.#context.layout), ...(this.#context.config.monitors ?? [])];
  }

  /** The values as they are at power-on, against the states before it. */
  start(): void {
    for (const monitor of this.all) {
      const found = this.#context.dm.lookup(monitor.component, monitor.variable);
      if (found.kind !== 'found') continue;
      const value = this.#context.dm.value(found.definition);
      const stored = this.#context.memory.read<AlertState>(keys.alert(monitor.id));
      this.#states.set(monitor.id, stored ?? { alerting: false, base: value });
      this.#evaluate(monitor, found.definition, value);
    }
  }

  #changed(definition: VariableDefinition, value: string): void {
    for (const monitor of this.all) {
      const found = this.#context.dm.lookup(monitor.component, monitor.variable);
      if (found.kind === 'found' && found.definition === definition) this.#evaluate(monitor, definition, value);
    }
  }

  #evaluate(monitor: HardWiredMonitor, definition: VariableDefinition, value: string): void {
    const state = this.#states.get(monitor.id);
    const judgement = state && judge(monitor, value, state);
    if (!judgement) return;
    const alerting = judgement.trigger === 'Alerting' && !judgement.cleared;
    const next: AlertState = { alerting, base: value };
    this.#states.set(monitor.id, next);
    const change = alerting || monitor.type === 'Delta' ? put(keys.alert(monitor.id), next) : remove(keys.alert(monitor.id));
    this.#context.scope.run('monitor', () => this.#context.memory.commit([change]));
    if (monitor.severity > this.#level()) return; // N07.FR.15
    const secret = definition.mutability === 'WriteOnly';
    this.#events.report(
      {
        timestamp: formatInstant(this.#context.clock.now()),
        trigger: judgement.trigger,
        actualValue: secret ? '' : value, // N07.FR.10
        ...(judgement.trigger === 'Alerting' ? { cleared: judgement.cleared } : {}),
        component: monitor.component, // N07.FR.06
        variable: monitor.variable,
        variableMonitoringId: monitor.id,
        eventNotificationType: 'HardWiredMonitor',
      },
      monitor.severity,
    );
  }

  #level(): number {
    const level = this.#context.dm.text(MonitoringCtrlr.ActiveMonitoringLevel);
    return level === '' ? 9 : Number(level);
  }
}

const PROBLEM = { variable: { name: 'Problem' }, type: 'Delta', value: 1 } as const;

/** What every station watches: whether it, an EVSE or a lock has a problem (G05.FR.02). Their ids lie above what a configuration uses. */
export function problemMonitors(layout: StationLayout): readonly HardWiredMonitor[] {
  return [
    { ...PROBLEM, id: 1_000_000, component: { name: 'ChargingStation' }, severity: 2 },
    ...layout.evses.flatMap((evse): HardWiredMonitor[] => [
      { ...PROBLEM, id: 1_000_000 + evse.id * 100, component: { name: 'EVSE', evse: { id: evse.id } }, severity: 2 },
      ...evse.connectors
        .filter((connector) => connector.hasLock)
        .map((connector) => ({
          ...PROBLEM,
          id: 1_000_000 + evse.id * 100 + connector.id,
          component: { name: 'ConnectorPlugRetentionLock', evse: { id: evse.id, connectorId: connector.id } },
          severity: 3,
        })),
    ]),
  ];
}
