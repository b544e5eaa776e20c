import { INCIDENT_GROUPS, INCIDENTS, type Incident } from '@busbar/api';
import { formatInstant, type Instant, limits, s } from '@busbar/runtime';
import type { Static } from 'typebox';
import type { RefusedHandshake, Station } from '../stations.ts';
import type { CertificateRecord, SecurityEventRecord, StationRow } from '../store/intents.ts';
import type { TxRecord } from '../store/store.ts';
import { connectorState, type StationFacts } from './row.ts';

export type IncidentView = Static<typeof Incident>;

/** Everything the rules look at; gathered elsewhere, so that they can be tested with three lines. */
export interface Picture {
  readonly now: Instant;
  readonly stations: readonly Station[];
  readonly factsOf: (station: Station) => StationFacts;
  readonly refused: readonly RefusedHandshake[];
  /** Links within the last half hour. */
  readonly links: ReadonlyMap<StationRow, number>;
  readonly certificates: readonly CertificateRecord[];
  /** Ended within a day, newest first. */
  readonly ended: readonly TxRecord[];
  /** Ended, and the bill is still provisional. */
  readonly provisional: readonly TxRecord[];
  readonly invalid: readonly { readonly station: StationRow; readonly count: number; readonly since: Instant }[];
  readonly security: readonly SecurityEventRecord[];
}

const MINUTE_MS = s(60);
const DAY_MS = s(86_400);
/** From then on a silent station is somebody's errand. */
const SILENT_MS = 5 * MINUTE_MS;
/** Stations of one site that fall silent within this time have one cause. */
const TOGETHER_MS = MINUTE_MS;
const TOGETHER = 3;
const RECONNECTS = 5;
const FAILS = 3;
const FAILED_WH = 100;
const CERTIFICATE_DAYS = 30;
/** Critical in the list of the standard (A04), and yet what every healthy station tells. */
const ROUTINE: ReadonlySet<string> = new Set(['FirmwareUpdated', 'SettingSystemTime', 'StartupOfTheDevice', 'ResetOrReboot']);
const FAILING: ReadonlySet<string> = new Set([
  'GroundFault',
  'OvercurrentFault',
  'PowerQuality',
  'EmergencyStop',
  'Other',
  'ImmediateReset',
]);

/** One entry per cause, worst first: who must act, then what is worse, then who is hit most, then what lasts longest. */
export function incidentsOf(picture: Picture): readonly IncidentView[] {
  const refused = refusals(picture);
  const explained = new Set(refused.flatMap(({ stations }) => stations));
  return [
    ...silent(picture, explained),
    ...faults(picture),
    ...failingSessions(picture),
    ...refused,
    ...reconnects(picture),
    ...unapproved(picture),
    ...certificates(picture),
    ...bills(picture),
    ...invalid(picture),
    ...outOfService(picture),
    ...security(picture),
  ]
    .sort(worstFirst)
    .slice(0, limits.incidents);
}

const worstFirst = (a: IncidentView, b: IncidentView): number =>
  INCIDENT_GROUPS.indexOf(a.group) - INCIDENT_GROUPS.indexOf(b.group) ||
  INCIDENTS.indexOf(a.code) - INCIDENTS.indexOf(b.code) ||
  b.stations.length - a.stations.length ||
  (a.since < b.since ? -1 : 1);

type About = Omit<IncidentView, 'key' | 'clause' | 'transactionId' | 'since' | 'lastSeen' | 'site' | 'stations' | 'virtual' | 'detail'> & {
  readonly since: Instant;
  readonly clause?: string;
  readonly transactionId?: string;
  readonly detail?: IncidentView['detail'];
  /** Tells causes of one kind at one station apart. */
  readonly which?: string;
};

function incident(stations: readonly Station[], { which = '', since, clause, transactionId, detail = {}, ...about }: About): IncidentView {
  const [first] = stations;
  const heard = stations.map(({ lastSeen, record }) => lastSeen ?? record.lastSeen ?? 0);
  const last = Math.max(0, ...heard);
  const sites = new Set(stations.map(({ record }) => record.site));
  return {
    ...about,
    key: [about.code, first?.record.identity ?? '', which].join(' ').trim(),
    detail,
    clause: clause ?? null,
    transactionId: transactionId ?? null,
    site: sites.size === 1 ? (first?.record.site ?? null) : null,
    stations: stations.map(({ record }) => record.identity),
    virtual: stations.every(({ settings }) => settings.virtual === true),
    since: formatInstant(since),
    lastSeen: last === 0 ? null : formatInstant(last),
  };
}

