import { Readable } from 'node:stream';
import { formatInstant } from '@busbar/runtime';
import type { FastifyReply } from 'fastify';
import { type AskedView, type CustomerWish, FileUseCases, type LogWish } from '../files/file-use-cases.ts';
import { FirmwareUseCases, type FirmwareWish, type RolloutWish, type UpdateWish } from '../files/firmware-use-cases.ts';
import type { FirmwareRecord, FirmwareUpdateRecord, LogRecord, ToldStatus } from '../store/file-intents.ts';
import type { UseCases } from '../use-cases.ts';
import { statusOf } from './command-routes.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { answerList, type Columns } from './list.ts';

type OfStation = { Params: { stationId: string }; Querystring: { limit?: number } };
type OfRequest = { Params: { stationId: string; requestId: number } };
type Waiting = { Querystring: { wait?: number } };

const waiting = ({ wait }: { wait?: number }) => (wait === undefined ? {} : { waitMs: wait * 1_000 });
const asked = (reply: FastifyReply, view: AskedView): FastifyReply => reply.code(statusOf(view)).send(view);

/** Logs and customers' data of stations. */
export function registerFiles(app: Typed, useCases: UseCases): void {
  const { read } = useCases.kernel;
  const files = new FileUseCases(useCases);
  const row = (id: string): number => useCases.station(id).record.row;
  app.post<{ Params: { stationId: string }; Body: LogWish } & Waiting>(
    contract('getLog').url,
    contract('getLog').options,
    async (request, reply) =>
      asked(reply, await files.getLog(request.params.stationId, request.body, { actor: actorOf(request), ...waiting(request.query) })),
  );
  app.get<OfStation>(contract('logs').url, contract('logs').options, async ({ params, query }) =>
    (await read.logs(row(params.stationId), query.limit ?? 100)).map(logView),
  );
  app.get<OfRequest>(contract('log').url, contract('log').options, async ({ params }) =>
    logView(await files.log(params.stationId, params.requestId)),
  );
  app.get<OfRequest>(contract('logContent').url, contract('logContent').options, async ({ params }, reply) => {
    const { name, bytes, content } = await files.logContent(params.stationId, params.requestId);
    return reply
      .header('content-length', bytes)
      .header('content-disposition', `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`)
      .header('x-content-type-options', 'nosniff')
      .type('application/octet-stream')
      .send(Readable.from(content));
  });
  app.post<{ Params: { stationId: string }; Body: CustomerWish } & Waiting>(
    contract('customerInformation').url,
    contract('customerInformation').options,
    async (request, reply) =>
      asked(
        reply,
        await files.customerInformation(request.params.stationId, request.body, {
          actor: actorOf(request),
          ...waiting(request.query),
        }),
      ),
  );
  app.get<OfRequest>(contract('customerReport').url, contract('customerReport').options, async ({ params }) => {
    const { at, ...report } = await files.customerReport(params.stationId, params.requestId);
    return { ...report, at: time(at) };
  });
  registerFirmware(app, useCases);
}

type OfFirmware = { Params: { firmwareId: number }; Querystring: { limit?: number } };

