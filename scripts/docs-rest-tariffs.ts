const TERMS = {
  name: 'Day and night',
  currency: 'EUR',
  vatPercent: '19',
  periods: [
    { from: '22:00', to: '06:00', perKWh: '0.29', idlePerMinute: '0.02' },
    { perKWh: '0.39', idlePerMinute: '0.10' },
  ],
  perSession: '0.50',
  idleGraceMinutes: 15,
};
const TARIFF = '{"id":"public","version":1,"validFrom":"…","createdAt":"…","name":"Day and night","currency":"EUR","periods":[…],…}';
const ASSIGNMENT = '{"scope":"site","target":"1","validFrom":"…","tariff":"public"}';
const SITE = { name: 'Harbour', zone: 'Europe/Oslo', currency: 'NOK' };
const SITE_ANSWER = '{"id":2,"name":"Harbour","zone":"Europe/Oslo","currency":"NOK","latitude":null,"longitude":null}';

/** The routes of prices and sites. */
export const TARIFF_EXAMPLES = {
  listTariffs: { at: '/tariffs', answer: `[${TARIFF}]` },
  getTariff: { at: '/tariffs/public', answer: `[${TARIFF}]` },
  putTariff: { at: '/tariffs/public', body: TERMS, answer: TARIFF },
  listTariffAssignments: { at: '/tariff-assignments', answer: `[${ASSIGNMENT}]` },
  assignTariff: { at: '/tariff-assignments/site/1', body: { tariff: 'public' }, answer: ASSIGNMENT },
  unassignTariff: { at: '/tariff-assignments/station/CS-1', answer: '204' },
  listSites: { at: '/sites', answer: `[${SITE_ANSWER}]` },
  createSite: { at: '/sites', body: SITE, answer: `201 ${SITE_ANSWER}` },
  patchSite: { at: '/sites/2', body: { zone: 'Europe/Oslo' }, answer: SITE_ANSWER },
  exportCdrs: {
    at: '/cdrs?since=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z&format=json',
    answer:
      '[{"cursor":17,"stationId":"CS-1","transactionId":"81defded-…","energyWh":"12345.678","bill":"final","tariff":{"id":"public","version":1},"currency":"EUR","lines":[…],"total":"11.084629",…}]',
  },
} as const;
