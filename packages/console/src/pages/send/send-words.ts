import type { FormFault } from './check-form.ts';

const en = {
  title: 'Send a message',
  message: 'Message',
  version: 'Version',
  preset: 'Preset',
  noPreset: 'none',
  savePreset: 'Save as preset',
  presetName: 'Name of the preset',
  removePreset: (name: string) => `Remove preset ${name}`,
  history: 'History',
  historyTitle: 'What you sent',
  historyNone: 'You have not sent anything yet.',
  use: 'Use',
  to: 'To',
  addStation: 'Add station',
  noTargets: 'Nobody yet: add a station, or choose some in the fleet.',
  offlineMark: 'offline',
  allOf: (n: string) => `All ${n} of a filter of the fleet`,
  more: (n: string) => `and ${n} more`,
  remove: (what: string) => `Remove ${what}`,
  clear: 'Clear',
  mixed: (version: string) => `They speak different versions; the form is that of ${version}.`,
  ifOffline: 'If offline',
  offline: {
    refuse: 'refuse',
    '3600': 'keep for 1 h, then drop',
    '86400': 'keep for 24 h, then drop',
    '604800': 'keep for 7 days, then drop',
  },
  form: 'Form',
  hidden: (n: number) => (n === 0 ? 'Required fields first.' : `Required fields first. ${n} optional ${n === 1 ? 'is' : 'are'} hidden.`),
  noFields: 'This message carries nothing.',
  json: 'JSON, same message',
  jsonLabel: 'The message as JSON',
  fits: (version: string) => `Fits the schema of ${version}`,
  faults: (n: number) => `${n} ${n === 1 ? 'fault' : 'faults'}`,
  empty: (n: number) => (n === 1 ? '1 required field is empty' : `${n} required fields are empty`),
  notJson: (why: string) => `This is not JSON yet: ${why}. The form keeps what it had.`,
  notObject: 'A message is a JSON object. The form keeps what it had.',
  asCurl: 'As curl',
  add: (name: string) => `+ ${name}`,
  addEntry: (name: string) => `+ entry of ${name}`,
  entry: (n: string) => `Entry ${n}`,
  entries: (n: number, most: string) => (most === '' ? `${n}` : `${n} of at most ${most}`),
  strange: (name: string) => `${name} is not known to this message`,
  atMost: (n: number) => `at most ${n} characters`,
  range: (least: number | undefined, most: number | undefined) =>
    least !== undefined && most !== undefined
      ? `${least} to ${most}`
      : least !== undefined
        ? `from ${least}`
        : most !== undefined
          ? `up to ${most}`
          : '',
  localTime: 'your time; sent as UTC',
  anyJson: 'any JSON',
  sendTo: (n: number, only: string) => (n === 1 ? `Send to ${only}` : `Send to ${n} stations`),
  keys: 'Ctrl Enter sends. Nothing is ever sent again by itself.',
  results: 'Result',
  needsInstaller: 'Installers, operators and administrators send.',
  waits: 'The answer stands here.',
  drop: 'Drop',
  sentAt: (action: string, time: string) => `${action}, asked ${time}`,
  result: {
    queued: 'Queued',
    queuedWhy: 'Not connected; sent when it comes back.',
    sent: 'Waiting',
    answered: 'Answered',
    refused: (code: string) => `Refused (CALLERROR ${code})`,
    unknown: 'No answer',
    unknownWhy: 'It may have acted all the same. Ask for its status before you send again.',
    notSent: 'Not sent',
    because: (reason: string) => `because ${reason}`,
    started: 'It led to session',
  },
  reasons: {
    'not-connected': 'it is not connected',
    'not-accepted': 'it is not accepted',
    cancelled: 'it was taken back',
    expired: 'its time ran out',
    'narrowed-away': 'it was narrowed away',
  } as Readonly<Record<string, string>>,
  ms: (n: string) => `${n} ms`,
  fault(fault: FormFault): string {
    switch (fault.kind) {
      case 'missing':
        return 'is required';
      case 'unknown':
        return 'is not known to this message';
      case 'notDate':
        return 'is no time such as 2030-01-01T00:00:00Z';
      case 'notUri':
        return 'is no address';
      case 'type':
        return `must be ${{ object: 'an object', list: 'a list', string: 'a text', integer: 'a whole number', number: 'a number', boolean: 'true or false' }[fault.wanted]}`;
      case 'enum':
        return `must be one of ${fault.values.join(', ')}`;
      case 'tooLong':
        return `may have ${fault.limit} characters`;
      case 'tooShort':
        return `needs ${fault.limit} characters`;
      case 'tooSmall':
        return `must be at least ${fault.limit}`;
      case 'tooGreat':
        return `may be at most ${fault.limit}`;
      case 'tooMany':
        return `may have ${fault.limit} entries`;
      case 'tooFew':
        return `needs ${fault.limit} ${fault.limit === 1 ? 'entry' : 'entries'}`;
    }
  },
};
const de: typeof en = {
  title: 'Nachricht senden',
  message: 'Nachricht',
  version: 'Version',
  preset: 'Vorlage',
  noPreset: 'keine',
  savePreset: 'Als Vorlage sichern',
  presetName: 'Name der Vorlage',
  removePreset: (name) => `Vorlage ${name} entfernen`,
  history: 'Verlauf',
  historyTitle: 'Was Sie gesendet haben',
  historyNone: 'Sie haben noch nichts gesendet.',
  use: 'Verwenden',
  to: 'An',
  addStation: 'Station hinzufügen',
  noTargets: 'Noch niemand: Fügen Sie eine Station hinzu, oder wählen Sie welche unter Stationen.',
  offlineMark: 'nicht verbunden',
  allOf: (n) => `Alle ${n} eines Filters der Stationen`,
  more: (n) => `und ${n} weitere`,
  remove: (what) => `${what} entfernen`,
  clear: 'Leeren',
  mixed: (version) => `Sie sprechen verschiedene Versionen; das Formular ist das von ${version}.`,
  ifOffline: 'Wenn nicht verbunden',
  offline: {
    refuse: 'ablehnen',
    '3600': '1 h behalten, dann verwerfen',
    '86400': '24 h behalten, dann verwerfen',
    '604800': '7 Tage behalten, dann verwerfen',
  },
  form: 'Formular',
  hidden: (n) => (n === 0 ? 'Pflichtfelder zuerst.' : `Pflichtfelder zuerst. ${n} weitere ${n === 1 ? 'ist' : 'sind'} verborgen.`),
  noFields: 'Diese Nachricht trägt nichts.',
  json: 'JSON, dieselbe Nachricht',
  jsonLabel: 'Die Nachricht als JSON',
  fits: (version) => `Passt zum Schema von ${version}`,
  faults: (n) => `${n} Fehler`,
  empty: (n) => (n === 1 ? '1 Pflichtfeld ist leer' : `${n} Pflichtfelder sind leer`),
  notJson: (why) => `Das ist noch kein JSON: ${why}. Das Formular behält, was es hatte.`,
  notObject: 'Eine Nachricht ist ein JSON-Objekt. Das Formular behält, was es hatte.',
  asCurl: 'Als curl',
  add: (name) => `+ ${name}`,
  addEntry: (name) => `+ Eintrag von ${name}`,
  entry: (n) => `Eintrag ${n}`,
  entries: (n, most) => (most === '' ? `${n}` : `${n} von höchstens ${most}`),
  strange: (name) => `${name} kennt diese Nachricht nicht`,
  atMost: (n) => `höchstens ${n} Zeichen`,
  range: (least, most) =>
    least !== undefined && most !== undefined
      ? `${least} bis ${most}`
      : least !== undefined
        ? `ab ${least}`
        : most !== undefined
          ? `bis ${most}`
          : '',
  localTime: 'Ihre Zeit; gesendet als UTC',
  anyJson: 'beliebiges JSON',
  sendTo: (n, only) => (n === 1 ? `An ${only} senden` : `An ${n} Stationen senden`),
  keys: 'Strg Enter sendet. Nichts wird von selbst noch einmal gesendet.',
  results: 'Ergebnis',
  needsInstaller: 'Installateure, Betreiber und Administratoren senden.',
  waits: 'Hier steht die Antwort.',
  drop: 'Verwerfen',
  sentAt: (action, time) => `${action}, verlangt ${time}`,
  result: {
    queued: 'Wartet',
    queuedWhy: 'Nicht verbunden; wird gesendet, wenn sie zurück ist.',
    sent: 'Unterwegs',
    answered: 'Beantwortet',
    refused: (code) => `Abgelehnt (CALLERROR ${code})`,
    unknown: 'Keine Antwort',
    unknownWhy: 'Sie hat vielleicht trotzdem gehandelt. Erfragen Sie ihren Zustand, bevor Sie noch einmal senden.',
    notSent: 'Nicht gesendet',
    because: (reason) => `weil ${reason}`,
    started: 'Daraus wurde der Ladevorgang',
  },
  reasons: {
    'not-connected': 'sie nicht verbunden ist',
    'not-accepted': 'sie nicht angenommen ist',
    cancelled: 'sie zurückgenommen wurde',
    expired: 'ihre Zeit ablief',
    'narrowed-away': 'sie weggekürzt wurde',
  },
  ms: (n) => `${n} ms`,
  fault(fault) {
    switch (fault.kind) {
      case 'missing':
        return 'ist nötig';
      case 'unknown':
        return 'kennt diese Nachricht nicht';
      case 'notDate':
        return 'ist keine Zeit wie 2030-01-01T00:00:00Z';
      case 'notUri':
        return 'ist keine Adresse';
      case 'type':
        return `muss ${{ object: 'ein Objekt', list: 'eine Liste', string: 'ein Text', integer: 'eine ganze Zahl', number: 'eine Zahl', boolean: 'true oder false' }[fault.wanted]} sein`;
      case 'enum':
        return `muss eines von ${fault.values.join(', ')} sein`;
      case 'tooLong':
        return `darf ${fault.limit} Zeichen haben`;
      case 'tooShort':
        return `braucht ${fault.limit} Zeichen`;
      case 'tooSmall':
        return `muss mindestens ${fault.limit} sein`;
      case 'tooGreat':
        return `darf höchstens ${fault.limit} sein`;
      case 'tooMany':
        return `darf ${fault.limit} Einträge haben`;
      case 'tooFew':
        return `braucht ${fault.limit} ${fault.limit === 1 ? 'Eintrag' : 'Einträge'}`;
    }
  },
};
export const sendWords = { en, de };
export type SendWords = typeof en;