/** Images, and the updates of stations. */
function registerFirmware(app: Typed, useCases: UseCases): void {
  const { read, stations } = useCases.kernel;
  const firmware = new FirmwareUseCases(useCases);
  const row = (id: string): number => useCases.station(id).record.row;
  const viewed = async (record: FirmwareRecord) => ({
    ...firmwareView(record),
    signingChain: await firmware.signingChain(record.certificate),
  });
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.get(contract('listFirmware').url, contract('listFirmware').options, async (request, reply) =>
    answerList<FirmwareView>(request, reply, {
      name: 'firmware',
      cursor: ['number'],
      columns: FIRMWARE_COLUMNS,
      page: async (after, limit) => {
        const records = await read.firmwares(limit, after === undefined ? undefined : Number(after[0]));
        return Promise.all(records.map(async (record) => ({ view: await viewed(record), cursor: [record.id] })));
      },
    }),
  );
  app.post<{ Body: FirmwareWish }>(contract('addFirmware').url, contract('addFirmware').options, async (request, reply) =>
    reply.code(201).send(await viewed(await firmware.add(request.body, actorOf(request)))),
  );
  app.get<OfFirmware>(contract('getFirmware').url, contract('getFirmware').options, async ({ params }) =>
    viewed(await firmware.firmware(params.firmwareId)),
  );
  app.put<OfFirmware & { Body: AsyncIterable<Uint8Array> }>(contract('putImage').url, contract('putImage').options, async (request) =>
    viewed(await firmware.putImage(request.params.firmwareId, request.body, actorOf(request))),
  );
  app.delete<OfFirmware>(contract('deleteFirmware').url, contract('deleteFirmware').options, async (request, reply) => {
    await firmware.remove(request.params.firmwareId, actorOf(request));
    return reply.code(204).send();
  });
  app.post<OfFirmware & { Body: RolloutWish }>(contract('rollout').url, contract('rollout').options, async (request) => ({
    updates: await firmware.rollout(request.params.firmwareId, request.body, {
      actor: actorOf(request),
      waitMs: 0,
      offline: 'queue',
      expiresS: 7 * 86_400,
    }),
  }));
  app.get<OfFirmware>(contract('firmwareUpdatesOf').url, contract('firmwareUpdatesOf').options, async ({ params, query }) =>
    (await read.updatesOfFirmware(params.firmwareId, query.limit ?? 100)).map((update) => ({
      stationId: stations.byRow(update.station)?.record.identity ?? null,
      ...updateView(update),
    })),
  );
  app.post<{ Params: { stationId: string }; Body: UpdateWish } & Waiting>(
    contract('updateFirmware').url,
    contract('updateFirmware').options,
    async (request, reply) =>
      asked(reply, await firmware.update(request.params.stationId, request.body, { actor: actorOf(request), ...waiting(request.query) })),
  );
  app.get<OfStation>(contract('firmwareUpdates').url, contract('firmwareUpdates').options, async ({ params, query }) =>
    (await read.firmwareUpdates(row(params.stationId), query.limit ?? 100)).map(updateView),
  );
  app.get<OfRequest>(contract('firmwareUpdate').url, contract('firmwareUpdate').options, async ({ params }) =>
    updateView(await firmware.updateRecord(params.stationId, params.requestId)),
  );
}

const time = (at: number | null): string | null => (at === null ? null : formatInstant(at));
const told = (statuses: readonly ToldStatus[]) => statuses.map(({ status, at }) => ({ status, at: formatInstant(at) }));

const logView = ({ requestId, type, requestedAt, answer, filename, statuses, bytes, receivedAt, reason }: LogRecord) => ({
  requestId,
  logType: type,
  requestedAt: formatInstant(requestedAt),
  answer,
  filename,
  status: statuses.at(-1)?.status ?? null,
  statuses: told(statuses),
  bytes,
  receivedAt: time(receivedAt),
  reason,
});

const firmwareView = ({ id, version, models, sha256, bytes, state, reason, createdAt, certificate, signature }: FirmwareRecord) => ({
  id,
  version,
  models,
  sha256,
  bytes,
  state,
  reason,
  createdAt: formatInstant(createdAt),
  signingCertificate: certificate,
  signature,
});

type FirmwareView = ReturnType<typeof firmwareView> & { readonly signingChain: { readonly state: string } };
const FIRMWARE_COLUMNS: Columns<FirmwareView> = [
  ['id', (firmware) => firmware.id],
  ['version', (firmware) => firmware.version],
  ['models', (firmware) => firmware.models.join(' ')],
  ['sha256', (firmware) => firmware.sha256],
  ['bytes', (firmware) => firmware.bytes],
  ['state', (firmware) => firmware.state],
  ['reason', (firmware) => firmware.reason],
  ['createdAt', (firmware) => firmware.createdAt],
  ['signingChain', (firmware) => firmware.signingChain.state],
];

const updateView = ({ requestId, firmware, requestedAt, retrieveAt, installAt, answer, statuses }: FirmwareUpdateRecord) => ({
  requestId,
  firmwareId: firmware,
  requestedAt: formatInstant(requestedAt),
  retrieveDateTime: time(retrieveAt),
  installDateTime: time(installAt),
  answer,
  status: statuses.at(-1)?.status ?? null,
  statuses: told(statuses),
});
