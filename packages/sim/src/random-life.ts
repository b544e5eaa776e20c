import type { OcppVersion } from '@busbar/protocol';
import { between, type Random } from '@busbar/runtime';
import { seededRandom } from '@busbar/runtime/virtual';
import { demoTopologies } from '@busbar/station/hardware';
import { Duet } from './duet.ts';
import { Invariants } from './invariants.ts';

export interface LifeOptions {
  readonly seed: number;
  readonly version?: OcppVersion;
  /** How many things happen before everything comes to rest. */
  readonly steps?: number;
}

export interface LifeReport {
  /** What must never happen, in sentences; empty when all is well. */
  readonly faults: readonly string[];
  readonly energyMWh: number;
  readonly transactions: number;
  readonly triggers: ReadonlySet<string>;
  readonly commands: ReadonlySet<string>;
  readonly duet: Duet;
}

const POINTS = ['ParkingBayOccupancy', 'EVConnected', 'Authorized', 'PowerPathClosed', 'EnergyTransfer'];
const CARDS = ['AAAA0001', 'BBBB0002', 'CCCC0003', 'DDDD0004'];
const STRANGER = 'EEEE0005';
const EVSES = [1, 2];
const STEPS = 90;

/** A station and its CSMS, drivers, vandals, operators, the network and the power, all at random from one seed; afterwards everything comes to rest. */
export async function randomLife({ seed, version, steps = STEPS }: LifeOptions): Promise<LifeReport> {
  const random = seededRandom(seed * 7_919);
  const duet = await begin(seed, version ?? (random.next() < 0.5 ? 'ocpp2.0.1' : 'ocpp2.1'), random);
  const life = new Life(duet, random);
  for (let step = 0; step < steps; step += 1) {
    // Much happens while something else is still under way.
    await duet.clock.advance(random.next() < 0.4 ? between(random, 0, 400) : between(random, 400, 60_000));
    life.invariants.look();
    await life.step();
    life.invariants.look();
  }
  await life.rest();
  return {
    faults: await life.invariants.atRest(),
    energyMWh: duet.worldMWh(),
    transactions: (await duet.transactions()).length,
    triggers: new Set(duet.trace.flatMap((event) => (event.kind === 'transaction' ? [event.triggerReason] : []))),
    commands: new Set((await duet.csms.kernel.read.commands(duet.row, 1_000)).map(({ action }) => action)),
    duet,
  };
}

async function begin(seed: number, version: OcppVersion, random: Random): Promise<Duet> {
  const duet = await Duet.start({
    seed,
    version,
    topology: demoTopologies.acThreePhase,
    variables: {
      'TxCtrlr.TxStartPoint': pick(random, POINTS),
      'TxCtrlr.TxStopPoint': pick(random, POINTS),
      'TxCtrlr.StopTxOnEVSideDisconnect': yes(random),
      'TxCtrlr.StopTxOnInvalidId': yes(random),
      'TxCtrlr.MaxEnergyOnInvalidId': pick(random, ['0', '0', '300']),
      'TxCtrlr.EVConnectionTimeOut': '30',
      'AuthCtrlr.OfflineTxForUnknownIdEnabled': yes(random),
      'AuthCtrlr.AuthorizeRemoteStart': yes(random),
      'SampledDataCtrlr.TxEndedInterval': pick(random, ['0', '30']),
      'SampledDataCtrlr.TxUpdatedInterval': pick(random, ['0', '15', '60']),
      'OCPPCommCtrlr.RetryBackOffWaitMinimum': '2',
      'OCPPCommCtrlr.MessageAttempts[TransactionEvent]': '100',
      'OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]': '5',
    },
  });
  for (const [index, idToken] of CARDS.entries()) {
    const group = index < 2 ? { groupIdToken: { idToken: 'FAMILY', type: 'Central' } } : {};
    await duet.token({ type: 'ISO14443', idToken, status: index === 3 ? 'Blocked' : 'Accepted', ...group });
  }
  return duet;
}

