import { csmsCase } from '../../case.ts';
import { rule } from '../../field.ts';
import { byTls, renewed } from '../../states/client-certificate.ts';
import { bootedAgain } from '../../states/csms.ts';
import type { ConnectOptions } from '../../tool-station.ts';

/** The CSMS takes a station to a higher security profile, and keeps it there (A05). */

const SLOT = 2;

export const csmsProfile = [
  csmsCase(
    'TC_A_19_CSMS',
    'A station that went up is not let in by its lower profile',
    async (t) => {
      const from = t.settings.securityProfile === 2 ? 2 : 1;
      const to = from === 2 ? 3 : 2;
      const lower = { securityProfile: from } as const;
      const station = await t.station(lower);
      await station.connect(0, lower);
      await bootedAgain(t, station, 0);
      const higher: ConnectOptions = from === 2 ? { securityProfile: 3, ...(await renewed(t, station, 0)) } : await byTls(t, station, 2);
      const wanted = {
        messageTimeout: 30,
        ocppInterface: 'Wired0',
        ocppTransport: 'JSON',
        ocppVersion: 'OCPP20',
        securityProfile: to,
      } as const;
      await t.command(station, 1, {
        action: 'SetNetworkProfile',
        payload: {
          configurationSlot: SLOT,
          connectionData: { ...wanted, ocppCsmsUrl: t.address.wss ?? t.inconclusive('no address for TLS') },
        },
        expect: Object.fromEntries(Object.entries(wanted).map(([name, value]) => [`connectionData.${name}`, value])),
        requirements: ['A05.FR.04'],
        answer: { status: 'Accepted' },
      });
      const priority = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'NetworkConfigurationPriority' } };
      await t.command(station, 3, {
        action: 'SetVariables',
        payload: { setVariableData: [{ ...priority, attributeValue: `${SLOT},1` }] },
        expect: {
          'setVariableData.0.component.name': priority.component.name,
          'setVariableData.0.variable.name': priority.variable.name,
          'setVariableData.0.attributeValue': rule(
            `a list with slot ${SLOT}`,
            (value) => typeof value === 'string' && value.split(',').includes(String(SLOT)),
          ),
        },
        requirements: ['A05.FR.04'],
        answer: { setVariableResult: [{ ...priority, attributeStatus: 'RebootRequired' }] },
      });
      await t.command(station, 5, { action: 'Reset', payload: { type: 'OnIdle' }, answer: { status: 'Accepted' } });
      station.disconnect();
      await station.connect(7, higher, 'A05.FR.07');
      await bootedAgain(t, station, 9, 'RemoteReset');
      station.disconnect();
      await station.refused(11, lower, 'the lower profile opens nothing any more', 'A05.FR.07');
      await station.connect(12, higher, 'A05.FR.07');
    },
    { note: 'the address is not judged (errata 6.3.6); from profile 1 to 2, or 2 to 3 where the run is at profile 2' },
  ),
];
