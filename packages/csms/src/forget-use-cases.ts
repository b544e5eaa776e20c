import { BusbarError, DAY_MS, type Instant, limits, Secret } from '@busbar/runtime';
import { MESSAGE_LOG } from './config.ts';
import { generatePassword } from './passwords.ts';
import type { Intent } from './store/intents.ts';
import type { UseCases } from './use-cases.ts';

export interface Erased {
  readonly transactions: number;
  /** Until then raw frames of the message log may still hold the token. */
  readonly messageLogUntil: Instant;
}

/** What has to go while the ledger stays: a machine, a station, a driver. */
export class ForgetUseCases {
  readonly #useCases: UseCases;

  constructor(useCases: UseCases) {
    this.#useCases = useCases;
  }

  /** Another machine comes under this id: returns the password it is to have, shown once. */
  async replaceHardware(id: string, reason: string, serialNumber: string | undefined, actor: string): Promise<string> {
    const { kernel } = this.#useCases;
    const station = this.#useCases.station(id);
    const password = generatePassword(kernel.random);
    await kernel.queue.commit([
      {
        k: 'hardwareReplaced',
        station: station.record.row,
        at: kernel.clock.now(),
        password: await kernel.hashPassword(id, new Secret(password), 'generated'),
        serialNumber: serialNumber ?? null,
        reason: `hardware replaced: ${reason}`.slice(0, 200),
      },
      this.#audit(actor, 'replaceHardware', id, reason, serialNumber === undefined ? 'done' : `new serial number ${serialNumber}`),
    ]);
    station.askedReports.clear();
    station.triggered.clear();
    station.session?.close(1008, 'the hardware was replaced');
    kernel.live.publish({ type: 'station', stationId: id, what: 'changed', detail: { hardware: 'replaced' } });
    return password;
  }

  /** It may not connect any more and is in no list but that of retired ones; its transactions stay. */
  async retire(id: string, actor: string): Promise<void> {
    const { kernel } = this.#useCases;
    const station = this.#useCases.station(id);
    await kernel.queue.commit([
      { k: 'stationPatch', station: station.record.row, patch: { approval: 'retired' } },
      this.#audit(actor, 'retireStation', id, '', 'done'),
    ]);
    station.session?.close(1008, 'the station was retired');
    kernel.live.publish({ type: 'station', stationId: id, what: 'changed', detail: { approval: 'retired' } });
  }

  /**
   * A driver is forgotten. His token becomes a pseudonym made at random, of which nothing is kept that leads back; bills and
   * sums stay as they are. In slices, so that nobody waits long; whoever calls again after an interruption ends it.
   */
  async eraseToken(type: string, idToken: string, reason: string, actor: string): Promise<Erased> {
    const { kernel } = this.#useCases;
    if (idToken === '')
      throw new BusbarError('invalid-request', 'A token without an id names nobody.', { fields: { pointer: '/idToken' } });
    const pseudonym = `erased-${Buffer.from(kernel.random.bytes(12)).toString('hex')}`;
    const known = (await kernel.read.token(type, idToken)) !== undefined;
    let transactions = 0;
    for (let more = true; more; ) {
      const [outcome] = await kernel.queue.commit([{ k: 'tokenErase', type, idToken, pseudonym }]);
      const slice = outcome?.assigned ?? 0;
      transactions += slice;
      more = slice > 0;
    }
    if (!known && transactions === 0) throw new BusbarError('token-unknown', `No token of this name of type ${type}.`);
    await kernel.queue.commit([
      { k: 'tokenDelete', type, idToken },
      this.#audit(actor, 'eraseToken', type, reason, `${transactions} transactions`),
    ]);
    const { keepDays } = kernel.config.messageLog ?? MESSAGE_LOG;
    return { transactions, messageLogUntil: kernel.clock.now() + keepDays * DAY_MS + limits.retentionMs };
  }

  #audit(actor: string, action: string, target: string, reason: string, result: string): Intent {
    return { k: 'audit', at: this.#useCases.kernel.clock.now(), actor, action, target, reason, result };
  }
}