class Life {
  readonly #duet: Duet;
  readonly #random: Random;
  readonly invariants: Invariants;
  #partitioned = false;

  constructor(duet: Duet, random: Random) {
    this.#duet = duet;
    this.#random = random;
    this.invariants = new Invariants(duet);
  }

  /** One thing happens. What is dead comes back first, mostly. */
  async step(): Promise<void> {
    const random = this.#random;
    const { station, csms } = this.#duet.powered;
    if (!station && random.next() < 0.7) return this.#duet.startStation();
    if (!csms && random.next() < 0.7) return this.#duet.startCsms();
    if (this.#partitioned && random.next() < 0.5) return this.#heal();
    const act = random.next();
    if (act < 0.5 && station) return this.#driver();
    if (act < 0.75 && csms) return this.#operator();
    if (act < 0.8 && station) return this.#vandal();
    await this.#trouble();
  }

  #driver(): void {
    const { hardware } = this.#duet;
    const random = this.#random;
    const evse = pick(random, EVSES);
    const act = between(random, 0, 9);
    if (act <= 2)
      hardware.plug(evse, 1, {
        readyAfterS: between(random, 0, 15),
        socPercent: between(random, 10, 99),
        batteryWh: between(random, 2, 60) * 1_000,
      });
    else if (act <= 4) hardware.unplug(evse, 1, pick(random, ['ev', 'both'] as const));
    else if (act <= 7) {
      const idToken = random.next() < 0.1 ? STRANGER : pick(random, CARDS);
      hardware.presentToken({ type: 'ISO14443', idToken, ...(random.next() < 0.6 ? { evse } : {}) });
    } else if (act === 8) hardware.bay(evse, random.next() < 0.5);
    else hardware.evState(evse, pick(random, ['suspended', 'charging', 'notReady', 'ready'] as const));
  }

