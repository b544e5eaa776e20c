import { RpcError, type RpcErrorCode } from './rpc-error.ts';
import type { SchemaError } from './validate.ts';

/** Which error code a violated keyword means (D3). */
function codeOf({ keyword, instancePath }: SchemaError): RpcErrorCode {
  switch (keyword) {
    case 'required':
    case 'additionalProperties':
    case 'minItems':
    case 'maxItems':
      return 'OccurrenceConstraintViolation';
    case 'type':
      return instancePath === '' ? 'FormatViolation' : 'TypeConstraintViolation';
    default: // enum, maxLength, minimum, format …: the value itself
      return 'PropertyConstraintViolation';
  }
}

/** The CALLERROR for a payload that fails its schema: it names the JSON pointer, never the bad value (D3). */
export function schemaFault(errors: readonly SchemaError[] | null | undefined): RpcError {
  const [first] = errors ?? [];
  if (!first) return new RpcError('FormatViolation', 'the payload does not fit its schema');
  const { missingProperty, additionalProperty } = first.params;
  const name =
    typeof missingProperty === 'string' ? missingProperty : typeof additionalProperty === 'string' ? additionalProperty : undefined;
  const pointer = name === undefined ? first.instancePath : `${first.instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const what =
    first.keyword === 'required'
      ? 'is required'
      : first.keyword === 'additionalProperties'
        ? 'is not known here'
        : first.keyword === 'enum' && Array.isArray(first.params['allowedValues'])
          ? `must be one of ${first.params['allowedValues'].join(', ')}`
          : (first.message ?? first.keyword);
  return new RpcError(codeOf(first), `${pointer === '' ? 'the payload' : pointer} ${what}`);
}
