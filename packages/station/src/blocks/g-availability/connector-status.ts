import type { Ocpp } from '@busbar/protocol';
import type { Availability } from './availability.ts';

export interface ConnectorFacts {
  readonly evseId: number;
  readonly connectorId: number;
  readonly faulted: boolean;
  /** A vehicle hangs on it, or a cable is in its socket. */
  readonly occupied: boolean;
  readonly reserved: boolean;
}

/**
 * The one status of a connector (G01.FR.01). A fault beats everything; Unavailable and Reserved do not change because
 * somebody plugs in (errata 2.28, 2.29).
 */
export function connectorStatus(facts: ConnectorFacts, availability: Availability, inUse: boolean): Ocpp.ConnectorStatusEnumType {
  if (facts.faulted) return 'Faulted';
  const operative = availability.operative(facts.evseId, facts.connectorId);
  if (!operative && !inUse) return 'Unavailable';
  if (facts.reserved && !inUse) return 'Reserved'; // G01.FR.09, G03.FR.09
  if (facts.occupied) return 'Occupied';
  return availability.closed(facts.evseId) ? 'Unavailable' : 'Available';
}
