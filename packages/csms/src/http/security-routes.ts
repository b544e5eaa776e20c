import type { Ocpp } from '@busbar/protocol';
import { BusbarError, formatInstant, type Instant } from '@busbar/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CertificateRecord, CertificateState, JobRecord, SecurityEventRecord, TrustKind, TrustRecord } from '../store/intents.ts';
import type { UseCases } from '../use-cases.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { installedView } from './installed-certificates.ts';
import { answerList, type Columns, given, instantOf, sitesOf } from './list.ts';
import { sightOf } from './sight.ts';

const time = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

type OfStation = { Params: { stationId: string }; Querystring: { limit?: number; before?: number } };

/** Passwords, certificates, trust, jobs and security events (A01–A05). */
export function registerSecurity(app: Typed, useCases: UseCases): void {
  const { read, stations } = useCases.kernel;
  const jobView = (job: JobRecord) => ({
    jobId: job.id,
    stationId: stations.byRow(job.station)?.record.identity ?? '',
    kind: job.kind,
    state: job.state,
    step: job.step,
    detail: JSON.parse(job.detail),
    reason: job.reason,
    actor: job.actor,
    createdAt: formatInstant(job.createdAt),
    updatedAt: formatInstant(job.updatedAt),
  });
  const row = (id: string): number => useCases.station(id).record.row;

  app.post<{ Params: { stationId: string }; Body: { password?: string } | null }>(
    contract('changePassword').url,
    contract('changePassword').options,
    async (request) => useCases.changePassword(request.params.stationId, request.body?.password, actorOf(request)),
  );
  app.post<{ Params: { stationId: string }; Body: { use?: Ocpp.CertificateSigningUseEnumType } | null }>(
    contract('renewCertificate').url,
    contract('renewCertificate').options,
    async (request) =>
      useCases.renewCertificate(request.params.stationId, request.body?.use ?? 'ChargingStationCertificate', actorOf(request)),
  );
  app.get<OfStation>(contract('stationCertificates').url, contract('stationCertificates').options, async ({ params }) => ({
    issued: (await read.certificates(row(params.stationId))).map(certificateView),
    installed: installedView(await read.installedCertificates(row(params.stationId))),
  }));
  registerCertificateList(app, useCases);
  app.post<{ Params: { stationId: string; serialNumber: string }; Body: { reason: string } }>(
    contract('revokeCertificate').url,
    contract('revokeCertificate').options,
    async (request, reply) => {
      const { stationId, serialNumber } = request.params;
      await useCases.revokeCertificate(stationId, serialNumber, request.body.reason, actorOf(request));
      return reply.code(204).send();
    },
  );
  app.post<{ Params: { stationId: string }; Body: { securityProfile: number } }>(
    contract('upgradeProfile').url,
    contract('upgradeProfile').options,
    async (request, reply) => {
      const target = request.body.securityProfile === 3 ? 3 : 2;
      return reply.code(202).send(jobView(await useCases.upgradeProfile(request.params.stationId, target, actorOf(request))));
    },
  );
  app.get<OfStation>(contract('stationJobs').url, contract('stationJobs').options, async ({ params, query }) =>
    (await read.jobs(row(params.stationId), query.limit ?? 100)).map(jobView),
  );
  app.get<{ Params: { jobId: string } }>(contract('getJob').url, contract('getJob').options, async (request) => {
    const { params } = request;
    const job = await read.job(params.jobId);
    if (job === undefined || !sightOf(useCases.kernel, request).row(job.station))
      throw new BusbarError('not-found', `No job ${params.jobId}.`);
    return jobView(job);
  });
  registerSecurityEvents(app, useCases);
  registerTrust(app, useCases);
}

interface CertificateQuery {
  readonly use?: string;
  readonly state?: CertificateState;
  readonly before?: string;
  readonly stationId?: string;
  readonly latest?: boolean;
}
type ListedCertificate = { readonly stationId: string } & ReturnType<typeof certificateView>;

/** Of all stations, those that end first first. */
function registerCertificateList(app: Typed, useCases: UseCases): void {
  const { read, stations } = useCases.kernel;
  app.get<{ Querystring: CertificateQuery }>(
    contract('listCertificates').url,
    contract('listCertificates').options,
    async (request, reply) => {
      const { use, state, before, stationId, latest } = request.query;
      const filter = {
        ...given('use', use),
        ...given('state', state),
        ...given('latest', latest),
        ...given('endsBefore', instantOf('/before', before)),
        ...given('station', stationId === undefined ? undefined : sightOf(useCases.kernel, request).named(stationId)),
        ...given('sites', sitesOf(request)),
      };
      return answerList<ListedCertificate>(request, reply, {
        name: 'certificates',
        cursor: ['number', 'number'],
        columns: CERTIFICATE_COLUMNS,
        page: async (after, limit) => {
          const key = after === undefined ? undefined : ([Number(after[0]), Number(after[1])] as const);
          return (await read.listCertificates({ ...filter, limit, ...given('after', key) })).map((certificate) => ({
            view: { stationId: stations.byRow(certificate.station)?.record.identity ?? '', ...certificateView(certificate) },
            cursor: [certificate.notAfter, certificate.id],
          }));
        },
      });
    },
  );
}

