import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOcppVersion, OCPP_VERSIONS } from '@busbar/protocol';
import { Secret } from '@busbar/runtime';
import { jsonLog } from '@busbar/runtime/node';
import { type ControlledStation, deliveryOf, type StationSet, startControl, TraceRing } from '@busbar/station/control';
import { demoTopologies } from '@busbar/station/hardware';
import { StationHost } from './station-host.ts';

/** A laboratory: a process without stations that makes them when its control API is asked to. */
export async function labCommand(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-lab-'));
  const host = new StationHost(folder, jsonLog('error'));
  const stations = new Map<string, ControlledStation>();
  const set: StationSet = {
    get: (id) => stations.get(id),
    ids: () => [...stations.keys()],
    create: async (body) => {
      const { id, url, password, version, variables, topology } = body;
      const trace = new TraceRing();
      const versions = version !== undefined && isOcppVersion(version) ? [version] : OCPP_VERSIONS;
      const made = host.add({
        id,
        url,
        versions,
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
      return controlled;
    },
    remove: async (id) => {
      const found = stations.get(id);
      stations.delete(id);
      await found?.station.stop();
      found?.hardware.powerOff();
    },
  };
  const token = process.env['BUSBAR_CONTROL_TOKEN'] ?? randomBytes(24).toString('hex');
  const control = await startControl({ stations: set, token: new Secret(token), log: jsonLog('error'), port: 0 });
  process.stdout.write(`${JSON.stringify({ ready: true, controlPort: control.port })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await control.close();
  await host.close();
  rmSync(folder, { recursive: true, force: true });
}
