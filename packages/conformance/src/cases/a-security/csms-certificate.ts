import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { byTls, renewed } from '../../states/client-certificate.ts';
import { bootedAgain } from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** The CSMS renews the certificate of a station (A02). */

async function bootedByCertificate(t: CsmsTest): Promise<ToolStation> {
  const station = await t.station({ securityProfile: 3 });
  await station.connect(0, await byTls(t, station, 3), 'A00.FR.409');
  await bootedAgain(t, station, 0);
  return station;
}

export const csmsCertificate = [
  csmsCase('TC_A_11_CSMS', 'A station gets a new certificate and connects with it', async (t) => {
    const station = await bootedByCertificate(t);
    const fresh = await renewed(t, station, 1);
    station.disconnect();
    await station.connect(3, { securityProfile: 3, ...fresh }, 'A02.FR.08');
    await bootedAgain(t, station, 3);
  }),
  csmsCase('TC_A_14_CSMS', 'A station refuses its new certificate and says so', async (t) => {
    const station = await bootedByCertificate(t);
    await renewed(t, station, 1, false);
    await station.send(7, 'SecurityEventNotification', { type: 'InvalidChargingStationCertificate', timestamp: t.timestamp() });
  }),
];
