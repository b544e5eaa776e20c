export { DirectStore, memoryDatabase } from './direct-store.ts';
export { DiskFileStore } from './disk-file-store.ts';
export type * from './file-intents.ts';
export type * from './intents.ts';
export { MIGRATIONS } from './migrations.ts';
export { claimFolder, openDatabase } from './sqlite/database.ts';
export { type Reader, type Store, StoreFailure, type TxRecord } from './store.ts';
export { WorkerMessageSink } from './worker-message-sink.ts';
export { WorkerStore } from './worker-store.ts';
