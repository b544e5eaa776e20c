import type { Fault } from './device-model.ts';

const en = {
  title: 'Configuration',
  readAll: 'Read all again',
  reading: (count: string) => `Reading. ${count} so far; the list fills by itself.`,
  compareLink: 'Compare with other stations',
  filter: 'Filter, e.g. timeout',
  onlyChanged: 'Only changed',
  onlyWritable: 'Only writable',
  components: 'Components',
  all: 'All components',
  variables: (count: number) => (count === 1 ? '1 variable' : `${count} variables`),
  compareWith: 'Compare with',
  noTemplate: 'no template',
  variable: 'Variable',
  value: 'Value',
  wanted: 'Template',
  drift: 'Drift',
  type: 'Type',
  access: 'Access',
  mutability: { ReadOnly: 'read only', WriteOnly: 'write only', ReadWrite: 'writable' } as Readonly<Record<string, string>>,
  state: { differs: 'differs', refused: 'refused', afterReboot: 'after reboot', unknown: 'unknown', same: 'same' },
  noneYet: 'Nothing is known of this station\'s variables. It tells them when "Read all again" asks for its report (B07).',
  nothing: 'No variable is like that.',
  unset: 'not set',
  choose: 'Choose a variable to see what it means, what it may be, and to change it.',
  limits: 'Limits',
  values: 'Values',
  unit: 'Unit',
  persistent: 'Persistent',
  lastRead: 'Last read',
  agoOf: (span: string) => `${span} ago`,
  mutabilityName: 'Mutability',
  newValue: 'New value',
  now: (value: string) => `now ${value}`,
  setAndRead: 'Set and read back',
  whyNot: 'The station is not connected. A value can be set once it is there.',
  readOnly: 'The station lets nobody write it.',
  isPassword: 'A password is set in Admin: it is shown once, and both are valid until the new one is used.',
  answered: (status: string) => `Answered ${status}`,
  readBack: (value: string) => `read back as ${value}`,
  reboot: 'Waits for a reboot',
  rebootText: (count: number) =>
    count === 1
      ? '1 value was answered RebootRequired. It counts from the next boot on.'
      : `${count} values were answered RebootRequired. They count from the next boot on.`,
  rebootIdle: 'Reboot when idle',
  lastWrite: 'Last write',
  setTo: (value: string) => `set to ${value}`,
  summary: (differs: number, of: number, name: string) => `${differs} of ${of} variables are not as in "${name}".`,
  noDrift: (of: number, name: string) => `All ${of} variables as in "${name}".`,
  toMatrix: 'Same on other stations',
  monitored: 'Monitoring',
  fault: (fault: Fault): string => {
    switch (fault.kind) {
      case 'number':
        return 'This is no number, such as 12 or 0.5.';
      case 'whole':
        return 'This takes whole numbers only.';
      case 'below':
        return `Too low: the least is ${fault.limit}. Nothing was sent.`;
      case 'above':
        return `Too high: the most is ${fault.limit}. Nothing was sent.`;
      case 'long':
        return `Too long: at most ${fault.limit} characters.`;
      case 'notListed':
        return `It may be ${fault.values.join(', ')}.`;
    }
  },
};
const de: typeof en = {
  title: 'Konfiguration',
  readAll: 'Alles neu lesen',
  reading: (count) => `Wird gelesen. Bisher ${count}; die Liste füllt sich von selbst.`,
  compareLink: 'Mit anderen Stationen vergleichen',
  filter: 'Filtern, z. B. timeout',
  onlyChanged: 'Nur geänderte',
  onlyWritable: 'Nur schreibbare',
  components: 'Komponenten',
  all: 'Alle Komponenten',
  variables: (count) => (count === 1 ? '1 Variable' : `${count} Variablen`),
  compareWith: 'Vergleichen mit',
  noTemplate: 'keiner Vorlage',
  variable: 'Variable',
  value: 'Wert',
  wanted: 'Vorlage',
  drift: 'Abweichung',
  type: 'Typ',
  access: 'Zugriff',
  mutability: { ReadOnly: 'nur lesbar', WriteOnly: 'nur schreibbar', ReadWrite: 'schreibbar' },
  state: { differs: 'weicht ab', refused: 'abgelehnt', afterReboot: 'nach Neustart', unknown: 'unbekannt', same: 'gleich' },
  noneYet: 'Von den Variablen dieser Station ist nichts bekannt. Sie nennt sie, wenn „Alles neu lesen“ nach dem Bericht fragt (B07).',
  nothing: 'So ist keine Variable.',
  unset: 'nicht gesetzt',
  choose: 'Wählen Sie eine Variable: was sie bedeutet, was sie sein darf, und um sie zu ändern.',
  limits: 'Grenzen',
  values: 'Werte',
  unit: 'Einheit',
  persistent: 'Dauerhaft',
  lastRead: 'Zuletzt gelesen',
  agoOf: (span) => `vor ${span}`,
  mutabilityName: 'Zugriff',
  newValue: 'Neuer Wert',
  now: (value) => `jetzt ${value}`,
  setAndRead: 'Setzen und zurücklesen',
  whyNot: 'Die Station ist nicht verbunden. Setzen geht, sobald sie da ist.',
  readOnly: 'Die Station lässt niemanden schreiben.',
  isPassword: 'Ein Passwort wird unter Verwaltung gesetzt: es wird einmal gezeigt, und beide gelten, bis das neue benutzt wird.',
  answered: (status) => `Antwort ${status}`,
  readBack: (value) => `zurückgelesen als ${value}`,
  reboot: 'Wartet auf einen Neustart',
  rebootText: (count) =>
    count === 1
      ? '1 Wert wurde mit RebootRequired beantwortet. Er gilt ab dem nächsten Start.'
      : `${count} Werte wurden mit RebootRequired beantwortet. Sie gelten ab dem nächsten Start.`,
  rebootIdle: 'Neustart, wenn frei',
  lastWrite: 'Zuletzt geschrieben',
  setTo: (value) => `auf ${value} gesetzt`,
  summary: (differs, of, name) => `${differs} von ${of} Variablen weichen von „${name}“ ab.`,
  noDrift: (of, name) => `Alle ${of} Variablen wie in „${name}“.`,
  toMatrix: 'Dasselbe an anderen Stationen',
  monitored: 'Überwachung',
  fault: (fault) => {
    switch (fault.kind) {
      case 'number':
        return 'Das ist keine Zahl wie 12 oder 0.5.';
      case 'whole':
        return 'Hier sind nur ganze Zahlen möglich.';
      case 'below':
        return `Zu klein: mindestens ${fault.limit}. Nichts wurde gesendet.`;
      case 'above':
        return `Zu groß: höchstens ${fault.limit}. Nichts wurde gesendet.`;
      case 'long':
        return `Zu lang: höchstens ${fault.limit} Zeichen.`;
      case 'notListed':
        return `Möglich sind ${fault.values.join(', ')}.`;
    }
  },
};
export const configurationWords = { en, de };
