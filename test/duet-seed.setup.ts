// The seed of duet tests that choose none: `npm run test:repeat` gives each run another one.
import { Duet } from '../packages/sim/src/duet.ts';

Duet.defaultSeed = Number(process.env['BUSBAR_SEED'] ?? '1');
