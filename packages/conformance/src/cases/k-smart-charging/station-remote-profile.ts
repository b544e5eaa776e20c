import { stationCase } from '../../case.ts';
import { booted, energyTransferStarted, evConnectedPreSession, tokenFields, transactionOf } from '../../states/station.ts';

/** A charging profile for a station that knows none (F01.FR.12, D14). */

export const stationRemoteProfile = [
  stationCase('TC_K_38_CS', 'A remote start with a profile is accepted and the profile left alone', async (t) => {
    const station = await booted(t, { variables: { 'TxCtrlr.TxStartPoint': 'EVConnected,Authorized' } });
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    const token = t.token('valid');
    await station.call(
      1,
      'RequestStartTransaction',
      {
        idToken: { ...token },
        evseId: tx.evseId,
        remoteStartId: 38,
        chargingProfile: {
          id: 1,
          stackLevel: 0,
          chargingProfilePurpose: 'TxProfile',
          chargingProfileKind: 'Relative',
          chargingSchedule: [{ id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6, numberPhases: 3 }] }],
        },
      },
      { status: 'Accepted', transactionId: tx.id },
      'F01.FR.12',
      'F01.FR.13',
    );
    await tx.takes(5, { triggerReason: 'RemoteStart', 'transactionInfo.remoteStartId': 38, ...tokenFields(token) }, ['F01.FR.17']);
    tx.token = token;
    tx.authorized = true;
    await energyTransferStarted(t, station, tx, 7);
  }),
];
