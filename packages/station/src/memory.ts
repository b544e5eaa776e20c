import type { Journal, JournalChange } from '@busbar/runtime';

/** What a station remembers across a power cut, as named records on its Journal. Keys of a queue sort in its order. */
export class Memory {
  readonly #journal: Journal;
  readonly #failed: (error: unknown) => void;

  constructor(journal: Journal, failed: (error: unknown) => void) {
    this.#journal = journal;
    this.#failed = failed;
  }

  /** What was written by `put` under the same key comes back as the same type: keys are made in one place per kind of record. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what `put` wrote under this key
  read<T>(key: string): T | undefined {
    const text = this.#journal.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what `put` wrote under this key
  list<T>(prefix: string): readonly { readonly key: string; readonly value: T }[] {
    return this.#journal.list(prefix).map(([key, text]) => ({ key, value: JSON.parse(text) }));
  }

  /** Resolves once the changes survive a power cut. A disk that cannot write ends the life: nothing may be promised on it. */
  async commit(changes: readonly JournalChange[]): Promise<void> {
    if (changes.length === 0) return;
    try {
      await this.#journal.commit(changes);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  /** Resolves when everything handed over before is durable: commits keep their order. */
  durable(): Promise<void> {
    return this.#journal.commit([]);
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}

export const put = (key: string, value: unknown): JournalChange => ({ put: key, value: JSON.stringify(value) });
export const remove = (key: string): JournalChange => ({ remove: key });

/** Sorts numbers as text. */
export const ordered = (n: number): string => `${n}`.padStart(12, '0');

/** The names of all records. */
export const keys = {
  bootReason: 'boot/reason',
  registration: 'boot/registration',
  alive: 'boot/alive',
  reset: 'boot/reset',
  sessions: 'session/',
  session: (evseId: number): string => `session/${ordered(evseId)}`,
  queue: 'queue/',
  queued: (n: number): string => `queue/${ordered(n)}`,
  samples: (transactionId: string): string => `sample/${transactionId}/`,
  sample: (transactionId: string, n: number): string => `sample/${transactionId}/${ordered(n)}`,
  cache: 'cache/',
  cached: (type: string, idToken: string): string => `cache/${type}/${idToken}`,
  variables: 'var/',
  variable: (name: string): string => `var/${name}`,
  availability: 'availability/',
  available: (target: string): string => `availability/${target}`,
  scheduled: 'scheduled/',
  schedule: (target: string): string => `scheduled/${target}`,
  reported: 'reported/',
  report: (target: string): string => `reported/${target}`,
  alerts: 'alert/',
  alert: (monitorId: number): string => `alert/${monitorId}`,
  events: 'event/',
  event: (n: number): string => `event/${ordered(n)}`,
  nextEventId: 'boot/eventId',
  diagnostics: 'diagnostics/',
  diagnosticsBlock: (n: number): string => `diagnostics/${ordered(n)}`,
  notices: 'notice/',
  notice: (n: number): string => `notice/${ordered(n)}`,
  logUpload: 'upload/log',
  firmwareUpdate: 'firmware/update',
  firmwareStatus: 'firmware/status',
  localList: 'locallist/',
  /** Tokens are the same whatever their letters' case (C01.FR.25). */
  listed: (type: string, idToken: string): string => `locallist/${type}/${idToken.toLowerCase()}`,
  fallbackRoot: 'fallbackRoot',
  trust: 'trust/',
  trusted: (kind: string, fingerprint: string): string => `trust/${kind}/${fingerprint}`,
  own: 'own/',
  ownCertificate: (use: string): string => `own/${use}/current`,
  renewedCertificate: (use: string): string => `own/${use}/renewed`,
  signing: (use: string): string => `own/${use}/signing`,
  networkProfiles: 'network/',
  networkProfile: (slot: number): string => `network/${ordered(slot)}`,
  lastProfile: 'boot/lastProfile',
  securityProfile: 'boot/securityProfile',
  provisioned: 'boot/provisioned',
  provisioning: 'provisioning',
  securityEvents: 'security/event/',
  securityEvent: (n: number): string => `security/event/${ordered(n)}`,
  securityLog: 'security/log/',
  securityLogEntry: (n: number): string => `security/log/${ordered(n)}`,
  drops: 'drop/',
  drop: (transactionId: string, seqNo: number): string => `drop/${transactionId}/${ordered(seqNo)}`,
} as const;
