export type { Clock, Timer } from './clock.ts';
export type {
  CertificateFacts,
  CertificateHash,
  CertificateWish,
  ChainFault,
  ChainVerdict,
  Crypto,
  EcVerdict,
  HashAlgorithm,
  KeyFacts,
  KeyKind,
  KeyPair,
  RequestReading,
  RevocationList,
  SignatureCheck,
  SignatureScheme,
  Subject,
} from './crypto.ts';
export { assert, BusbarError, ERRORS, type ErrorCode, isErrorCode, messageOf } from './errors.ts';
export {
  type Download,
  type DownloadStart,
  downloadStart,
  type FileRequest,
  type FileResponse,
  type FileServer,
  type FileTransfer,
  TransferError,
  type TransferFailure,
  type TransferPlace,
  transferAddress,
  type Upload,
} from './file-transfer.ts';
export { type Ids, makeIds } from './ids.ts';
export { DAY_MS, formatInstant, type Instant, type Millis, parseInstant, s } from './instant.ts';
export { isRecord } from './is-record.ts';
export type { Journal, JournalChange, WorldFile } from './journal.ts';
export { limits } from './limits.ts';
export { type Log, type LogFields, maskToken, Secret, silentLog } from './log.ts';
export {
  type Acceptor,
  DialError,
  type DialFailure,
  type DialRequest,
  type DialTls,
  type Handshake,
  type HandshakeVerdict,
  type Network,
  oversizeReason,
  type ServerCertificate,
  type Socket,
  type SocketHandlers,
  type TlsFault,
} from './network.ts';
export { joinPem, splitPem } from './pem.ts';
export { between, type Random } from './random.ts';
export { Scope } from './scope.ts';
export { VERSION } from './version.ts';
