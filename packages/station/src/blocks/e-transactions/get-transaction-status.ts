import { handler } from '../../handler.ts';

/** E14: whether a transaction runs, and whether the station still has something to tell. */
export const GetTransactionStatus = handler('GetTransactionStatus', ({ transactionId }, { sessions, queue }) => {
  if (transactionId === undefined) return { response: { messagesInQueue: queue.has() } }; // E14.FR.06–08
  return {
    response: {
      ongoingIndicator: sessions.byTransaction(transactionId) !== undefined, // E14.FR.01–03
      messagesInQueue: queue.has(transactionId), // E14.FR.04, E14.FR.05
    },
  };
});
