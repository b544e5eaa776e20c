const WHO =
  '{"name":"ada","shownName":"Ada L.","kind":"person","role":"operator","sites":null,"settings":{…},"version":"0.1.0","testMode":false,…}';
const USER =
  '{"userId":"019ab5c7-…","name":"ada","shownName":"Ada L.","role":"operator","sites":[1,2],"disabled":false,"password":true,"oidc":false,…}';
const KEY =
  '{"keyId":"3f9c01d2a47b","name":"grafana","role":"viewer","sites":null,"createdBy":"person:ada","expiresAt":null,"lastUsedAt":"…","revoked":false,…}';
const SIGN_IN = '{"createdAt":"…","expiresAt":"…","browser":"Mozilla/5.0 …","this":true}';
const ADA = '019ab5c7-0000-7000-8000-000000000001';

/** The routes of sign-in, people, keys and audit. */
export const PEOPLE_EXAMPLES = {
  signIn: { at: '/session', body: { name: 'ada', password: 'correct horse battery' }, answer: WHO },
  signInWays: { at: '/session/ways', answer: '{"password":true,"oidc":false}' },
  getSession: { at: '/session', answer: WHO },
  signOut: { at: '/session', answer: '204' },
  putSettings: { at: '/session/settings', body: { language: 'de' }, answer: '{"language":"de"}' },
  changeOwnPassword: {
    at: '/session/password',
    body: { oldPassword: 'correct horse battery', password: 'another good one' },
    answer: '204',
  },
  endOtherSignIns: { at: '/session/sign-ins', answer: '204' },
  ownSignIns: { at: '/session/sign-ins', answer: `[${SIGN_IN}]` },
  oidcStart: { at: '/session/oidc', answer: '303, to the identity provider' },
  oidcCallback: { at: '/session/oidc/callback?code=…&state=…', answer: 'a page that leads to /' },
  listUsers: { at: '/users', answer: `[${USER}]` },
  createUser: {
    at: '/users',
    body: { name: 'ada', shownName: 'Ada L.', role: 'operator', sites: [1, 2] },
    answer: `201 ${USER.replace(',…}', ',"madePassword":"(made here, shown once)",…}')}`,
  },
  getUser: { at: `/users/${ADA}`, answer: USER },
  patchUser: { at: `/users/${ADA}`, body: { disabled: true, reason: 'left us' }, answer: USER },
  deleteUser: { at: `/users/${ADA}`, answer: '204' },
  resetUserPassword: { at: `/users/${ADA}/password`, answer: '{"password":"(made here, shown once)"}' },
  userSignIns: { at: `/users/${ADA}/sign-ins`, answer: `[${SIGN_IN}]` },
  listKeys: { at: '/keys', answer: `[${KEY}]` },
  createKey: {
    at: '/keys',
    body: { name: 'grafana', role: 'viewer' },
    answer: `201 ${KEY.replace(',…}', ',"key":"bb_3f9c01d2a47b_(shown once)"}')}`,
  },
  revokeKey: { at: '/keys/3f9c01d2a47b', answer: '204' },
  audit: {
    at: '/audit?actor=person:ada&limit=10',
    answer:
      '[{"id":812,"at":"…","actor":"person:ada","action":"closeTransaction","target":"CS-1 81defded-…","reason":"cable stuck","result":"done"}]',
  },
} as const;
