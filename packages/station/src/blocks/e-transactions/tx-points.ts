import type { Session, TxPoint } from './session.ts';

/** The facts behind the points: one function each, evaluated on every fact (P58). */
const HOLDS: Record<TxPoint, (session: Session) => boolean> = {
  ParkingBayOccupancy: (session) => session.parked, // E01.FR.01
  EVConnected: (session) => session.connectorId !== undefined, // E01.FR.02
  Authorized: (session) => session.authorization !== undefined, // E01.FR.03
  DataSigned: (session) => session.signed, // E01.FR.04
  PowerPathClosed: (session) => session.authorization !== undefined && session.connectorId !== undefined, // E01.FR.05
  EnergyTransfer: (session) => session.flow === 'flowing', // E01.FR.06
};

const RISING: readonly TxPoint[] = ['ParkingBayOccupancy', 'EVConnected', 'Authorized', 'DataSigned', 'EnergyTransfer'];

const rose = (point: TxPoint, before: Session, after: Session): boolean => !HOLDS[point](before) && HOLDS[point](after);

/**
 * A transaction starts when something came true and a start point holds: never on something that went away. Energy starts
 * one whatever the points are: a start point that never came (a bay sensor that sees nothing) must not give energy away.
 */
export const starts = (before: Session, after: Session, points: ReadonlySet<TxPoint>): boolean =>
  rose('EnergyTransfer', before, after) ||
  (RISING.some((point) => rose(point, before, after)) && [...points].some((point) => HOLDS[point](after)));

/** For ending, PowerPathClosed is either of its halves going away (E06.FR.06). DataSigned ends nothing (errata 2.24). */
function stopFacts(points: ReadonlySet<TxPoint>): readonly TxPoint[] {
  const expanded = [...points].flatMap((point): TxPoint[] => (point === 'PowerPathClosed' ? ['EVConnected', 'Authorized'] : [point]));
  return expanded.filter((point) => point !== 'DataSigned');
}

/** A transaction ends when a stop point held and does not any more (E06.FR.01–07), or when nothing at all is left of it. */
export const ends = (before: Session, after: Session, points: ReadonlySet<TxPoint>): boolean =>
  stopFacts(points).some((point) => HOLDS[point](before) && !HOLDS[point](after)) || (anything(before) && !anything(after));

const anything = (session: Session): boolean => RISING.some((point) => point !== 'DataSigned' && HOLDS[point](session));
