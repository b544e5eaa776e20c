import { isOcppVersion, OCPP_VERSIONS } from '@busbar/protocol';
import type { Scope } from '@busbar/runtime';
import { systemRandom } from '@busbar/runtime/node';
import { drivers } from '@busbar/sim';
import { type ControlledStation, deliveryOf, type StationSet, TraceRing } from '@busbar/station/control';
import { demoTopologies } from '@busbar/station/hardware';
import type { StationHost } from '../station-host.ts';

/** Between the first visits of two EVSEs: nobody arrives with all the others. */
const STAGGER_S = 4;

/** Stations that a control API makes and removes; where it names people, they come and go by themselves. */
export function controlledSet(host: StationHost, scope: Scope): StationSet {
  const stations = new Map<string, ControlledStation>();
  let firstAfterS = 2;
  return {
    get: (id) => stations.get(id),
    ids: () => [...stations.keys()],
    create: async (body) => {
      const { id, url, password, version, variables, topology, people } = body;
      const trace = new TraceRing();
      const made = host.add({
        id,
        url,
        versions: version !== undefined && isOcppVersion(version) ? [version] : OCPP_VERSIONS,
        deflate: true,
        topology: topology ?? demoTopologies.acThreePhase,
        onTrace: (event) => trace.push(event),
        ...(password === undefined ? {} : { password }),
        ...(variables === undefined ? {} : { variables }),
        delivery: deliveryOf(body),
      });
      const controlled = { ...made, trace };
      stations.set(id, controlled);
      made.station.start();
      if (people !== undefined)
        for (const evse of made.hardware.layout.evses) {
          const tokens = people;
          drivers({
            hardware: made.hardware,
            random: systemRandom,
            scope,
            evse: evse.id,
            tokens,
            chargeS: [12, 45],
            pauseS: [4, 15],
            firstAfterS,
          });
          firstAfterS += STAGGER_S;
        }
      return controlled;
    },
    remove: async (id) => {
      const found = stations.get(id);
      stations.delete(id);
      await found?.station.stop();
      found?.hardware.powerOff();
    },
  };
}
