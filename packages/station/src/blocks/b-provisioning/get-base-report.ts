import { handler } from '../../handler.ts';
import { baseSelection } from './report-selection.ts';

/** B07: the device model as a whole or by its purpose; the report follows the answer. */
export const GetBaseReport = handler('GetBaseReport', ({ requestId, reportBase }, { context, reports }) => {
  if (reports.busy) return { response: { status: 'Rejected' } }; // B07.FR.13
  const definitions = baseSelection(reportBase, context.dm); // B07.FR.12: all three bases, so NotSupported (B07.FR.02) cannot happen
  return { response: { status: 'Accepted' }, after: () => reports.start(requestId, definitions) }; // B07.FR.01
});
