import type { RouteName } from '@busbar/api';
import { CONFIGURATION_EXAMPLES } from './docs-rest-configuration.ts';
import { FILE_EXAMPLES } from './docs-rest-files.ts';
import { FLEET_EXAMPLES } from './docs-rest-fleet.ts';
import { LIST_EXAMPLES } from './docs-rest-lists.ts';
import { PEOPLE_EXAMPLES } from './docs-rest-people.ts';
import { TARIFF_EXAMPLES } from './docs-rest-tariffs.ts';

/** One example per route: what follows /api/v1, the body that is sent, and what comes back (shortened with … where long). */
export interface RestExample {
  readonly at: string;
  readonly body?: unknown;
  readonly answer: string;
}

const STATION = '{"id":"CS-1","connected":true,"registration":"Accepted","ocppVersion":"ocpp2.0.1","connectors":[…],…}';
const TRANSACTION =
  '{"stationId":"CS-1","transactionId":"81defded-…","state":"ended","energyWh":196.661,"events":8,"missingSeqNos":[],"bill":"final","completeness":"complete",…}';
const TOKEN = { status: 'Accepted', language1: 'en' };
const VARIABLE = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };
const COMMAND = '019ab5c7-5a1e-7cc2-9d0f-2b8a4c1e7f30';

const JOB = '{"jobId":"019ab5c7-…","stationId":"CS-1","kind":"upgradeProfile","state":"running","step":"setProfile","reason":null,…}';
const SECURITY_EVENT =
  '{"id":7,"stationId":"CS-1","type":"StartupOfTheDevice","critical":true,"source":"station","at":"…","techInfo":"PowerUp",…}';
const TRUST =
  '{"certificates":[{"hash":"ab12…","subject":"Busbar Root CA, Busbar","notAfter":"…","pem":"…","hashData":{"hashAlgorithm":"SHA256",…}}]}';

