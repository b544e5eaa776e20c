export { MemoryJournal, VirtualDisk } from './memory-journal.ts';
export { seededRandom } from './seeded-random.ts';
export { VirtualClock } from './virtual-clock.ts';
export { VirtualFiles } from './virtual-files.ts';
export { VirtualNetwork } from './virtual-network.ts';
export { VolatileJournal } from './volatile-journal.ts';
