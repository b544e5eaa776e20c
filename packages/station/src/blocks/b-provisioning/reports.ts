import { DeviceDataCtrlr } from '@busbar/protocol/device-model';
import { limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { NumberedParts } from '../../numbered-parts.ts';
import type { Outbox } from '../../outbox.ts';
import type { VariableDefinition } from '../../variable-table.ts';
import { split } from './report-selection.ts';

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

  /** B07.FR.03, B07.FR.04, B08.FR.03, B08.FR.04. The values are read at once, so that the report tells of one moment. */
  start(requestId: number, definitions: readonly VariableDefinition[]): void {
    const { dm } = this.#context;
    const values = definitions.map((definition) => ({ definition, value: dm.value(definition) }));
    const parts = split(values, ({ definition, value }) => definition.reportBytes(value), {
      maxItems: dm.number(DeviceDataCtrlr.ItemsPerMessageGetReport),
      maxBytes: this.#partBytes(),
    });
    this.#parts.start('NotifyReport', parts, (part, place) => ({
      requestId,
      ...place,
      reportData: part.map(({ definition, value }) => definition.report(value)),
    }));
  }

  #partBytes(): number {
    return Math.min(limits.largeReportFrameBytes, this.#context.dm.number(DeviceDataCtrlr.BytesPerMessageGetReport));
  }
}
