interface Said {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly danger?: boolean;
}

const en = {
  takeOut: (id: string): Said => ({
    title: `Take ${id} out of service`,
    text: 'No new session can start there until you put it back. A session that runs goes on to its end (G03, G04).',
    button: 'Take out of service',
    danger: true,
  }),
  putBack: (id: string): Said => ({ title: `Put ${id} back into service`, text: 'Drivers can charge there again.', button: 'Put back' }),
  password: (id: string): Said => ({
    title: `A new password for ${id}`,
    text: 'The one it has now opens nothing any more. The new one is shown once: somebody has to type it into the station.',
    button: 'Set a new password',
    danger: true,
  }),
  newPassword: (id: string, password: string) => `${id}: the new password is ${password}. It is shown only here.`,
  approve: (id: string): Said => ({
    title: `Approve ${id}`,
    text: 'Its next boot is accepted, and drivers can charge there.',
    button: 'Approve',
  }),
  renew: (id: string): Said => ({
    title: `Renew the certificate of ${id}`,
    text: 'The station is asked for a certificate request; the certificate follows by itself (A02).',
    button: 'Renew now',
  }),
};
const de: typeof en = {
  takeOut: (id) => ({
    title: `${id} außer Betrieb nehmen`,
    text: 'Dort beginnt kein Ladevorgang mehr, bis Sie sie wieder in Betrieb nehmen. Ein laufender geht zu Ende (G03, G04).',
    button: 'Außer Betrieb nehmen',
    danger: true,
  }),
  putBack: (id) => ({ title: `${id} wieder in Betrieb nehmen`, text: 'Dort kann wieder geladen werden.', button: 'In Betrieb nehmen' }),
  password: (id) => ({
    title: `Ein neues Passwort für ${id}`,
    text: 'Das jetzige öffnet nichts mehr. Das neue wird einmal gezeigt: Jemand muss es an der Station eingeben.',
    button: 'Neues Passwort setzen',
    danger: true,
  }),
  newPassword: (id, password) => `${id}: Das neue Passwort ist ${password}. Es wird nur hier gezeigt.`,
  approve: (id) => ({
    title: `${id} freigeben`,
    text: 'Ihre nächste Anmeldung wird angenommen, und dort kann geladen werden.',
    button: 'Freigeben',
  }),
  renew: (id) => ({
    title: `Zertifikat von ${id} erneuern`,
    text: 'Die Station wird um eine Zertifikatsanfrage gebeten; das Zertifikat folgt von selbst (A02).',
    button: 'Jetzt erneuern',
  }),
};
export const suggestionWords = { en, de };
