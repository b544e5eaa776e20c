import { Type } from 'typebox';
import { closed, GivenTime, Id, stationParams, Time } from './fields.ts';
import { listOf } from './list-query.ts';
import type { Route } from './route.ts';

const requestParams = Type.Object({ stationId: Id, requestId: Type.Integer() });
const firmwareParams = Type.Object({ firmwareId: Type.Integer() });
const listQuery = Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })) });
const waitQuery = Type.Object({
  wait: Type.Optional(Type.Number({ minimum: 0, maximum: 600, description: 'seconds this request waits for the answer of the station' })),
});
const Retries = {
  retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description: 'attempts after the first one' })),
  retryInterval: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400, description: 'seconds between two attempts' })),
};
const HashData = Type.Object(
  {
    hashAlgorithm: Type.String({ enum: ['SHA256', 'SHA384', 'SHA512'] }),
    issuerNameHash: Type.String({ maxLength: 128 }),
    issuerKeyHash: Type.String({ maxLength: 128 }),
    serialNumber: Type.String({ maxLength: 40 }),
  },
  closed,
);

/** What the station told of its store; null when nobody asked it yet (calls/GetInstalledCertificateIds asks). */
export const InstalledCertificates = Type.Union([
  Type.Object({
    at: Time,
    certificates: Type.Array(
      Type.Object({ certificateType: Type.String(), hashData: HashData, childHashData: Type.Optional(Type.Array(HashData)) }),
    ),
  }),
  Type.Null(),
]);

/** An image, and whether it may be offered. */
export const Firmware = Type.Object({
  id: Type.Integer(),
  version: Type.String(),
  models: Type.Array(Type.String()),
  sha256: Type.String(),
  bytes: Type.Union([Type.Integer(), Type.Null()]),
  state: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()]),
  createdAt: Time,
  signingCertificate: Type.String(),
  signature: Type.String(),
  signingChain: Type.Object({
    state: Type.String({ enum: ['trusted', 'untrusted', 'noRoots'] }),
    reason: Type.Union([Type.String(), Type.Null()]),
  }),
});

/** Logs, customers' data and firmware. */
export const fileRoutes = {
  getLog: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/get-log',
    summary: 'Asks for a log; it is uploaded to this CSMS unless another place is named. The answer holds the requestId',
    params: stationParams,
    query: waitQuery,
    body: Type.Object(
      {
        logType: Type.String({ enum: ['DiagnosticsLog', 'SecurityLog', 'DataCollectorLog'] }),
        remoteLocation: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
        oldestTimestamp: Type.Optional(GivenTime),
        latestTimestamp: Type.Optional(GivenTime),
        ...Retries,
      },
      closed,
    ),
  },
  logs: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/logs',
    summary: 'Logs that were asked for, newest first',
    params: stationParams,
    query: listQuery,
  },
  log: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/logs/:requestId',
    summary: 'How far one log is',
    params: requestParams,
  },
  logContent: {
    method: 'GET',
    role: 'installer',
    path: '/stations/:stationId/logs/:requestId/content',
    summary: 'The bytes of a log that has arrived',
    params: requestParams,
  },
  customerInformation: {
    method: 'POST',
    role: 'operator',
    path: '/stations/:stationId/customer-information',
    summary: 'Lets the station tell, or forget, what it knows about a customer; exactly one of the three ways to name him',
    params: stationParams,
    query: waitQuery,
    body: Type.Object(
      {
        report: Type.Boolean(),
        clear: Type.Boolean(),
        idToken: Type.Optional(
          Type.Object({ idToken: Type.String({ maxLength: 255 }), type: Type.String({ maxLength: 20 }) }, { additionalProperties: true }),
        ),
        customerIdentifier: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        customerCertificate: Type.Optional(HashData),
      },
      closed,
    ),
  },
  customerReport: {
    method: 'GET',
    role: 'operator',
    path: '/stations/:stationId/customer-information/:requestId',
    summary: 'What the station told about a customer, all parts together',
    params: requestParams,
  },
  updateFirmware: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/update-firmware',
    summary: 'Lets a station fetch and install firmware of this CSMS. The answer holds the requestId',
    params: stationParams,
    query: waitQuery,
    body: Type.Object(
      { firmwareId: Type.Integer(), retrieveDateTime: Type.Optional(GivenTime), installDateTime: Type.Optional(GivenTime), ...Retries },
      closed,
    ),
  },
  firmwareUpdates: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/firmware-updates',
    summary: 'Firmware updates of a station, newest first',
    params: stationParams,
    query: listQuery,
  },
  firmwareUpdate: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/firmware-updates/:requestId',
    summary: 'How far one firmware update is',
    params: requestParams,
  },
  listFirmware: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/firmware',
    summary: 'Firmware images, newest first',
    query: listOf({}),
    response: { 200: Type.Array(Firmware) },
  },
  addFirmware: {
    method: 'POST',
    role: 'operator',
    path: '/firmware',
    summary:
      'Announces an image with its checksum, signature and signing certificate; a small one may come along, a large one is put afterwards',
    body: Type.Object(
      {
        version: Type.String({ minLength: 1, maxLength: 50 }),
        models: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 20 }), { maxItems: 100, description: 'none = any model' })),
        sha256: Type.String({ pattern: '^[0-9a-fA-F]{64}$' }),
        signature: Type.String({ minLength: 1, maxLength: 800, description: 'base64' }),
        signingCertificate: Type.String({ minLength: 1, maxLength: 5500, description: 'PEM' }),
        image: Type.Optional(Type.String({ description: 'base64' })),
      },
      closed,
    ),
  },
  getFirmware: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/firmware/:firmwareId',
    summary: 'One image',
    params: firmwareParams,
    response: { 200: Firmware },
  },
  putImage: {
    method: 'PUT',
    role: 'operator',
    path: '/firmware/:firmwareId/image',
    summary: 'The bytes of an image (application/octet-stream); checksum and signature are checked before it is offered',
    params: firmwareParams,
    bytes: true,
  },
  deleteFirmware: {
    method: 'DELETE',
    role: 'operator',
    path: '/firmware/:firmwareId',
    summary: 'Removes an image',
    params: firmwareParams,
  },
  rollout: {
    method: 'POST',
    role: 'operator',
    path: '/firmware/:firmwareId/rollout',
    summary: 'Updates many stations, a wave at a time; those that are not connected get the command when they come',
    params: firmwareParams,
    body: Type.Object(
      {
        stationIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 10_000, description: 'all that fit when left out' })),
        perWave: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 10 })),
        waveInterval: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400, default: 600, description: 'seconds' })),
        retrieveDateTime: Type.Optional(GivenTime),
        installDateTime: Type.Optional(GivenTime),
        ...Retries,
      },
      closed,
    ),
  },
  firmwareUpdatesOf: {
    method: 'GET',
    role: 'viewer',
    path: '/firmware/:firmwareId/updates',
    summary: 'Which stations were asked to install it, and how far they are',
    params: firmwareParams,
    query: listQuery,
  },
} as const satisfies Record<string, Route>;
