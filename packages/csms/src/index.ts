export { type Authority, issueServerCertificate, makeAuthority } from './authority.ts';
export {
  type AuthorizeExtension,
  type Automation,
  type CsmsConfig,
  type DataTransferExtension,
  type Extensions,
  type SignCertificateExtension,
  type StationSettings,
} from './config.ts';
export { type Csms, type CsmsOptions, createCsms } from './csms.ts';
export { FileUseCases } from './files/file-use-cases.ts';
export { FirmwareUseCases } from './files/firmware-use-cases.ts';
export { MemoryFileStore } from './files/memory-file-store.ts';
export type { LiveEvent, Numbered, TransactionNews } from './live.ts';
export type { LoggedMessage, MessageFilter, MessageSink } from './message-log.ts';
export {
  generatePassword,
  hashPassword,
  hashPersonPassword,
  inlineSlowHash,
  type Pepper,
  readablePassword,
  type SlowHash,
  scryptParameters,
} from './passwords.ts';
export type { VirtualStationsExtension, VirtualStationView } from './virtual-stations.ts';
