import { RpcError } from '@busbar/protocol';
import { DeviceDataCtrlr } from '@busbar/protocol/device-model';
import { handler } from '../../handler.ts';
import { selection } from './report-selection.ts';

/** B08: variables by criteria and by name; the report follows the answer. */
export const GetReport = handler('GetReport', (request, { context, reports }) => {
  const { dm } = context;
  if ((request.componentVariable?.length ?? 0) > dm.number(DeviceDataCtrlr.ItemsPerMessageGetReport)) {
    throw new RpcError('OccurrenceConstraintViolation', 'more entries than ItemsPerMessageGetReport'); // B08.FR.17
  }
  if (JSON.stringify(request).length > dm.number(DeviceDataCtrlr.BytesPerMessageGetReport)) {
    throw new RpcError('FormatViolation', 'more bytes than BytesPerMessageGetReport'); // B08.FR.18
  }
  if (reports.busy) return { response: { status: 'Rejected' } }; // B08.FR.16
  const definitions = selection(request, dm);
  if (definitions.length === 0) return { response: { status: 'EmptyResultSet' } }; // B08.FR.15
  return { response: { status: 'Accepted' }, after: () => reports.start(request.requestId, definitions) }; // B08.FR.01
});
