import { type Ocpp, RpcError } from '@busbar/protocol';
import { DeviceDataCtrlr } from '@busbar/protocol/device-model';
import type { JournalChange } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { handler } from '../../handler.ts';

interface Step {
  readonly result: Ocpp.SetVariableResultType;
  readonly change?: JournalChange;
  readonly announce?: () => void;
}

/** B05: each value is judged on its own; what was accepted is durable before the answer leaves and takes effect then. */
export const SetVariables = handler('SetVariables', (request, { context }) => {
  const { setVariableData } = request;
  if (setVariableData.length > context.dm.number(DeviceDataCtrlr.ItemsPerMessageSetVariables)) {
    throw new RpcError('OccurrenceConstraintViolation', 'more entries than ItemsPerMessageSetVariables');
  }
  if (JSON.stringify(request).length > context.dm.number(DeviceDataCtrlr.BytesPerMessageSetVariables)) {
    throw new RpcError('FormatViolation', 'more bytes than BytesPerMessageSetVariables');
  }
  const steps = setVariableData.map((data) => set(data, context)); // B05.FR.01
  return {
    response: { setVariableResult: steps.map((step) => step.result) },
    commit: steps.flatMap((step) => step.change ?? []),
    after: () => {
      for (const step of steps) step.announce?.();
    },
  };
});

/** The order of the checks is B05.FR.04 to B05.FR.09. */
function set(data: Ocpp.SetVariableDataType, { dm, note }: Context): Step {
  const { component, variable, attributeValue, attributeType = 'Actual' } = data;
  const about = { component, variable, attributeType } as const; // B05.FR.02, B05.FR.03, B05.FR.12
  const found = dm.lookup(component, variable);
  if (found.kind !== 'found') return { result: { ...about, attributeStatus: found.kind } };
  if (attributeType !== 'Actual') return { result: { ...about, attributeStatus: 'NotSupportedAttributeType' } };
  const { definition } = found;
  const refusal = dm.refusal(definition, attributeValue);
  if (refusal !== undefined) {
    const reasonCode = definition.mutability === 'ReadOnly' ? 'ReadOnly' : 'InvalidValue';
    return { result: { ...about, attributeStatus: 'Rejected', attributeStatusInfo: { reasonCode, additionalInfo: refusal } } };
  }
  const setting = dm.setting(definition, attributeValue);
  setting.apply();
  // P40: that a password changed may be known, the password not.
  note(`${definition.key.component}.${definition.key.variable} set${definition.mutability === 'WriteOnly' ? '' : ` to ${attributeValue}`}`);
  const attributeStatus = definition.rebootRequired ? 'RebootRequired' : 'Accepted'; // B05.FR.10
  return { result: { ...about, attributeStatus }, change: setting.change, announce: setting.announce };
}
