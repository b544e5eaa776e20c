import { type Ocpp, RpcError } from '@busbar/protocol';
import { DeviceDataCtrlr } from '@busbar/protocol/device-model';
import type { DeviceModel } from '../../device-model.ts';
import { handler } from '../../handler.ts';

/** B06: one result per question, in the order of the questions. */
export const GetVariables = handler('GetVariables', (request, { context }) => {
  const { dm } = context;
  const { getVariableData } = request;
  if (getVariableData.length > dm.number(DeviceDataCtrlr.ItemsPerMessageGetVariables)) {
    throw new RpcError('OccurrenceConstraintViolation', 'more entries than ItemsPerMessageGetVariables'); // B06.FR.16
  }
  if (JSON.stringify(request).length > dm.number(DeviceDataCtrlr.BytesPerMessageGetVariables)) {
    throw new RpcError('FormatViolation', 'more bytes than BytesPerMessageGetVariables'); // B06.FR.17
  }
  const getVariableResult = getVariableData.map((data) => read(data, dm)); // B06.FR.01
  return { response: { getVariableResult } };
});

function read({ component, variable, attributeType = 'Actual' }: Ocpp.GetVariableDataType, dm: DeviceModel): Ocpp.GetVariableResultType {
  const found = dm.lookup(component, variable);
  const about = { component, variable, attributeType } as const; // B06.FR.02, B06.FR.03, B06.FR.11
  if (found.kind !== 'found') return { ...about, attributeStatus: found.kind }; // B06.FR.06, B06.FR.07, B06.FR.15
  if (attributeType !== 'Actual') return { ...about, attributeStatus: 'NotSupportedAttributeType' }; // B06.FR.08
  if (found.definition.mutability === 'WriteOnly') return { ...about, attributeStatus: 'Rejected' }; // B06.FR.09
  return { ...about, attributeStatus: 'Accepted', attributeValue: dm.value(found.definition) }; // B06.FR.10, B06.FR.13
}
