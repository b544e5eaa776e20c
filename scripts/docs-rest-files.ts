const LOG =
  '{"requestId":12,"logType":"SecurityLog","requestedAt":"…","answer":"Accepted","filename":"CS-1-SecurityLog-….log","status":"Uploaded","statuses":[{"status":"Uploading","at":"…"},…],"bytes":4711,"receivedAt":"…","reason":null}';
const ASKED = '{"commandId":"019ab5c7-…","state":"answered","response":{"status":"Accepted",…},"requestId":12}';
const FIRMWARE =
  '{"id":1,"version":"2.0.0","models":["Wall 7"],"sha256":"9f86d081…","bytes":50000,"state":"ready","reason":null,"createdAt":"…","signingCertificate":"…","signature":"…"}';
const UPDATE =
  '{"requestId":12,"firmwareId":1,"requestedAt":"…","retrieveDateTime":"…","installDateTime":null,"answer":"Accepted","status":"Installed","statuses":[…]}';

/** Examples of the routes about files, customers, certificates and firmware. */
export const FILE_EXAMPLES = {
  getLog: { at: '/stations/CS-1/get-log', body: { logType: 'SecurityLog', retries: 3, retryInterval: 60 }, answer: ASKED },
  logs: { at: '/stations/CS-1/logs?limit=10', answer: `[${LOG}]` },
  log: { at: '/stations/CS-1/logs/12', answer: LOG },
  logContent: { at: '/stations/CS-1/logs/12/content', answer: '(the bytes, as an attachment)' },
  customerInformation: {
    at: '/stations/CS-1/customer-information',
    body: { report: true, clear: false, idToken: { type: 'ISO14443', idToken: 'AABBCCDD' } },
    answer: ASKED,
  },
  customerReport: {
    at: '/stations/CS-1/customer-information/12',
    answer: '{"parts":2,"complete":true,"at":"…","data":"authorization cache: ISO14443 AABBCCDD Accepted, …"}',
  },
  updateFirmware: {
    at: '/stations/CS-1/update-firmware',
    body: { firmwareId: 1, installDateTime: '2026-12-01T02:00:00Z', retries: 3, retryInterval: 60 },
    answer: ASKED,
  },
  firmwareUpdates: { at: '/stations/CS-1/firmware-updates', answer: `[${UPDATE}]` },
  firmwareUpdate: { at: '/stations/CS-1/firmware-updates/12', answer: UPDATE },
  listFirmware: { at: '/firmware', answer: `[${FIRMWARE}]` },
  addFirmware: {
    at: '/firmware',
    body: {
      version: '2.0.0',
      models: ['Wall 7'],
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      signature: 'MEUC…',
      signingCertificate: '-----BEGIN CERTIFICATE-----…',
    },
    answer: '201 {"id":1,"version":"2.0.0","state":"awaitingImage",…}',
  },
  getFirmware: { at: '/firmware/1', answer: FIRMWARE },
  putImage: { at: '/firmware/1/image', answer: FIRMWARE },
  deleteFirmware: { at: '/firmware/1', answer: '204' },
  rollout: {
    at: '/firmware/1/rollout',
    body: { perWave: 20, waveInterval: 900 },
    answer: '{"updates":[{"stationId":"CS-1","requestId":12,"commandId":"019ab5c7-…","state":"sent","retrieveDateTime":"…"},…]}',
  },
  firmwareUpdatesOf: { at: '/firmware/1/updates', answer: `[{"stationId":"CS-1",${UPDATE.slice(1)}]` },
} as const;
