import type { Ocpp } from '@busbar/protocol';
import { TariffCostCtrlr, TxCtrlr } from '@busbar/protocol/device-model';
import { limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { Sessions } from '../e-transactions/sessions.ts';

/** Shows drivers what they pay (I02, I03). The sum is the CSMS's; the station only writes it beside its currency. */
export class CostDisplay {
  readonly #context: Context;
  readonly #sessions: () => Sessions;
  /** Where transactions of this life run: when the last answer comes the session does not know any more. */
  readonly #evses = new Map<string, number>();

  constructor(context: Context, sessions: () => Sessions) {
    this.#context = context;
    this.#sessions = sessions;
  }

  running(transactionId: string, totalCost: number): void {
    const evseId = this.#where(transactionId);
    if (evseId === undefined) return this.#context.note(`a cost of ${transactionId}, which does not run here`);
    this.#show(evseId, `${this.#money(totalCost)} so far`); // I02.FR.03
  }

  /** Every answer to an event: with a sum it is shown, with the last one the place is forgotten. */
  answered({ eventType, offline, transactionInfo }: Ocpp.TransactionEventRequest, totalCost: number | undefined): void {
    const { transactionId } = transactionInfo;
    const evseId = this.#where(transactionId);
    if (eventType === 'Ended') this.#evses.delete(transactionId);
    if (totalCost === undefined || evseId === undefined) return;
    if (eventType !== 'Ended') return this.#show(evseId, `${this.#money(totalCost)} so far`); // I02.FR.04
    // I03.FR.03, I03.FR.05: nobody stands there any more.
    if (offline === true || this.#context.dm.list(TxCtrlr.TxStopPoint).includes('ParkingBayOccupancy')) return;
    this.#show(evseId, `Total ${this.#money(totalCost)}`);
  }

  #where(transactionId: string): number | undefined {
    const evseId = this.#sessions().byTransaction(transactionId)?.evseId;
    if (evseId === undefined || evseId === 0) return this.#evses.get(transactionId);
    if (this.#evses.size >= limits.queuedCalls && !this.#evses.has(transactionId)) this.#evses.clear();
    this.#evses.set(transactionId, evseId);
    return evseId;
  }

  #money = (sum: number): string => `${sum.toFixed(2)} ${this.#context.dm.text(TariffCostCtrlr.Currency)}`.trim();

  #show(evseId: number, line: string): void {
    this.#context.hardware.display(evseId, [line]);
  }
}