export const REST_EXAMPLES = {
  ...FILE_EXAMPLES,
  ...FLEET_EXAMPLES,
  ...TARIFF_EXAMPLES,
  ...PEOPLE_EXAMPLES,
  ...LIST_EXAMPLES,
  ...CONFIGURATION_EXAMPLES,
  listStations: { at: '/stations?state=offline&sort=lastSeen', answer: `[${STATION}]` },
  createStation: { at: '/stations', body: { id: 'CS-1' }, answer: '201 {"id":"CS-1",…,"password":"(made here, shown once)"}' },
  getStation: { at: '/stations/CS-1', answer: STATION },
  patchStation: { at: '/stations/CS-1', body: { serialNumber: 'SN-4711', automations: { gapQuery: false } }, answer: STATION },
  deleteStation: { at: '/stations/CS-1?withTransactions=retire', answer: '204' },
  acceptStation: { at: '/stations/CS-1/accept', answer: STATION },
  rejectStation: { at: '/stations/CS-1/reject', answer: STATION },
  setPassword: { at: '/stations/CS-1/password', body: {}, answer: '{"password":"(made here, shown once)"}' },
  connectors: { at: '/stations/CS-1/connectors', answer: '[{"evseId":1,"connectorId":1,"status":"Occupied","at":"…"}]' },
  connections: {
    at: '/stations/CS-1/connections?limit=10',
    answer: '[{"epoch":3,"openedAt":"…","closedAt":null,"version":"ocpp2.0.1","remote":"127.0.0.1","closeCode":null,"closeReason":null}]',
  },
  variables: {
    at: '/stations/CS-1/variables',
    answer: '[{"component":"EVSE","evse":1,"variable":"AvailabilityState","attribute":"Actual","value":"Available","at":"…"}]',
  },
  getVariables: {
    at: '/stations/CS-1/variables/get',
    body: { variables: [VARIABLE] },
    answer: '{"results":[{"attributeStatus":"Accepted","attributeValue":"300",…}]}',
  },
  setVariables: {
    at: '/stations/CS-1/variables/set',
    body: { variables: [{ ...VARIABLE, attributeValue: '60' }] },
    answer: '{"results":[{"attributeStatus":"Accepted",…}]}',
  },
  report: { at: '/stations/CS-1/reports/7', answer: '{"parts":2,"complete":true,"rows":[…]}' },
  notices: { at: '/stations/CS-1/notices?limit=10', answer: '[{"id":12,"at":"…","receivedAt":"…","action":"NotifyEvent","body":{…}}]' },
  meterValues: { at: '/stations/CS-1/meter-values', answer: '[{"receivedAt":"…","evseId":1,"meterValue":[…]}]' },
  stationCommands: {
    at: '/stations/CS-1/commands',
    answer: '[{"commandId":"019ab5c7-…","action":"Reset","state":"answered","actor":"key:first",…}]',
  },
  call: {
    at: '/stations/CS-1/calls/Reset?timeout=30',
    body: { type: 'OnIdle' },
    answer: '{"commandId":"019ab5c7-…","messageId":"…","state":"answered","response":{"status":"Accepted"}}',
  },
  leniencies: { at: '/stations/CS-1/leniencies', answer: '{"on":["unknownProperty"],"used":{"unknownProperty":3}}' },
  setLeniencies: {
    at: '/stations/CS-1/leniencies',
    body: { on: ['unknownProperty', 'numberAsString'] },
    answer: '{"on":["unknownProperty","numberAsString"],"used":{}}',
  },
  invalidEvents: {
    at: '/stations/CS-1/invalid-events',
    answer: '[{"n":1,"transactionId":"…","seqNo":4,"state":"open","times":1,"error":"…","text":"…",…}]',
  },
  repairInvalidEvent: {
    at: '/stations/CS-1/invalid-events/1/repair',
    body: { body: { eventType: 'Updated' }, reason: 'the vendor left out a unit' },
    answer: '204',
  },
  discardInvalidEvent: { at: '/stations/CS-1/invalid-events/1/discard', body: { reason: 'a test frame' }, answer: '204' },
  testMode: {
    at: '/stations/CS-1/test-mode',
    body: { nextBoot: [{ status: 'Pending', interval: 5, times: 1 }], answerDelayMs: 2000 },
    answer: '204',
  },
  takePassword: { at: '/stations/CS-1/take-password', body: { remoteAddress: '10.20.4.31' }, answer: '204' },
  changePassword: { at: '/stations/CS-1/password', body: {}, answer: '{"status":"Accepted","password":"…"}' },
  renewCertificate: {
    at: '/stations/CS-1/renew-certificate',
    body: { use: 'ChargingStationCertificate' },
    answer: '{"commandId":"019ab5c7-…","state":"answered","response":{"status":"Accepted"}}',
  },
  stationCertificates: {
    at: '/stations/CS-1/certificates',
    answer:
      '{"issued":[{"use":"ChargingStationCertificate","serialNumber":"4f3a…","subject":"SN-1","state":"installed","chain":"…",…}],"installed":{"at":"…","certificates":[{"certificateType":"CSMSRootCertificate","hashData":{"hashAlgorithm":"SHA256",…}}]}}',
  },
  revokeCertificate: { at: '/stations/CS-1/certificates/4f3a91c2d07be865/revoke', body: { reason: 'key lost' }, answer: '204' },
  upgradeProfile: { at: '/stations/CS-1/upgrade-profile', body: { securityProfile: 2 }, answer: JOB },
  stationJobs: { at: '/stations/CS-1/jobs', answer: `[${JOB}]` },
  getJob: { at: '/jobs/019ab5c7-0000-7000-8000-000000000001', answer: JOB },
  stationSecurityEvents: { at: '/stations/CS-1/security-events?limit=1', answer: `[${SECURITY_EVENT}]` },
  securityEvents: { at: '/security-events?limit=1', answer: `[${SECURITY_EVENT}]` },
  trust: { at: '/trust/csms', answer: TRUST },
  addTrust: { at: '/trust/csms', body: { pem: '-----BEGIN CERTIFICATE-----…' }, answer: TRUST },
  removeTrust: { at: `/trust/csms/${'ab12'.repeat(16)}`, answer: '204' },
  importRevocations: {
    at: '/revocations',
    body: { crl: '-----BEGIN X509 CRL-----…', issuer: '-----BEGIN CERTIFICATE-----…' },
    answer: '{"revoked":3}',
  },
  refusedHandshakes: {
    at: '/refused-handshakes',
    answer: '[{"stationId":"CS-9","status":404,"reason":"…","at":"…","remoteAddress":"127.0.0.1"}]',
  },
  listTransactions: { at: '/transactions?state=ended&type=ISO14443&idToken=AABBCCDD&limit=10', answer: `[${TRANSACTION}]` },
  getTransaction: {
    at: '/transactions/CS-1/81defded-cfe3-4462-9627-f3643e520a86',
    answer: TRANSACTION.replace(
      ',…}',
      ',"cost":{"currency":"EUR","total":"0.086176","lines":[…],"tariff":{"id":"public","version":1}},"gapQueries":[],…}',
    ),
  },
  transactionEvents: {
    at: '/transactions/CS-1/81defded-cfe3-4462-9627-f3643e520a86/events',
    answer: '[{"receivedAt":"…","conflict":false,"event":{"eventType":"Started",…}}]',
  },
  transactionSeries: {
    at: '/transactions/CS-1/81defded-7cb8-4d24-a16b-5a5a0b2a2b4d/series',
    answer: '[{"at":"…","powerW":7360,"offeredW":11000,"currentA":16,"voltageV":230,"socPercent":61},…]',
  },
  signedMeterValues: {
    at: '/transactions/CS-1/81defded-cfe3-4462-9627-f3643e520a86/signed-meter-values',
    answer:
      '{"state":"valid","values":[{"seqNo":7,"context":"Transaction.End","signedMeterData":"T0NNRnw…","publicKey":"…","check":{"state":"valid","reason":"ECDSA-secp256r1-SHA256 with the key given"},…}]}',
  },
  closeTransaction: {
    at: '/transactions/CS-1/81defded-cfe3-4462-9627-f3643e520a86/close',
    body: { reason: 'the station was scrapped' },
    answer: TRANSACTION,
  },
  listTokens: { at: '/tokens?q=aabb', answer: '[{"type":"ISO14443","idToken":"AABBCCDD","status":"Accepted"}]' },
  getToken: { at: '/tokens/ISO14443/AABBCCDD', answer: '{"type":"ISO14443","idToken":"AABBCCDD","status":"Accepted"}' },
  putToken: {
    at: '/tokens/ISO14443/AABBCCDD',
    body: TOKEN,
    answer: '{"type":"ISO14443","idToken":"AABBCCDD","status":"Accepted","language1":"en"}',
  },
  deleteToken: { at: '/tokens/ISO14443/AABBCCDD', answer: '204' },
  getCommand: {
    at: `/commands/${COMMAND}?wait=10`,
    answer: '{"commandId":"019ab5c7-…","state":"answered","response":{"status":"Accepted"}}',
  },
  cancelCommand: { at: `/commands/${COMMAND}`, answer: '204' },
  messages: { at: '/messages?stationId=CS-1&limit=2', answer: '[{"at":"…","stationId":"CS-1","direction":"in","frame":"[2,…]"}]' },
  audit: {
    at: '/audit?limit=1',
    answer: '[{"at":"…","actor":"first","action":"createStation","target":"CS-1","reason":"","result":"done"}]',
  },
  events: {
    at: '/events?stationId=CS-1',
    answer: 'event: transaction · data: {"at":"…","type":"transaction","stationId":"CS-1","kind":"updated","detail":{…}}',
  },
} as const satisfies Record<RouteName, RestExample>;