  #vandal(): void {
    const { hardware } = this.#duet;
    const random = this.#random;
    const evse = pick(random, EVSES);
    const act = between(random, 0, 4);
    if (act === 0) hardware.injectFault({ evse }, pick(random, ['ground-fault', 'over-current', 'emergency-stop']));
    else if (act === 1) hardware.clearFault({ evse });
    else if (act === 2) hardware.evStop(evse);
    else hardware.lockState(evse, 1, pick(random, ['ok', 'ok', 'fail'] as const));
  }

  async #trouble(): Promise<void> {
    const duet = this.#duet;
    const random = this.#random;
    const { station, csms } = duet.powered;
    const act = between(random, 0, 9);
    if (act <= 2) duet.network.breakAll();
    else if (act === 3) duet.network.abandonAll();
    else if (act === 4) {
      duet.network.abandonAll();
      duet.network.partitioned = true;
      this.#partitioned = true;
    } else if (act === 5) {
      const slowest = pick(random, [1, 20, 300, 3_000]);
      duet.network.latencyMs = () => between(random, 1, slowest);
    } else if (act <= 7 && station) this.#cutStation();
    else if (act === 8 && csms) duet.cutCsms();
    else if (csms) this.#forget(duet.useCases.setTestOverrides(duet.identity, { answerDelayMs: pick(random, [0, 0, 2_000, 35_000]) }));
  }

  #cutStation(): void {
    this.invariants.cut();
    if (this.#random.next() < 0.5) this.#duet.network.abandonAll();
    this.#duet.cutStation();
  }

  #heal(): void {
    this.#partitioned = false;
    this.#duet.network.partitioned = false;
  }

  /** The operator, the app of a driver, the tariff department. Whether it is possible is the station's business. */
  #operator(): void {
    const duet = this.#duet;
    const random = this.#random;
    if (random.next() < 0.1) {
      const status = pick(random, ['Accepted', 'Accepted', 'Blocked'] as const);
      return this.#forget(duet.useCases.putToken({ type: 'ISO14443', idToken: pick(random, CARDS), status }, 'random'));
    }
    const [action, payload] = this.#command();
    const offline = random.next() < 0.3 ? ({ offline: 'queue', expiresS: between(random, 1, 300) } as const) : {};
    this.#forget(duet.useCases.call(duet.identity, action, payload, { actor: 'random', waitMs: 0, ...offline }));
  }

  #command(): Call {
    const random = this.#random;
    const evseId = pick(random, EVSES);
    const running = this.#duet.powered.station ? this.#duet.evse(evseId).transaction?.id : undefined;
    const transactionId = running ?? 'none';
    const idToken = { idToken: pick(random, CARDS), type: 'ISO14443' };
    const where = pick(random, [{}, { evse: { id: evseId } }, { evse: { id: evseId, connectorId: 1 } }]);
    return pick<Call>(random, [
      ['Reset', { type: 'Immediate' }],
      ['Reset', { type: 'OnIdle' }],
      ['Reset', { type: pick(random, ['Immediate', 'OnIdle']), evseId }],
      ['RequestStartTransaction', { evseId, idToken }],
      ['RequestStartTransaction', { idToken }],
      ['RequestStopTransaction', { transactionId }],
      ['RequestStopTransaction', { transactionId }],
      ['UnlockConnector', { evseId, connectorId: 1 }],
      ['ChangeAvailability', { operationalStatus: pick(random, ['Operative', 'Operative', 'Inoperative']), ...where }],
      ['TriggerMessage', { requestedMessage: pick(random, ['TransactionEvent', 'MeterValues', 'Heartbeat', 'BootNotification']) }],
      ['TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: evseId, connectorId: 1 } }],
      ['GetTransactionStatus', running === undefined ? {} : { transactionId }],
      ['GetBaseReport', { reportBase: 'FullInventory' }],
      ['ClearCache', {}],
      set('TxCtrlr', 'TxStopPoint', pick(random, POINTS)),
      set('TxCtrlr', 'StopTxOnInvalidId', yes(random)),
      set('SampledDataCtrlr', 'TxUpdatedInterval', `${between(random, 0, 60)}`),
      set('AuthCtrlr', 'LocalPreAuthorize', yes(random)),
    ]);
  }

  /** Faults stop, people go home; a quarter of an hour later everything must have converged. */
  async rest(): Promise<void> {
    const duet = this.#duet;
    duet.network.latencyMs = () => 1;
    this.#heal();
    if (!duet.powered.csms) await duet.startCsms();
    if (!duet.powered.station) duet.startStation();
    this.#forget(duet.useCases.setTestOverrides(duet.identity, { answerDelayMs: 0 }));
    await duet.clock.advance(120_000);
    for (const evse of EVSES) {
      duet.hardware.clearFault({ evse });
      duet.hardware.lockState(evse, 1, 'ok');
      duet.hardware.unplug(evse, 1, 'ev');
      duet.hardware.bay(evse, false);
    }
    await duet.clock.advance(120_000);
    // Who may still charge without being plugged in (E10) is stopped from afar.
    for (const { transaction } of duet.station.facts().evses)
      if (transaction !== undefined)
        this.#forget(
          duet.useCases.call(duet.identity, 'RequestStopTransaction', { transactionId: transaction.id }, { actor: 'rest', waitMs: 0 }),
        );
    await duet.clock.advance(900_000);
  }

  /** What comes of it is seen in the rows; a CSMS that dies meanwhile answers nobody. */
  #forget(work: Promise<unknown>): void {
    work.then(
      () => undefined,
      () => undefined,
    );
  }
}

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[between(random, 0, values.length - 1)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

type Call = readonly [string, Readonly<Record<string, unknown>>];
const set = (component: string, variable: string, attributeValue: string): Call => [
  'SetVariables',
  { setVariableData: [{ component: { name: component }, variable: { name: variable }, attributeValue }] },
];

const yes = (random: Random): string => `${random.next() < 0.5}`;
