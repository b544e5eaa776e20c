export type * as Ocpp from '../generated/types-21.ts';
export {
  ACTIONS,
  type Action,
  type ActionFrom,
  type BlockName,
  existsIn,
  isAction,
  mayComeFrom,
  type RequestOf,
  type ResponseOf,
  type SendAction,
  type Side,
} from './actions.ts';
export { isDateTime } from './date-time.ts';
export type * from './device-model/model.ts';
export { type FormField, type FormNode, loadForms, type MessageForm } from './forms.ts';
export {
  type BrokenFrame,
  type Frame,
  parseFrame,
  printCall,
  printError,
  printResult,
  printResultError,
  printSend,
  UNREADABLE_ID,
} from './frame.ts';
export { jsonEqual } from './json-equal.ts';
export { keepAlive } from './keep-alive.ts';
export { isLeniency, LENIENCIES, type Leniency, type Repaired } from './lenient.ts';
export { maskFrame } from './mask-frame.ts';
export {
  type CallOptions,
  type Direction,
  type InboundCall,
  type InvalidCall,
  Peer,
  type PeerCounters,
  type PeerOptions,
  PRIORITIES,
  type Priority,
} from './peer.ts';
export { CallFailure, type CallFailureKind, RPC_ERROR_CODES, RpcError, type RpcErrorCode } from './rpc-error.ts';
export { loadRules, VersionRules } from './rules.ts';
export { isSecurityEvent, SECURITY_EVENTS, type SecurityEvent } from './security-events.ts';
export { blockOf, useCasesOf } from './use-cases.ts';
export type { SchemaError, Validate } from './validate.ts';
export { type Capability, isOcppVersion, OCPP_VERSIONS, type OcppVersion, supports } from './versions.ts';
