/** The subprotocol names of the WebSocket, which name the versions everywhere. */
export const OCPP_VERSIONS = ['ocpp2.1', 'ocpp2.0.1'] as const;
export type OcppVersion = (typeof OCPP_VERSIONS)[number];

export const isOcppVersion = (name: string): name is OcppVersion => OCPP_VERSIONS.some((version) => version === name);

/** Differences in behaviour are asked for by name, not by comparing versions. */
export type Capability =
  /** CALLRESULTERROR answers a CALLRESULT that fails its schema. */
  | 'CallResultError'
  /** SEND: a message without an answer. */
  | 'SendMessages'
  /** StatusNotification is deprecated: connector states travel as NotifyEvent of AvailabilityState (D11). */
  | 'AvailabilityByEvent';

const CAPABILITIES: Record<OcppVersion, ReadonlySet<Capability>> = {
  'ocpp2.0.1': new Set(),
  'ocpp2.1': new Set<Capability>(['CallResultError', 'SendMessages', 'AvailabilityByEvent']),
};

export const supports = (version: OcppVersion, capability: Capability): boolean => CAPABILITIES[version].has(capability);
