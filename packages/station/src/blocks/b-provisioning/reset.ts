import { handler } from '../../handler.ts';

/**
 * B11, B12: restarts the station or one EVSE, now or when nothing runs any more. OnIdle means that no use case runs
 * (errata 2.14, D13): a transaction, a driver on his way to his vehicle, a locked cable, a log
 * upload or a firmware update makes it Scheduled.
 */
export const Reset = handler('Reset', ({ type, evseId }, { resets, context }) => {
  if (evseId !== undefined && !resets.canResetEvse(evseId)) return { response: { status: 'Rejected' } }; // B11.FR.09, B12.FR.09
  if (resets.hindered) return { response: { status: 'Rejected', statusInfo: { reasonCode: 'RebootInProgress' } } }; // B11.FR.06, B12.FR.10
  if (type === 'OnIdle' && resets.busy(evseId)) {
    // B11.FR.07, B12.FR.01
    return { response: { status: 'Scheduled' }, commit: resets.schedule(evseId), after: () => resets.scheduled() };
  }
  context.note(`reset ${evseId === undefined ? 'of the station' : `of EVSE ${evseId}`} (${type})`);
  return { response: { status: 'Accepted' }, commit: resets.reason(evseId, 'RemoteReset'), after: () => resets.now(evseId) }; // B12.FR.02
});
