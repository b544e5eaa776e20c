import { handler } from '../../handler.ts';

/** F05: frees a cable, except one that an authorized transaction needs. The result of the try is the answer. */
export const UnlockConnector = handler('UnlockConnector', async ({ evseId, connectorId }, { context, sessions }) => {
  const connector = context.layout.evses.find((evse) => evse.id === evseId)?.connectors.find((entry) => entry.id === connectorId);
  if (!connector) return { response: { status: 'UnknownConnector' } }; // F05.FR.03
  const session = sessions.get(evseId);
  const here = session.connectorId === connectorId || session.lockedConnector === connectorId;
  if (session.transaction && session.authorization && here) return { response: { status: 'OngoingAuthorizedTransaction' } }; // F05.FR.02
  // F05.FR.06: tried even when no cable is seen.
  const state = await context.hardware.lock(evseId, connectorId, 'unlock');
  if (state !== 'unlocked') return { response: { status: 'UnlockFailed' } }; // F05.FR.05
  return {
    response: { status: 'Unlocked' }, // F05.FR.04
    after: () => {
      if (session.transaction) sessions.tell(evseId, 'UnlockCommand', 'Other');
      if (sessions.get(evseId).keepLockedFor) sessions.post(evseId, { kind: 'cableOut' });
    },
  };
});
