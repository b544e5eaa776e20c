import { CustomizationCtrlr, withInstance } from '@busbar/protocol/device-model';
import { handler } from '../../handler.ts';

/** P01: a vendor's own messages, answered by whoever registered the vendor in the configuration. */
export const DataTransfer = handler('DataTransfer', ({ vendorId, messageId, data }, { context }) => {
  const vendor = context.config.dataTransfer?.[vendorId];
  const enabled = context.dm.bool(withInstance(CustomizationCtrlr.CustomImplementationEnabled, vendorId));
  if (!vendor || !enabled) return { response: { status: 'UnknownVendorId' } }; // P01.FR.05
  const answer = vendor.messages[messageId ?? ''];
  if (!answer) return { response: { status: 'UnknownMessageId' } }; // P01.FR.06
  const { status, data: returned } = answer(data); // P01.FR.07
  return { response: { status, ...(returned === undefined ? {} : { data: returned }) } };
});
