import { handler } from '../../handler.ts';

/** I02.FR.02: what a transaction costs so far, shown to its driver once the answer has left (I02.FR.03). */
export const CostUpdated = handler('CostUpdated', ({ totalCost, transactionId }, { costs }) => ({
  response: {},
  after: () => costs.running(transactionId, totalCost),
}));
