import { BusbarError } from '@busbar/runtime';

/** The other processes of the benches; each ends when its input does. */
export async function startPart(name: string): Promise<void> {
  switch (name) {
    case 'load':
      return (await import('./load/part.ts')).loadPart();
    case 'fleet':
      return (await import('./load/fleet-part.ts')).fleetPart();
    case 'api':
      return (await import('./load/api.ts')).apiPart();
    case 'raw-server':
      return (await import('./raw-server.ts')).rawServerPart();
    case 'validators':
      return (await import('./validators-part.ts')).validatorsPart();
    default:
      throw new BusbarError('bad-usage', `a bench has no part ${name}`);
  }
}
