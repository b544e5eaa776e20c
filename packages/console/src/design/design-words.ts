const en = {
  reason: 'Reason',
  reasonWhy: 'Stands in the audit, with your name.',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  cannotCopy: 'Nothing was copied: the browser lends its clipboard over HTTPS only. Select the text instead.',
  needs: (role: string) => `Needs the role ${role}`,
  loading: 'Loading',
  retry: 'Try again',
  failed: 'This could not be loaded',
};
const de: typeof en = {
  reason: 'Grund',
  reasonWhy: 'Steht mit Ihrem Namen im Protokoll.',
  cancel: 'Abbrechen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  cannotCopy: 'Nichts wurde kopiert: Der Browser gibt seine Zwischenablage nur über HTTPS her. Markieren Sie den Text.',
  needs: (role) => `Braucht die Rolle ${role}`,
  loading: 'Lädt',
  retry: 'Noch einmal',
  failed: 'Das konnte nicht geladen werden',
};
export const designWords = { en, de };
