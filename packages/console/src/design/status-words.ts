/** How a state is called; OCPP's own names stay, what it names for machines is said for people. */
const en = {
  Available: 'Available',
  Occupied: 'Occupied',
  Charging: 'Charging',
  SuspendedEV: 'Paused by car',
  SuspendedEVSE: 'Paused by station',
  Faulted: 'Faulted',
  Unavailable: 'Unavailable',
  Offline: 'Offline',
  Pending: 'Pending',
  Reserved: 'Reserved',
};
const de: typeof en = {
  Available: 'Frei',
  Occupied: 'Belegt',
  Charging: 'Lädt',
  SuspendedEV: 'Vom Auto pausiert',
  SuspendedEVSE: 'Von der Station pausiert',
  Faulted: 'Gestört',
  Unavailable: 'Außer Betrieb',
  Offline: 'Offline',
  Pending: 'Wartet',
  Reserved: 'Reserviert',
};
export const statusWords = { en, de };