/** Those that worked and are not there any more; several of one site at once are one cause. */
function silent({ stations, factsOf, now }: Picture, explained: ReadonlySet<string>): IncidentView[] {
  const gone = stations
    .filter(({ session, record }) => session === undefined && record.approval === 'approved' && record.registration !== null)
    .filter(({ record }) => !explained.has(record.identity))
    .map((station) => ({ station, since: factsOf(station).linkSince ?? station.record.lastSeen ?? station.record.createdAt }))
    .sort((a, b) => a.station.record.site - b.station.record.site || a.since - b.since);
  const groups: (typeof gone)[] = [];
  for (const one of gone) {
    const group = groups.at(-1);
    const [first] = group ?? [];
    if (first && first.station.record.site === one.station.record.site && one.since - first.since <= TOGETHER_MS) group?.push(one);
    else groups.push([one]);
  }
  return groups.flatMap((group) =>
    group.length >= TOGETHER ? [siteSilent(group, factsOf)] : group.map((one) => stationSilent(one, factsOf, now)),
  );
}

interface Silent {
  readonly station: Station;
  readonly since: Instant;
}

const siteSilent = (group: readonly Silent[], factsOf: Picture['factsOf']): IncidentView =>
  incident(
    group.map(({ station }) => station),
    {
      code: 'siteSilent',
      group: 'go',
      state: 'Offline',
      since: group[0]?.since ?? 0,
      suggestion: 'openStation',
      detail: {
        stations: group.length,
        running: group.reduce((sum, { station }) => sum + factsOf(station).running.size, 0),
      },
    },
  );

const stationSilent = ({ station, since }: Silent, factsOf: Picture['factsOf'], now: Instant): IncidentView => {
  const { closeCode, running } = factsOf(station);
  return incident([station], {
    code: 'stationSilent',
    group: now - since >= SILENT_MS ? 'go' : 'watch',
    state: 'Offline',
    since,
    suggestion: 'openStation',
    detail: { running: running.size, ...(closeCode === null ? {} : { closeCode }) },
  });
};

function faults({ stations, factsOf }: Picture): IncidentView[] {
  return stations.flatMap((station) => {
    if (station.session === undefined) return [];
    const faulted = [...factsOf(station).connectors.values()].filter(({ status }) => status === 'Faulted');
    const [first] = faulted;
    if (first === undefined) return [];
    return [
      incident([station], {
        code: 'connectorFaulted',
        group: 'go',
        state: 'Faulted',
        since: Math.min(...faulted.map(({ at }) => at)),
        suggestion: 'takeOutOfService',
        clause: 'G01',
        detail: { evseId: first.evse, connectorId: first.connector, connectors: faulted.length },
      }),
    ];
  });
}

/** The last sessions of a station all ended at once with a fault: it looks well and nobody can charge. */
function failingSessions({ stations, ended }: Picture): IncidentView[] {
  const byRow = new Map<StationRow, TxRecord[]>();
  for (const record of ended) byRow.set(record.station, [...(byRow.get(record.station) ?? []), record]);
  return stations.flatMap((station) => {
    const own = byRow.get(station.record.row) ?? [];
    const good = own.findIndex(({ row, bill }) => !FAILING.has(row.stoppedReason ?? '') || (bill.energyMWh ?? 0) > FAILED_WH * 1000);
    const failed = good < 0 ? own : own.slice(0, good);
    const oldest = failed.at(-1);
    if (oldest === undefined || failed.length < FAILS) return [];
    return [
      incident([station], {
        code: 'sessionsFail',
        group: 'go',
        state: 'Faulted',
        since: oldest.row.endedAt ?? oldest.row.lastAt,
        suggestion: 'takeOutOfService',
        detail: { sessions: failed.length, stoppedReason: failed[0]?.row.stoppedReason ?? '' },
      }),
    ];
  });
}

/** Somebody at the door who is not let in; registered or not. */
function refusals({ refused, stations, now }: Picture): IncidentView[] {
  const byId = new Map(stations.map((station) => [station.record.identity, station]));
  const seen = new Set<string>();
  return refused.flatMap((entry) => {
    const station = byId.get(entry.stationId);
    if (now - entry.at > DAY_MS || seen.has(entry.stationId) || station?.session !== undefined) return [];
    seen.add(entry.stationId);
    const password = station !== undefined && entry.status === 401;
    const about: About = {
      code: 'handshakeRefused',
      group: 'fix',
      state: 'Offline',
      since: entry.at,
      suggestion: password ? 'setPassword' : station === undefined ? 'addStation' : 'openStation',
      ...(password ? { clause: 'A00.FR.204' } : {}),
      detail: { status: entry.status, reason: entry.reason, times: entry.times, remoteAddress: entry.remoteAddress },
    };
    if (station !== undefined) return [incident([station], about)];
    // A path that leads nowhere names nobody whom one could register.
    return entry.stationId === '' || entry.stationId.includes('/') ? [] : [stranger(entry, about)];
  });
}

