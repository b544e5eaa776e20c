import type { Verdict } from '@busbar/api';
import type { Static } from 'typebox';
import { many } from '../../words/many.ts';

type VerdictView = Static<typeof Verdict>;
type Detail = VerdictView['detail'];

interface SessionWords {
  readonly title: string;
  readonly sessions: string;
  readonly token: string;
  readonly copyLink: string;
  readonly curveCsv: string;
  readonly copied: string;
  readonly messages: string;
  readonly whyEnded: string;
  readonly whyRuns: string;
  /** Sentence one: what. Sentence two: why. Sentence three: whose fault it is not. */
  readonly verdict: Readonly<Record<VerdictView['code'], (detail: Detail) => readonly [what: string, why: string]>>;
  readonly by: string;
  readonly certain: string;
  readonly likely: (missing: number) => string;
  readonly happenedWhen: string;
  readonly lanes: Readonly<
    Record<'link' | 'authorized' | 'cable' | 'state' | 'power' | 'happened' | 'arrived', readonly [name: string, hint: string]>
  >;
  readonly connected: string;
  readonly offlineFor: (span: string, code: string) => string;
  readonly accepted: string;
  readonly refused: string;
  readonly plugged: string;
  readonly stored: string;
  readonly late: string;
  readonly missing: string;
  readonly ledger: string;
  readonly what: string;
  readonly state: string;
  readonly counted: (events: number, all: number) => string;
  readonly askedAt: (time: string, answer: string) => string;
  readonly close: string;
  readonly closeQuestion: (id: string) => { readonly title: string; readonly text: string; readonly button: string };
  readonly bill: string;
  readonly sum: string;
  readonly noTariff: string;
  readonly events: string;
  readonly time: string;
  readonly event: string;
  readonly trigger: string;
  readonly details: string;
  readonly lines: Readonly<Record<'energy' | 'time' | 'session' | 'idle' | 'vat', string>>;
  readonly signed: Readonly<Record<'valid' | 'invalid' | 'notCheckable', string>>;
  readonly signedValues: string;
  readonly offline: string;
}

