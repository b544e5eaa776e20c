export { FileWorld } from './file-world.ts';
export { httpFiles } from './http-files.ts';
export { jsonLog } from './json-log.ts';
export { type FileListener, type FileListenerOptions, listenFiles } from './listen-files.ts';
export { loadCrypto } from './load-crypto.ts';
export { SqliteJournal } from './sqlite-journal.ts';
export { systemClock } from './system-clock.ts';
export { systemRandom } from './system-random.ts';
export { startWorker } from './worker.ts';
