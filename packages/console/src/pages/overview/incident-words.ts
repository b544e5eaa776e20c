import type { IncidentRow } from '../../live/fleet-store.ts';
import { span } from '../../words/figures.ts';
import { many } from '../../words/many.ts';

type Code = IncidentRow['code'];
type Detail = IncidentRow['detail'];
type Suggestion = IncidentRow['suggestion'];

export interface IncidentWords {
  /** The reason, as a sentence. */
  readonly reason: Readonly<Record<Code, (detail: Detail) => string>>;
  /** What shows that it is so. */
  readonly evidence: Readonly<Record<Code, (detail: Detail) => string>>;
  readonly affects: Readonly<Record<Code, (detail: Detail) => string>>;
  readonly suggestion: Readonly<Record<Suggestion, string>>;
  readonly group: Readonly<Record<IncidentRow['group'], string>>;
}

const nothing = (): string => '';
const n = (value: string | number | undefined): number => Number(value ?? 0);
const times = (value: string | number | undefined): string => (n(value) === 1 ? 'once' : `${value} times`);
const mal = (value: string | number | undefined): string => (n(value) === 1 ? 'einmal' : `${value}-mal`);

const en: IncidentWords = {
  reason: {
    siteSilent: () => 'Whole site silent at once: power or uplink',
    stationSilent: () => 'Not connected any more',
    connectorFaulted: ({ connectors, evseId }) =>
      n(connectors) > 1 ? `${connectors} connectors report a fault` : `EVSE ${evseId} reports a fault`,
    sessionsFail: ({ sessions, stoppedReason }) => `The last ${sessions} sessions ended at once: ${stoppedReason}`,
    handshakeRefused: ({ status, times: count }) =>
      n(status) === 401 ? `Wrong password, refused ${times(count)}` : `Refused at the door, ${times(count)}`,
    reconnects: ({ links }) => `Connected ${links} times in 30 min`,
    unapproved: () => 'A new station waits for approval',
    certificateEnds: ({ days }) => (n(days) < 0 ? 'Its certificate has ended' : `Its certificate ends in ${many(days, 'day', 'days')}`),
    eventsMissing: ({ missing }) => (n(missing) > 0 ? `The bill lacks ${many(missing, 'event', 'events')}` : 'The bill waits for events'),
    invalidEvents: ({ events }) => `${many(events, 'event does', 'events do')} not fit the schema`,
    outOfService: ({ connectors, of }) => `Out of service: ${connectors} of ${many(of, 'connector', 'connectors')}`,
    securityEvent: ({ type }) => `Critical security event: ${type}`,
  },
  evidence: {
    siteSilent: ({ stations }) => `${many(stations, 'station', 'stations')} within a minute`,
    stationSilent: ({ closeCode }) => (closeCode === undefined ? '' : `closed with ${closeCode}`),
    connectorFaulted: () => 'StatusNotification Faulted',
    sessionsFail: ({ stoppedReason }) => `stoppedReason ${stoppedReason}`,
    handshakeRefused: ({ status, reason, remoteAddress }) => `HTTP ${status}, ${reason}, ${remoteAddress}`,
    reconnects: ({ bootReason }) => (bootReason === '' ? '' : `boot reason ${bootReason}`),
    unapproved: ({ model }) => (model === '' ? 'has not booted yet' : String(model)),
    certificateEnds: ({ use }) => String(use),
    eventsMissing: ({ reason }) => String(reason),
    invalidEvents: () => 'kept as they came, refused',
    outOfService: () => 'for more than a day',
    securityEvent: ({ techInfo }) => String(techInfo),
  },
  affects: {
    siteSilent: ({ running }) => (n(running) === 0 ? '' : `${many(running, 'session', 'sessions')} running`),
    stationSilent: ({ running }) => (n(running) === 0 ? '' : `${many(running, 'session', 'sessions')} running`),
    connectorFaulted: nothing,
    sessionsFail: ({ sessions }) => `${many(sessions, 'session', 'sessions')} lost`,
    handshakeRefused: nothing,
    reconnects: nothing,
    unapproved: () => 'Cannot charge yet',
    certificateEnds: nothing,
    eventsMissing: () => 'Bill provisional',
    invalidEvents: () => 'Bills may wait',
    outOfService: nothing,
    securityEvent: nothing,
  },
  suggestion: {
    takeOutOfService: 'Take out of service',
    putBack: 'Put back',
    setPassword: 'Set new password',
    addStation: 'Add this station',
    openStation: 'Open station',
    approve: 'Approve',
    renewCertificate: 'Renew again',
    openSession: 'Open session',
    openMessages: 'Show messages',
  },
  group: { go: 'Someone must go there', fix: 'Can be fixed from here', watch: 'Watch' },
};