const en: SessionWords = {
  title: 'Session',
  sessions: 'Sessions',
  token: 'token',
  copyLink: 'Copy link',
  curveCsv: 'Curve (CSV)',
  copied: 'Copied',
  messages: 'Messages',
  whyEnded: 'Why did it stop?',
  whyRuns: 'How is it going?',
  verdict: {
    running: () => ['It runs.', 'Energy and time below are of this moment.'],
    byDriver: () => ['The driver stopped it.', 'Everything went as it should.'],
    byOperator: () => ['It was stopped from here.', 'The station did what it was asked to.'],
    carFull: () => [
      'The car had enough and was unplugged.',
      'It stopped taking energy before the cable came out. Everything went as it should.',
    ],
    carLeft: () => ['The cable was pulled out.', 'The car still took energy; the station ended the session as it must.'],
    carStopped: () => ['The car stopped it.', 'The station was ready to go on.'],
    limitReached: ({ stoppedReason }) => ['It reached its limit.', `The station ended it by itself: ${stoppedReason}.`],
    blockedAfterOffline: ({ token, offline }) => [
      `Token …${token} was refused, but the station could not know.`,
      `It was offline (${offline} events came later) and let the car charge on its own judgement. When we answered that the token is refused it stopped, as it must. Station, cable and car are fine.`,
    ],
    notAuthorized: ({ token }) => [
      `Token …${token ?? ''} was refused.`,
      'The station stopped as it must. Station, cable and car are fine.',
    ],
    noAuthorizationInTime: () => [
      'Nobody authorized, or plugged in, in time.',
      'The station gave up waiting (EVConnectionTimeOut). Station and car may be fine.',
    ],
    outOfCredit: () => ['The prepaid credit was used up.', 'The station ended it by itself. Station, cable and car are fine.'],
    fault: ({ stoppedReason }) => [
      `The station found a fault: ${stoppedReason}.`,
      'It cut the energy to be safe. It is the station, the cable or the car; when other cars charge there, it is the car.',
    ],
    emergencyStop: () => ['Somebody pressed the emergency stop.', 'The station cut the energy at once. It has to be released there.'],
    powerLost: () => ['The station lost its power.', 'It told us when it was back. Neither car nor driver did anything wrong.'],
    restarted: () => ['The station restarted.', 'The session ended with it. Neither car nor driver did anything wrong.'],
    neverEnded: () => ['The station never told that it ended.', 'It was closed here with what is known.'],
    other: ({ stoppedReason }) => ['It stopped for a reason of the station.', `All it said is ${stoppedReason ?? 'nothing'}.`],
  },
  by: 'By',
  certain: 'Certain: every step below is an event of the station.',
  likely: (missing) =>
    `Likely: ${missing > 0 ? `${many(missing, 'event is', 'events are')} missing` : 'not every event is here'}, and they may tell another story.`,
  happenedWhen: 'What happened when',
  lanes: {
    link: ['Link', 'WebSocket'],
    authorized: ['Authorized', 'token'],
    cable: ['Cable', 'plugged in'],
    state: ['State', 'chargingState'],
    power: ['Power', 'kW, limit dashed'],
    happened: ['Happened', 'station clock'],
    arrived: ['Arrived', 'server clock'],
  },
  connected: 'Connected',
  offlineFor: (span, code) => `Offline ${span}${code === '' ? '' : `, closed with ${code}`}`,
  accepted: 'Accepted',
  refused: 'Refused',
  plugged: 'Plugged in',
  stored: 'stored',
  late: 'late',
  missing: 'missing',
  ledger: 'Ledger',
  what: 'What',
  state: 'State',
  counted: (events, all) => `${events} of ${all} events.`,
  askedAt: (time, answer) => `Asked the station at ${time}: ${answer}.`,
  close: 'Close as it is',
  closeQuestion: (id) => ({
    title: `Close session ${id}`,
    text: 'The bill becomes final with what is known. Events that come later are kept and shown, and change nothing any more (E13).',
    button: 'Close, bill becomes final',
  }),
  bill: 'Bill',
  sum: 'Sum',
  noTariff: 'No tariff was valid there at that time, so there is no price.',
  events: 'Events',
  time: 'Time',
  event: 'Event',
  trigger: 'Trigger',
  details: 'Details',
  lines: { energy: 'Energy', time: 'Time', session: 'Start fee', idle: 'Blocking', vat: 'VAT' },
  signed: { valid: 'signed, valid', invalid: 'signature invalid', notCheckable: 'signed, not checkable' },
  signedValues: 'Signed meter values',
  offline: 'offline',
};

