import { handler } from '../../handler.ts';

/** B09: fills one slot. The live link stays as it is; the slot counts from the next attempt on (B10). */
export const SetNetworkProfile = handler('SetNetworkProfile', ({ configurationSlot, connectionData }, { profiles, security, context }) => {
  const refusal = profiles.refusal(configurationSlot, connectionData);
  if (refusal) return { response: { status: 'Rejected', statusInfo: refusal } };
  context.note(`network profile ${configurationSlot} set (B09.FR.01)`);
  return {
    response: { status: 'Accepted' },
    commit: profiles.storing(configurationSlot, connectionData),
    after: () => security.report('ReconfigurationOfSecurityParameters', `network profile ${configurationSlot}`),
  };
});
