import { handler } from '../../handler.ts';

/** F03: the CSMS ends a driver's authorization; whether the transaction ends with it is TxStopPoint's business (F03.FR.02, F03.FR.03). */
export const RequestStopTransaction = handler('RequestStopTransaction', ({ transactionId }, { sessions, registration }) => {
  if (registration.state !== 'accepted') return { response: { status: 'Rejected' } }; // B02.FR.05
  const session = sessions.byTransaction(transactionId);
  if (!session) return { response: { status: 'Rejected' } }; // F03.FR.08
  return { response: { status: 'Accepted' }, after: () => sessions.post(session.evseId, { kind: 'remoteStop' }) }; // F03.FR.07
});