const de: SessionWords = {
  title: 'Ladevorgang',
  sessions: 'Ladevorgänge',
  token: 'Token',
  copyLink: 'Link kopieren',
  curveCsv: 'Verlauf (CSV)',
  copied: 'Kopiert',
  messages: 'Nachrichten',
  whyEnded: 'Warum endete er?',
  whyRuns: 'Wie läuft es?',
  verdict: {
    running: () => ['Er läuft.', 'Energie und Dauer unten sind von diesem Augenblick.'],
    byDriver: () => ['Die Fahrerin oder der Fahrer beendete ihn.', 'Alles ging, wie es soll.'],
    byOperator: () => ['Er wurde von hier beendet.', 'Die Station tat, worum sie gebeten wurde.'],
    carFull: () => [
      'Das Auto hatte genug und wurde abgesteckt.',
      'Es nahm schon keine Energie mehr, als das Kabel gezogen wurde. Alles ging, wie es soll.',
    ],
    carLeft: () => ['Das Kabel wurde gezogen.', 'Das Auto nahm noch Energie; die Station beendete den Vorgang, wie sie muss.'],
    carStopped: () => ['Das Auto beendete ihn.', 'Die Station hätte weiter geladen.'],
    limitReached: ({ stoppedReason }) => ['Er erreichte seine Grenze.', `Die Station beendete ihn von selbst: ${stoppedReason}.`],
    blockedAfterOffline: ({ token, offline }) => [
      `Token …${token} wurde abgelehnt, aber die Station konnte es nicht wissen.`,
      `Sie war offline (${offline} Ereignisse kamen später) und ließ das Auto auf eigenes Urteil laden. Als wir antworteten, dass das Token abgelehnt ist, beendete sie, wie sie muss. Station, Kabel und Auto sind in Ordnung.`,
    ],
    notAuthorized: ({ token }) => [
      `Token …${token ?? ''} wurde abgelehnt.`,
      'Die Station beendete, wie sie muss. Station, Kabel und Auto sind in Ordnung.',
    ],
    noAuthorizationInTime: () => [
      'Niemand gab rechtzeitig frei oder steckte rechtzeitig an.',
      'Die Station wartete nicht länger (EVConnectionTimeOut). Station und Auto können in Ordnung sein.',
    ],
    outOfCredit: () => ['Das Guthaben war aufgebraucht.', 'Die Station beendete von selbst. Station, Kabel und Auto sind in Ordnung.'],
    fault: ({ stoppedReason }) => [
      `Die Station fand einen Fehler: ${stoppedReason}.`,
      'Sie schaltete zur Sicherheit ab. Es ist die Station, das Kabel oder das Auto; wenn dort andere laden, ist es das Auto.',
    ],
    emergencyStop: () => ['Jemand drückte den Not-Halt.', 'Die Station schaltete sofort ab. Er muss dort gelöst werden.'],
    powerLost: () => [
      'Die Station verlor ihren Strom.',
      'Sie sagte es, als sie wieder da war. Weder Auto noch Fahrer machten etwas falsch.',
    ],
    restarted: () => ['Die Station startete neu.', 'Der Vorgang endete damit. Weder Auto noch Fahrer machten etwas falsch.'],
    neverEnded: () => ['Die Station sagte nie, dass er endete.', 'Er wurde hier mit dem geschlossen, was bekannt ist.'],
    other: ({ stoppedReason }) => ['Er endete aus einem Grund der Station.', `Sie sagte nur ${stoppedReason ?? 'nichts'}.`],
  },
  by: 'Nach',
  certain: 'Sicher: Jeder Schritt unten ist ein Ereignis der Station.',
  likely: (missing) =>
    `Wahrscheinlich: ${missing > 0 ? many(missing, 'Ereignis fehlt', 'Ereignisse fehlen') : 'nicht jedes Ereignis ist da'}, und sie könnten anderes erzählen.`,
  happenedWhen: 'Was wann geschah',
  lanes: {
    link: ['Verbindung', 'WebSocket'],
    authorized: ['Freigabe', 'Token'],
    cable: ['Kabel', 'angesteckt'],
    state: ['Zustand', 'chargingState'],
    power: ['Leistung', 'kW, Grenze gestrichelt'],
    happened: ['Geschah', 'Uhr der Station'],
    arrived: ['Kam an', 'Uhr des Servers'],
  },
  connected: 'Verbunden',
  offlineFor: (span, code) => `Offline ${span}${code === '' ? '' : `, geschlossen mit ${code}`}`,
  accepted: 'Angenommen',
  refused: 'Abgelehnt',
  plugged: 'Angesteckt',
  stored: 'da',
  late: 'spät',
  missing: 'fehlt',
  ledger: 'Buch',
  what: 'Was',
  state: 'Stand',
  counted: (events, all) => `${events} von ${all} Ereignissen.`,
  askedAt: (time, answer) => `Die Station um ${time} gefragt: ${answer}.`,
  close: 'So abschließen',
  closeQuestion: (id) => ({
    title: `Vorgang ${id} abschließen`,
    text: 'Die Rechnung wird endgültig mit dem, was bekannt ist. Was später kommt, bleibt und wird gezeigt, ändert aber nichts mehr (E13).',
    button: 'Abschließen, Rechnung wird endgültig',
  }),
  bill: 'Rechnung',
  sum: 'Summe',
  noTariff: 'Dort galt zu der Zeit kein Tarif, also gibt es keinen Preis.',
  events: 'Ereignisse',
  time: 'Zeit',
  event: 'Ereignis',
  trigger: 'Anlass',
  details: 'Näheres',
  lines: { energy: 'Energie', time: 'Zeit', session: 'Startgebühr', idle: 'Blockieren', vat: 'USt' },
  signed: { valid: 'signiert, gültig', invalid: 'Signatur ungültig', notCheckable: 'signiert, nicht prüfbar' },
  signedValues: 'Signierte Messwerte',
  offline: 'offline',
};

export const sessionWords = { en, de };
