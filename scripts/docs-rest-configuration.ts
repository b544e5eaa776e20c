const AT = '/templates/019ab5c7-5a1e-7cc2-9d0f-2b8a4c1e7f30';
const TEMPLATE = '{"templateId":"019ab5c7-…","name":"HPC North","size":2,"updatedAt":"…","by":"person:ida",…}';
const VARIABLES = [
  { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'MessageAttempts', instance: 'TransactionEvent' }, attributeValue: '10' },
  { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' }, attributeValue: '300' },
];

/** Examples of the routes about configuration of many stations, tokens from a file, and the board of certificates. */
export const CONFIGURATION_EXAMPLES = {
  variableWrites: {
    at: '/stations/CS-1/variables/writes',
    answer:
      '[{"component":"OCPPCommCtrlr","variable":"WebSocketPingInterval","attribute":"Actual","wanted":"30","status":"RebootRequired","afterReboot":true,…}]',
  },
  listTemplates: { at: '/templates', answer: `[${TEMPLATE}]` },
  createTemplate: { at: '/templates', body: { name: 'HPC North', variables: VARIABLES }, answer: `201 ${TEMPLATE}` },
  templateFromStation: { at: '/templates/from-station', body: { stationId: 'CS-1', name: 'HPC North' }, answer: `201 ${TEMPLATE}` },
  getTemplate: { at: AT, answer: TEMPLATE },
  putTemplate: { at: AT, body: { name: 'HPC North', variables: VARIABLES }, answer: TEMPLATE },
  deleteTemplate: { at: AT, answer: '204' },
  templateDrift: {
    at: `${AT}/drift?site=1`,
    answer: '[{"stationId":"CS-1","same":212,"variables":[{"index":0,"value":"3","state":"differs"},…],…}]',
  },
  fixDrift: {
    at: `${AT}/fix`,
    body: { stations: ['CS-1', 'CS-2'], offline: 'queue' },
    answer: '202 {"bulkId":"019ab5c7-…","action":{"kind":"applyVariables",…},"state":"running","total":2,…}',
  },
  importTokens: {
    at: '/tokens/import?dryRun=true',
    body: [{ type: 'ISO14443', idToken: '04A2B3C4D5E6F7', status: 'Accepted', groupIdToken: { idToken: 'FLEET' } }],
    answer:
      '{"dryRun":true,"counts":{"new":1,"changed":0,"same":0,"wrong":0},"lines":[{"line":1,"type":"ISO14443","idToken":"04A2…","outcome":"new","reason":null}]}',
  },
  listCertificates: {
    at: '/certificates?latest=true&before=2027-01-01T00:00:00Z',
    answer: '[{"stationId":"CS-1","use":"ChargingStationCertificate","state":"installed","notAfter":"2026-12-04T…",…}]',
  },
} as const;
