import { DeviceDataCtrlr } from '@busbar/protocol/device-model';
import { limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { VariableDefinition } from '../../device-model.ts';
import { NumberedParts } from '../../numbered-parts.ts';
import type { Outbox } from '../../outbox.ts';
import { reportData, split } from './report-selection.ts';

/** Sends one report at a time, in numbered parts (B07.FR.10, B08.FR.14). */
export class Reports {
  readonly #context: Context;
  readonly #parts: NumberedParts;

  constructor(context: Context, outbox: Outbox) {
    this.#context = context;
    this.#parts = new NumberedParts(context, outbox, 'report');
  }

  /** B07.FR.13, B08.FR.16 */
  get busy(): boolean {
    return this.#parts.busy;
  }

  /** B07.FR.03, B07.FR.04, B08.FR.03, B08.FR.04. The parts are made at once, so that the report tells of one moment. */
  start(requestId: number, definitions: readonly VariableDefinition[]): void {
    const { dm } = this.#context;
    const data = definitions.map((definition) => reportData(definition, dm));
    const parts = split(data, dm.number(DeviceDataCtrlr.ItemsPerMessageGetReport), this.#partBytes());
    this.#parts.start('NotifyReport', parts, (part, place) => ({ requestId, ...place, reportData: part }));
  }

  #partBytes(): number {
    return Math.min(limits.largeReportFrameBytes, this.#context.dm.number(DeviceDataCtrlr.BytesPerMessageGetReport));
  }
}
