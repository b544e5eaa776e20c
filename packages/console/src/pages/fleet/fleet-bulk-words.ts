import { many } from '../../words/many.ts';

const stations = (n: string): string => many(n, 'station', 'stations');
const stationen = (n: string): string => many(n, 'Station', 'Stationen');

const en = {
  bar: 'Selected stations',
  selected: (n: string) => `${n} selected`,
  reset: 'Reset',
  availability: 'Availability',
  setVariables: 'Set variables',
  send: 'Send message',
  keys: 'x selects, Shift x a range.',
  selectAll: (n: string) => `Select all ${n}`,
  clear: 'Clear',
  select: (id: string) => `Select ${id}`,
  selectEvery: 'Select all stations of the list',
  title: {
    reset: (n: string) => `Reset ${stations(n)}`,
    availability: (n: string) => `Availability of ${stations(n)}`,
    setVariables: (n: string) => `Set a variable on ${stations(n)}`,
  },
  when: 'When',
  resetType: { OnIdle: 'when nobody charges there', Immediate: 'now, running sessions end' },
  sessionsEnd: (n: number) =>
    n === 0 ? 'Nobody charges there now.' : `${n} running ${n === 1 ? 'session ends' : 'sessions end'}; their events are kept and billed.`,
  status: 'From now on',
  operational: { Operative: 'in service', Inoperative: 'out of service' },
  component: 'Component',
  variable: 'Variable',
  evse: 'EVSE, where there is one',
  value: 'Value',
  ifOffline: 'If offline',
  offline: { refuse: 'leave out', queue: 'keep for 24 h, then drop' },
  button: {
    OnIdle: (n: string) => `Reset ${stations(n)} when idle`,
    Immediate: (n: string, sessions: number) =>
      sessions === 0 ? `Reset ${stations(n)} now` : `Reset ${stations(n)} now, ends ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`,
    Operative: (n: string) => `Put ${stations(n)} in service`,
    Inoperative: (n: string) => `Take ${stations(n)} out of service`,
    setVariables: (n: string) => `Set it on ${stations(n)}`,
  },
};
const de: typeof en = {
  bar: 'Ausgewählte Stationen',
  selected: (n) => `${n} ausgewählt`,
  reset: 'Neu starten',
  availability: 'Verfügbarkeit',
  setVariables: 'Variablen setzen',
  send: 'Nachricht senden',
  keys: 'x wählt aus, Umschalt x einen Bereich.',
  selectAll: (n) => `Alle ${n} auswählen`,
  clear: 'Aufheben',
  select: (id) => `${id} auswählen`,
  selectEvery: 'Alle Stationen der Liste auswählen',
  title: {
    reset: (n) => `${stationen(n)} neu starten`,
    availability: (n) => `Verfügbarkeit von ${stationen(n)}`,
    setVariables: (n) => `Eine Variable an ${stationen(n)} setzen`,
  },
  when: 'Wann',
  resetType: { OnIdle: 'wenn dort niemand lädt', Immediate: 'jetzt, laufende Vorgänge enden' },
  sessionsEnd: (n) =>
    n === 0
      ? 'Dort lädt jetzt niemand.'
      : `${n} laufende ${n === 1 ? 'Vorgang endet' : 'Vorgänge enden'}; ihre Ereignisse bleiben und werden abgerechnet.`,
  status: 'Von jetzt an',
  operational: { Operative: 'in Betrieb', Inoperative: 'außer Betrieb' },
  component: 'Komponente',
  variable: 'Variable',
  evse: 'EVSE, wo es eine gibt',
  value: 'Wert',
  ifOffline: 'Wenn nicht verbunden',
  offline: { refuse: 'auslassen', queue: '24 h behalten, dann verwerfen' },
  button: {
    OnIdle: (n) => `${stationen(n)} neu starten, wenn frei`,
    Immediate: (n, sessions) =>
      sessions === 0
        ? `${stationen(n)} jetzt neu starten`
        : `${stationen(n)} jetzt neu starten, beendet ${sessions} ${sessions === 1 ? 'Vorgang' : 'Vorgänge'}`,
    Operative: (n) => `${stationen(n)} in Betrieb nehmen`,
    Inoperative: (n) => `${stationen(n)} außer Betrieb nehmen`,
    setVariables: (n) => `An ${stationen(n)} setzen`,
  },
};
export const fleetBulkWords = { en, de };