/** Nobody is registered under this id. */
const stranger = (entry: RefusedHandshake, about: About): IncidentView => ({
  ...incident([], about),
  key: `handshakeRefused ${entry.stationId}`,
  stations: [entry.stationId],
  virtual: false,
  lastSeen: formatInstant(entry.at),
});

const reconnects = ({ stations, links, now }: Picture): IncidentView[] =>
  stations
    .filter(({ record }) => (links.get(record.row) ?? 0) >= RECONNECTS)
    .map((station) =>
      incident([station], {
        code: 'reconnects',
        group: 'fix',
        state: station.session === undefined ? 'Offline' : 'Faulted',
        since: now - 30 * MINUTE_MS,
        suggestion: 'openStation',
        detail: { links: links.get(station.record.row) ?? 0, bootReason: station.record.bootReason ?? '' },
      }),
    );

const unapproved = ({ stations }: Picture): IncidentView[] =>
  stations
    .filter(({ record }) => record.approval === 'unapproved')
    .map((station) =>
      incident([station], {
        code: 'unapproved',
        group: 'fix',
        state: 'Pending',
        since: station.record.bootAt ?? station.record.createdAt,
        suggestion: 'approve',
        clause: 'B02',
        detail: { model: station.record.model ?? '' },
      }),
    );

function certificates({ certificates: ending, stations, now }: Picture): IncidentView[] {
  const byRow = new Map(stations.map((station) => [station.record.row, station]));
  return ending.flatMap((certificate) => {
    const station = byRow.get(certificate.station);
    const days = Math.floor((certificate.notAfter - now) / DAY_MS);
    if (station === undefined || days > CERTIFICATE_DAYS) return [];
    return [
      incident([station], {
        code: 'certificateEnds',
        group: 'fix',
        state: station.session === undefined ? 'Offline' : 'Available',
        since: certificate.notAfter - CERTIFICATE_DAYS * DAY_MS,
        suggestion: 'renewCertificate',
        clause: 'A02',
        which: certificate.use,
        detail: { days, use: certificate.use },
      }),
    ];
  });
}

function bills({ provisional, stations }: Picture): IncidentView[] {
  const byRow = new Map(stations.map((station) => [station.record.row, station]));
  return provisional.flatMap(({ station: row, txid, row: { endedAt, lastAt }, bill }) => {
    const station = byRow.get(row);
    if (station === undefined) return [];
    return [
      incident([station], {
        code: 'eventsMissing',
        group: 'watch',
        state: station.session === undefined ? 'Offline' : 'Available',
        since: endedAt ?? lastAt,
        suggestion: 'openSession',
        clause: 'E13',
        which: txid,
        transactionId: txid,
        detail: { missing: bill.missingSeqNos?.length ?? 0, reason: bill.reason },
      }),
    ];
  });
}

function invalid({ invalid: open, stations }: Picture): IncidentView[] {
  const byRow = new Map(stations.map((station) => [station.record.row, station]));
  return open.flatMap(({ station: row, count, since }) => {
    const station = byRow.get(row);
    if (station === undefined) return [];
    return [
      incident([station], {
        code: 'invalidEvents',
        group: 'fix',
        state: station.session === undefined ? 'Offline' : 'Available',
        since,
        suggestion: 'openMessages',
        detail: { events: count },
      }),
    ];
  });
}

function outOfService({ stations, factsOf, now }: Picture): IncidentView[] {
  return stations.flatMap((station) => {
    const facts = factsOf(station);
    const off = [...facts.connectors.values()].filter(
      ({ status, at }) => connectorState(station.session !== undefined, status, null) === 'Unavailable' && now - at > DAY_MS,
    );
    const [first] = off;
    if (first === undefined) return [];
    return [
      incident([station], {
        code: 'outOfService',
        group: 'watch',
        state: 'Unavailable',
        since: Math.min(...off.map(({ at }) => at)),
        suggestion: 'putBack',
        clause: 'G03',
        detail: { evseId: first.evse, connectors: off.length, of: facts.connectors.size },
      }),
    ];
  });
}

function security({ security: events, stations, now }: Picture): IncidentView[] {
  const byRow = new Map(stations.map((station) => [station.record.row, station]));
  const seen = new Set<string>();
  return events.flatMap(({ station: row, type, critical, receivedAt, techInfo }) => {
    const station = byRow.get(row);
    const which = `${row} ${type}`;
    if (station === undefined || !critical || ROUTINE.has(type) || now - receivedAt > DAY_MS || seen.has(which)) return [];
    seen.add(which);
    return [
      incident([station], {
        code: 'securityEvent',
        group: 'watch',
        state: station.session === undefined ? 'Offline' : 'Available',
        since: receivedAt,
        suggestion: 'openStation',
        clause: 'A04',
        which: type,
        detail: { type, techInfo: techInfo ?? '' },
      }),
    ];
  });
}
