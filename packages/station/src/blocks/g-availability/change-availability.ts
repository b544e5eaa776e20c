import { handler } from '../../handler.ts';
import { concerned, targetOf } from './availability.ts';

/** G03, G04: takes a station, an EVSE or a connector out of service, or back; during a transaction later (G03.FR.05, G04.FR.06). */
export const ChangeAvailability = handler('ChangeAvailability', ({ evse, operationalStatus }, { availability, sessions, status }) => {
  if (!availability.exists(evse)) return { response: { status: 'Rejected' } }; // G03.FR.02
  const target = targetOf(evse);
  const alreadySo = availability.isInoperative(target) === (operationalStatus === 'Inoperative');
  // G03.FR.03, G04.FR.04: even during a transaction; a scheduled change to the other state is taken back.
  if (alreadySo)
    return { response: { status: 'Accepted' }, commit: availability.set(target, operationalStatus), after: () => status.refresh() };
  if (operationalStatus === 'Inoperative' && concerned(target, sessions.ongoing)) {
    return { response: { status: 'Scheduled' }, commit: availability.schedule(target, operationalStatus), after: () => status.refresh() };
  }
  return {
    response: { status: 'Accepted' },
    commit: availability.set(target, operationalStatus),
    after: () => status.refresh(), // G03.FR.04, G04.FR.05
  };
});
