export { type BackupResult, writeBackup } from './backup.ts';
export type { ArchiveSource, ArchiveTarget } from './database.ts';
export { type LockedOut, lockedOut } from './locked-out.ts';
export { type MoveResult, moveDatabase } from './move.ts';
export { emptyPostgres, snapshotOfPostgres } from './postgres.ts';
export { type RestoreResult, restoreBackup } from './restore.ts';
export { copyOfSqlite, SqliteArchive } from './sqlite.ts';
