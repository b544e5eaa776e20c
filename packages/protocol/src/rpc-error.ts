import { limits } from '@busbar/runtime';

/** The error codes of Part 4, chapter 4.3, spelled as both versions spell them. */
export const RPC_ERROR_CODES = [
  'FormatViolation',
  'GenericError',
  'InternalError',
  'MessageTypeNotSupported',
  'NotImplemented',
  'NotSupported',
  'OccurrenceConstraintViolation',
  'PropertyConstraintViolation',
  'ProtocolError',
  'RpcFrameworkError',
  'SecurityError',
  'TypeConstraintViolation',
] as const;
export type RpcErrorCode = (typeof RPC_ERROR_CODES)[number];

/** What is answered with CALLERROR, and what a CALLERROR of the other side becomes here. */
export class RpcError extends Error {
  /** A string on purpose: the other side may invent codes. */
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: RpcErrorCode | (string & {}), description: string, details: Readonly<Record<string, unknown>> = {}) {
    super(cut(description));
    this.name = 'RpcError';
    this.code = code;
    this.details = details;
  }
}

/** Part 4, table 7: at most 255 characters; a surrogate pair is never torn. */
function cut(text: string): string {
  if (text.length <= limits.errorDescriptionLength) return text;
  const at = limits.errorDescriptionLength - 1;
  const torn = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return `${text.slice(0, torn ? at - 1 : at)}…`;
}

export type CallFailureKind =
  /** No answer within the time-out: whether the other side acted is unknown. */
  | 'timeout'
  /** The link closed with the CALL open. */
  | 'connectionLost'
  /** The link was closed before the frame was written. */
  | 'notSent'
  /** Too many CALLs wait already. */
  | 'queueFull'
  | 'cancelled'
  /** The negotiated version cannot say it. */
  | 'notInVersion'
  /** What we wanted to send does not fit the schema. */
  | 'invalidRequest'
  /** The answer does not fit its schema. */
  | 'invalidResponse';

/** A CALL of ours that ended without the other side's answer. */
export class CallFailure extends Error {
  readonly kind: CallFailureKind;
  constructor(kind: CallFailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CallFailure';
    this.kind = kind;
  }
}
