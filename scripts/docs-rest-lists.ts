const COMMAND =
  '{"commandId":"019ab5c7-…","stationId":"CS-1","action":"Reset","request":{"type":"OnIdle"},"origin":"person","actor":"first","state":"answered","response":{"status":"Accepted"},…}';
const BULK =
  '{"bulkId":"019ab5c7-…","state":"running","total":120,"counts":{"done":40,"refused":1,"failed":0,"unknown":0,"waiting":69,"underWay":10,"stopped":0},…}';
const BULK_AT = '/bulk/019ab5c7-5a1e-7cc2-9d0f-2b8a4c1e7f30';
const WEBHOOK = '{"webhookId":"019ab5c7-…","url":"https://example.org/hook","types":["transactionEnded"],"sites":null,"active":true,…}';
const WEBHOOK_AT = '/webhooks/019ab5c7-5a1e-7cc2-9d0f-2b8a4c1e7f30';

/** Examples of the routes about commands of all stations, messages, forms, jobs for many, webhooks, and what has to be forgotten. */
export const LIST_EXAMPLES = {
  listCommands: { at: '/commands?actor=first&state=refused&limit=10', answer: `[${COMMAND}]` },
  messages: {
    at: '/messages?stationId=CS-1&view=pairs&limit=2',
    answer:
      '[{"at":"…","stationId":"CS-1","direction":"in","messageId":"…","action":"Heartbeat","block":"G","call":"[2,…]","answer":"[3,…]","latencyMs":3,"violations":[],…}]',
  },
  importMessages: {
    at: '/messages/import',
    answer: '[{"at":null,"stationId":null,"direction":"in","action":"Heartbeat","violations":[],…}]',
  },
  listSchemas: {
    at: '/schemas/ocpp2.0.1',
    answer: '[{"version":"ocpp2.0.1","action":"Reset","block":"B","blockName":"provisioning","useCases":["B11","B12"]},…]',
  },
  getSchema: {
    at: '/schemas/ocpp2.0.1/Reset',
    answer:
      '{"action":"Reset","fields":[{"name":"type","required":true,"node":{"kind":"ref","name":"ResetEnumType"}},…],"definitions":{"ResetEnumType":{"kind":"enum","values":["Immediate","OnIdle"]}},…}',
  },
  startBulk: {
    at: '/bulk',
    body: { filter: { site: 1, model: 'Wall 7' }, action: { kind: 'reset', type: 'OnIdle' }, offline: 'queue', expires: 3600, atOnce: 20 },
    answer: `202 ${BULK}`,
  },
  listBulk: { at: '/bulk?limit=10', answer: `[${BULK}]` },
  getBulk: { at: BULK_AT, answer: BULK },
  bulkItems: {
    at: `${BULK_AT}/stations`,
    answer:
      '[{"stationId":"CS-7","state":"refused","reason":"Rejected: InUse","clause":null,"ms":41,"response":{"status":"Rejected",…},…}]',
  },
  stopBulk: { at: `${BULK_AT}/stop`, answer: BULK },
  listWebhooks: { at: '/webhooks', answer: `[${WEBHOOK}]` },
  createWebhook: {
    at: '/webhooks',
    body: { url: 'https://example.org/hook', types: ['transactionEnded'] },
    answer: '201 {"webhookId":"019ab5c7-…","secret":"whsec_… (shown once)",…}',
  },
  patchWebhook: { at: WEBHOOK_AT, body: { active: false }, answer: WEBHOOK },
  deleteWebhook: { at: WEBHOOK_AT, answer: '204' },
  webhookDeliveries: {
    at: `${WEBHOOK_AT}/deliveries?limit=10`,
    answer:
      '[{"deliveryId":"…","eventId":"tx-5-7-Ended","type":"transactionEnded","state":"delivered","attempts":1,"status":204,"error":null,…}]',
  },
  testWebhook: { at: `${WEBHOOK_AT}/test`, answer: '202 {"deliveryId":"…","eventId":"…"}' },
  replaceHardware: {
    at: '/stations/CS-1/replace-hardware',
    body: { reason: 'water in the cabinet', serialNumber: 'SN-4712' },
    answer: '{"password":"(made here, shown once)"}',
  },
  eraseToken: {
    at: '/tokens/ISO14443/AABBCCDD/erase',
    body: { reason: 'request of the driver' },
    answer: '{"transactions":42,"messageLogUntil":"…"}',
  },
} as const;
