import type { OcppVersion } from '@busbar/protocol';
import type { Millis } from '@busbar/runtime';

/** A token as OCPP names it. */
export interface IdToken {
  readonly idToken: string;
  readonly type: string;
}

export type TokenRole = 'valid' | 'valid2' | 'groupMate' | 'otherGroup' | 'invalid' | 'blocked' | 'expired' | 'masterPass';

/** How a run is set up. Times are the laboratory's unless the system under test offers shorter ones. */
export interface Settings {
  readonly version: OcppVersion;
  readonly securityProfile: 1 | 2 | 3;
  /** How long a message that has to come may take. */
  readonly stepMs: Millis;
  /** How long an answer may take. */
  readonly callMs: Millis;
  /** A whole case may take this long; then it is inconclusive. */
  readonly caseMs: Millis;
  /** Part 6, 2.1: times are compared with this tolerance. */
  readonly deviationMs: Millis;
  readonly evseId: number;
  readonly connectorId: number;
  /** Connectors that stand side by side at the station the kit plays, per EVSE. */
  readonly evses: number;
  /** Fixed names where the system under test knows only these; otherwise every case gets its own. */
  readonly station?: { readonly id: string; readonly password: string; readonly serialNumber?: string };
  readonly tokens?: Partial<Record<TokenRole, IdToken>>;
  readonly groupId?: string;
}

export const SETTINGS: Settings = {
  version: 'ocpp2.0.1',
  securityProfile: 1,
  stepMs: 30_000,
  callMs: 30_000,
  caseMs: 280_000,
  deviationMs: 4000,
  evseId: 1,
  connectorId: 1,
  evses: 2,
};
