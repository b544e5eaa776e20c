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
    reset: (n: string) => `Reset ${n} stations`,
    availability: (n: string) => `Availability of ${n} stations`,
    setVariables: (n: string) => `Set a variable on ${n} stations`,
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
    OnIdle: (n: string) => `Reset ${n} stations when idle`,
    Immediate: (n: string, sessions: number) =>
      sessions === 0 ? `Reset ${n} stations now` : `Reset ${n} stations now, ends ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`,
    Operative: (n: string) => `Put ${n} stations in service`,
    Inoperative: (n: string) => `Take ${n} stations out of service`,
    setVariables: (n: string) => `Set it on ${n} stations`,
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
    reset: (n) => `${n} Stationen neu starten`,
    availability: (n) => `Verfügbarkeit von ${n} Stationen`,
    setVariables: (n) => `Eine Variable an ${n} Stationen setzen`,
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
    OnIdle: (n) => `${n} Stationen neu starten, wenn frei`,
    Immediate: (n, sessions) =>
      sessions === 0
        ? `${n} Stationen jetzt neu starten`
        : `${n} Stationen jetzt neu starten, beendet ${sessions} ${sessions === 1 ? 'Vorgang' : 'Vorgänge'}`,
    Operative: (n) => `${n} Stationen in Betrieb nehmen`,
    Inoperative: (n) => `${n} Stationen außer Betrieb nehmen`,
    setVariables: (n) => `An ${n} Stationen setzen`,
  },
};
export const fleetBulkWords = { en, de };
