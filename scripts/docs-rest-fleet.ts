export const FLEET_EXAMPLES = {
  server: {
    at: '/server',
    answer: '{"version":"0.1.0","ocppUrl":"ws://127.0.0.1:9000/ocpp","secureOcppUrl":null,"unknownStations":"refuse",…}',
  },
  listVirtual: { at: '/virtual', answer: '[{"stationId":"SIM-001","kind":"dc150","drivers":true}]' },
  addVirtual: {
    at: '/virtual',
    body: { count: 2, kind: 'dc150', drivers: true },
    answer: '201 [{"stationId":"SIM-001","kind":"dc150","drivers":true},…]',
  },
  virtualFacts: { at: '/virtual/SIM-001', answer: '{"registration":"accepted","evses":[…],"hardware":{…},…}' },
  actVirtual: {
    at: '/virtual/SIM-001/injectFault',
    body: { evse: 1, code: 'ground-fault' },
    answer: '{"registration":"accepted","evses":[…],…}',
  },
  removeVirtual: { at: '/virtual/SIM-001', answer: '204' },
  fleet: {
    at: '/fleet',
    answer:
      '{"at":"…","rows":[{"id":"CS-1","site":1,"connected":true,"since":"…","powerW":7360,"connectors":[{"evseId":1,"connectorId":1,"state":"Charging",…}],…}]}',
  },
  incidents: {
    at: '/incidents',
    answer:
      '[{"key":"connectorFaulted CS-1","group":"go","code":"connectorFaulted","state":"Faulted","stations":["CS-1"],"since":"…","suggestion":"takeOutOfService",…}]',
  },
  overview: {
    at: '/overview',
    answer:
      '{"counts":"real","stations":12,"connected":11,"charging":4,"powerW":88200,"today":{"since":"…","energyWh":412031.5,"ended":31,"final":30,"provisional":1},…}',
  },
} as const;
