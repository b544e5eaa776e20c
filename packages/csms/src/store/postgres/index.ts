export { type OwnDatabase, ownDatabase } from './own-database.ts';
export { PostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
