import { BusbarError, ERRORS, type ErrorCode } from '@busbar/runtime';
import type { FastifyError, FastifyInstance } from 'fastify';

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly clause?: string;
  readonly [field: string]: unknown;
}

/** RFC 9457: every error answers with its code, what to do, and the OCPP clause where one is behind it. */
export function problem(code: ErrorCode, detail: string, fields: Readonly<Record<string, unknown>> = {}): Problem {
  const { http, sentence, ...rest } = ERRORS[code];
  const clause = 'clause' in rest ? { clause: rest.clause } : {};
  return { type: `urn:busbar:error:${code}`, title: sentence, status: http, code, detail, ...clause, ...fields };
}

function fromError(error: FastifyError | Error): Problem {
  if (error instanceof BusbarError) return problem(error.code, error.message, error.fields);
  if ('validation' in error && error.validation !== undefined) {
    const [first] = error.validation;
    return problem('invalid-request', error.message, { pointer: first?.instancePath ?? '' });
  }
  if ('statusCode' in error && error.statusCode === 413) return problem('too-large', error.message);
  if ('statusCode' in error && error.statusCode !== undefined && error.statusCode < 500) return problem('bad-usage', error.message);
  return problem('internal', 'A bug in Busbar; the log of the CSMS has the details.');
}

export function useProblems(app: FastifyInstance, report: (error: unknown, url: string) => void): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const answer = fromError(error);
    if (answer.code === 'internal') report(error, request.url);
    request.refused = answer.code;
    if (typeof answer['retryAfterS'] === 'number') reply.header('retry-after', answer['retryAfterS']);
    return reply.code(answer.status).type('application/problem+json').send(answer);
  });
  app.setNotFoundHandler(async (request, reply) => {
    const answer = problem('not-found', `${request.method} ${request.url.split('?')[0] ?? ''} does not exist.`);
    return reply.code(404).type('application/problem+json').send(answer);
  });
}
