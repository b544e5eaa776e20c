import type { Ocpp } from '@busbar/protocol';
import { DeviceDataCtrlr } from '@busbar/protocol/device-model';
import { formatInstant, limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { VariableDefinition } from '../../device-model.ts';
import type { Outbox } from '../../outbox.ts';
import { reportData, split } from './report-selection.ts';

/** Sends one report at a time, in numbered parts (B07.FR.10, B08.FR.14). */
export class Reports {
  readonly #context: Context;
  readonly #outbox: Outbox;
  #running = false;

  constructor(context: Context, outbox: Outbox) {
    this.#context = context;
    this.#outbox = outbox;
  }

  /** B07.FR.13, B08.FR.16 */
  get busy(): boolean {
    return this.#running;
  }

  /** B07.FR.03, B07.FR.04, B08.FR.03, B08.FR.04. The parts are made at once, so that the report tells of one moment. */
  start(requestId: number, definitions: readonly VariableDefinition[]): void {
    this.#running = true;
    const { dm, clock, scope } = this.#context;
    const data = definitions.map((definition) => reportData(definition, dm));
    const parts = split(data, dm.number(DeviceDataCtrlr.ItemsPerMessageGetReport), this.#partBytes());
    const generatedAt = formatInstant(clock.now());
    scope.run('report', async () => {
      for (const [seqNo, part] of parts.entries()) {
        const request: Ocpp.NotifyReportRequest = { requestId, generatedAt, seqNo, tbc: seqNo < parts.length - 1, reportData: part };
        const outcome = await this.#outbox.send('asked', 'NotifyReport', () => request);
        if (outcome.kind === 'failed') break; // the link is gone: the CSMS will ask again
      }
      this.#running = false;
    });
  }

  #partBytes(): number {
    return Math.min(limits.largeReportFrameBytes, this.#context.dm.number(DeviceDataCtrlr.BytesPerMessageGetReport));
  }
}