const de: IncidentWords = {
  reason: {
    siteSilent: () => 'Ganzer Standort auf einmal stumm: Strom oder Anbindung',
    stationSilent: () => 'Nicht mehr verbunden',
    connectorFaulted: ({ connectors, evseId }) =>
      n(connectors) > 1 ? `${connectors} Anschlüsse melden eine Störung` : `EVSE ${evseId} meldet eine Störung`,
    sessionsFail: ({ sessions, stoppedReason }) => `Die letzten ${sessions} Ladevorgänge endeten sofort: ${stoppedReason}`,
    handshakeRefused: ({ status, times: count }) =>
      n(status) === 401 ? `Falsches Passwort, ${mal(count)} abgewiesen` : `An der Tür abgewiesen, ${mal(count)}`,
    reconnects: ({ links }) => `${links}-mal verbunden in 30 min`,
    unapproved: () => 'Eine neue Station wartet auf Freigabe',
    certificateEnds: ({ days }) =>
      n(days) < 0 ? 'Ihr Zertifikat ist abgelaufen' : `Ihr Zertifikat endet in ${many(days, 'Tag', 'Tagen')}`,
    eventsMissing: ({ missing }) =>
      n(missing) > 0
        ? `Der Rechnung ${n(missing) === 1 ? 'fehlt' : 'fehlen'} ${many(missing, 'Ereignis', 'Ereignisse')}`
        : 'Die Rechnung wartet auf Ereignisse',
    invalidEvents: ({ events }) => `${many(events, 'Ereignis passt', 'Ereignisse passen')} nicht zum Schema`,
    outOfService: ({ connectors, of }) => `Außer Betrieb: ${connectors} von ${of} Anschlüssen`,
    securityEvent: ({ type }) => `Kritisches Sicherheitsereignis: ${type}`,
  },
  evidence: {
    siteSilent: ({ stations }) => `${many(stations, 'Station', 'Stationen')} innerhalb einer Minute`,
    stationSilent: ({ closeCode }) => (closeCode === undefined ? '' : `geschlossen mit ${closeCode}`),
    connectorFaulted: () => 'StatusNotification Faulted',
    sessionsFail: ({ stoppedReason }) => `stoppedReason ${stoppedReason}`,
    handshakeRefused: ({ status, reason, remoteAddress }) => `HTTP ${status}, ${reason}, ${remoteAddress}`,
    reconnects: ({ bootReason }) => (bootReason === '' ? '' : `Startgrund ${bootReason}`),
    unapproved: ({ model }) => (model === '' ? 'hat sich noch nicht gemeldet' : String(model)),
    certificateEnds: ({ use }) => String(use),
    eventsMissing: ({ reason }) => String(reason),
    invalidEvents: () => 'aufbewahrt, wie sie kamen, abgewiesen',
    outOfService: () => 'seit mehr als einem Tag',
    securityEvent: ({ techInfo }) => String(techInfo),
  },
  affects: {
    siteSilent: ({ running }) => (n(running) === 0 ? '' : many(running, 'laufender Vorgang', 'laufende Vorgänge')),
    stationSilent: ({ running }) => (n(running) === 0 ? '' : many(running, 'laufender Vorgang', 'laufende Vorgänge')),
    connectorFaulted: nothing,
    sessionsFail: ({ sessions }) => `${many(sessions, 'Vorgang', 'Vorgänge')} verloren`,
    handshakeRefused: nothing,
    reconnects: nothing,
    unapproved: () => 'Kann noch nicht laden',
    certificateEnds: nothing,
    eventsMissing: () => 'Rechnung vorläufig',
    invalidEvents: () => 'Rechnungen warten vielleicht',
    outOfService: nothing,
    securityEvent: nothing,
  },
  suggestion: {
    takeOutOfService: 'Außer Betrieb nehmen',
    putBack: 'Wieder in Betrieb',
    setPassword: 'Neues Passwort',
    addStation: 'Station anlegen',
    openStation: 'Station öffnen',
    approve: 'Freigeben',
    renewCertificate: 'Erneuern',
    openSession: 'Vorgang öffnen',
    openMessages: 'Nachrichten zeigen',
  },
  group: { go: 'Jemand muss hin', fix: 'Von hier zu beheben', watch: 'Beobachten' },
};

export const incidentWords = { en, de };

export const sinceOf = (at: string, now: number): string => span((now - Date.parse(at)) / 1000);
