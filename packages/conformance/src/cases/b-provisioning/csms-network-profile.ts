import type { ResponseOf } from '@busbar/protocol';
import { csmsCase } from '../../case.ts';
import { booted } from '../../states/csms.ts';

/** A network connection profile for a station (B09). */

const setsProfile = (id: string, title: string, status: ResponseOf<'SetNetworkProfile'>['status'], requirement: string) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    const { securityProfile } = t.settings;
    const ocppCsmsUrl = (securityProfile === 1 ? t.address.ws : t.address.wss) ?? '';
    const wanted = { messageTimeout: 30, ocppInterface: 'Wired0', ocppTransport: 'JSON', ocppVersion: 'OCPP20', securityProfile } as const;
    await t.command(station, 1, {
      action: 'SetNetworkProfile',
      payload: { configurationSlot: 2, connectionData: { ...wanted, ocppCsmsUrl } },
      expect: {
        configurationSlot: 2,
        'connectionData.messageTimeout': wanted.messageTimeout,
        'connectionData.ocppCsmsUrl': ocppCsmsUrl,
        'connectionData.ocppInterface': wanted.ocppInterface,
        'connectionData.ocppTransport': wanted.ocppTransport,
        'connectionData.ocppVersion': wanted.ocppVersion,
        'connectionData.securityProfile': securityProfile,
      },
      requirements: [requirement],
      answer: { status },
    });
    // Whatever the station said, it is not lost.
    await station.send(2, 'Heartbeat', {});
  });

export const csmsNetworkProfile = [
  setsProfile('TC_B_42_CSMS', 'The CSMS sets a network profile', 'Accepted', 'B09.FR.01'),
  setsProfile('TC_B_44_CSMS', 'The CSMS takes it that the station could not store a network profile', 'Failed', 'B09.FR.03'),
];
