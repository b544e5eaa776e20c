/**
 * What a person at a simulated station can do, in the verbs of the station's control API. The terminal speaks only this;
 * an adapter fills it, for a station in this process or behind HTTP.
 */
export type HandAction =
  | { readonly verb: 'plug' | 'unplug'; readonly evse: number; readonly connector?: number; readonly end?: 'ev' | 'evse' | 'both' }
  | { readonly verb: 'presentToken'; readonly evse?: number; readonly type: string; readonly idToken: string }
  | { readonly verb: 'enterPin'; readonly evse?: number; readonly pin: string }
  | { readonly verb: 'startButton' | 'stopButton' | 'occupyBay' | 'leaveBay'; readonly evse: number }
  | { readonly verb: 'evState'; readonly evse: number; readonly state: 'ready' | 'notReady' | 'suspended' | 'charging' }
  | { readonly verb: 'lock'; readonly evse: number; readonly connector?: number; readonly state: 'ok' | 'fail' | 'stuck' }
  | { readonly verb: 'injectFault'; readonly evse?: number; readonly code: string }
  | { readonly verb: 'clearFault'; readonly evse?: number; readonly code?: string }
  | { readonly verb: 'cutPower' | 'restorePower' }
  | { readonly verb: 'reboot'; readonly reason?: string }
  | { readonly verb: 'link'; readonly state: 'up' | 'down' }
  /** All of them when no EVSE is named (master pass). */
  | { readonly verb: 'select'; readonly evse?: number }
  | { readonly verb: 'firmware'; readonly next: 'ok' | 'verifyFails' | 'installFails' }
  | { readonly verb: 'log'; readonly available: boolean }
  /** `root`: the file of a root certificate of the new CSMS. */
  | { readonly verb: 'provision'; readonly url: string; readonly password?: string; readonly root?: string };

export type HandResult =
  | { readonly done: true; readonly facts?: string }
  | { readonly done: false; readonly code: string; readonly reason: string };

export interface EvseStatus {
  readonly id: number;
  /** One word: Available, Charging, SuspendedEV … */
  readonly state: string;
  readonly powerW?: number;
  readonly energyWh?: number;
}

export interface StationStatus {
  readonly id: string;
  /** Undefined while offline. */
  readonly connectedForMs?: number;
  readonly powered: boolean;
  readonly evses: readonly EvseStatus[];
  /** Messages that wait to be delivered. */
  readonly queue: number;
  readonly faults: readonly string[];
  readonly details?: readonly string[];
}

export interface StationHands {
  act(action: HandAction): Promise<HandResult>;
  status(): StationStatus;
  /** Tokens worth completing, such as those of the demo. */
  tokens(): readonly string[];
}