const CERTIFICATE_COLUMNS: Columns<ListedCertificate> = [
  ['stationId', (certificate) => certificate.stationId],
  ['use', (certificate) => certificate.use],
  ['state', (certificate) => certificate.state],
  ['notAfter', (certificate) => certificate.notAfter],
  ['notBefore', (certificate) => certificate.notBefore],
  ['serialNumber', (certificate) => certificate.serialNumber],
  ['subject', (certificate) => certificate.subject],
  ['issuedAt', (certificate) => certificate.issuedAt],
  ['revokedAt', (certificate) => certificate.revokedAt],
  ['reason', (certificate) => certificate.reason],
];

/** Of all stations, and of one. */
function registerSecurityEvents(app: Typed, useCases: UseCases): void {
  const { read, stations } = useCases.kernel;
  const eventView = ({ station, at, receivedAt, ...event }: SecurityEventRecord): SecurityEventView => ({
    ...event,
    stationId: stations.byRow(station)?.record.identity ?? null,
    at: formatInstant(at),
    receivedAt: formatInstant(receivedAt),
  });
  const events = async (request: FastifyRequest, reply: FastifyReply, station: number | undefined, query: EventQuery) => {
    const filter = {
      ...given('station', station),
      ...given('sites', sitesOf(request)),
      ...given('type', query.type),
      ...given('critical', query.critical),
    };
    return answerList<SecurityEventView>(request, reply, {
      name: 'security-events',
      cursor: ['number'],
      columns: EVENT_COLUMNS,
      page: async (after, limit) => {
        const before = after === undefined ? query.before : Number(after[0]);
        const found = await read.securityEvents({ ...filter, limit, ...given('before', before) });
        return found.map((event) => ({ view: eventView(event), cursor: [event.id] }));
      },
    });
  };
  app.get<{ Params: { stationId: string }; Querystring: EventQuery }>(
    contract('stationSecurityEvents').url,
    contract('stationSecurityEvents').options,
    async (request, reply) => events(request, reply, useCases.station(request.params.stationId).record.row, request.query),
  );
  app.get<{ Querystring: EventQuery }>(contract('securityEvents').url, contract('securityEvents').options, async (request, reply) =>
    events(request, reply, undefined, request.query),
  );
}

interface EventQuery {
  readonly before?: number;
  readonly type?: string;
  readonly critical?: boolean;
}
type SecurityEventView = Omit<SecurityEventRecord, 'station' | 'at' | 'receivedAt'> & {
  readonly stationId: string | null;
  readonly at: string;
  readonly receivedAt: string;
};
const EVENT_COLUMNS: Columns<SecurityEventView> = [
  ['id', (event) => event.id],
  ['stationId', (event) => event.stationId],
  ['type', (event) => event.type],
  ['critical', (event) => event.critical],
  ['source', (event) => event.source],
  ['at', (event) => event.at],
  ['receivedAt', (event) => event.receivedAt],
  ['techInfo', (event) => event.techInfo],
];

function registerTrust(app: Typed, useCases: UseCases): void {
  app.get<{ Params: { kind: TrustKind } }>(contract('trust').url, contract('trust').options, async ({ params }) => ({
    certificates: (await useCases.trust(params.kind)).map(trustView),
  }));
  app.post<{ Params: { kind: TrustKind }; Body: { pem: string } }>(
    contract('addTrust').url,
    contract('addTrust').options,
    async (request, reply) => {
      const added = await useCases.addTrust(request.params.kind, request.body.pem, actorOf(request));
      return reply.code(201).send({ certificates: added.map(trustView) });
    },
  );
  app.post<{ Body: { crl: string; issuer: string } }>(
    contract('importRevocations').url,
    contract('importRevocations').options,
    async (request) => ({
      revoked: await useCases.importRevocations(request.body.crl, request.body.issuer, actorOf(request)),
    }),
  );
  app.delete<{ Params: { kind: TrustKind; hash: string } }>(
    contract('removeTrust').url,
    contract('removeTrust').options,
    async (request, reply) => {
      await useCases.removeTrust(request.params.kind, request.params.hash, actorOf(request));
      return reply.code(204).send();
    },
  );
}

const trustView = ({ fingerprint, hashData, subject, notAfter, pem }: TrustRecord) => ({
  hashData,
  hash: fingerprint,
  subject,
  notAfter: formatInstant(notAfter),
  pem,
});

const certificateView = (certificate: CertificateRecord) => ({
  use: certificate.use,
  serialNumber: certificate.serial,
  subject: certificate.subject,
  state: certificate.state,
  notBefore: formatInstant(certificate.notBefore),
  notAfter: formatInstant(certificate.notAfter),
  issuedAt: formatInstant(certificate.issuedAt),
  revokedAt: time(certificate.revokedAt),
  reason: certificate.reason,
  chain: certificate.chain,
});
