import type { RouteName } from '@busbar/api';
import { isRecord, maskToken, messageOf } from '@busbar/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Kernel } from '../kernel.ts';

/**
 * What these did stands in the audit with the same commit; only their refusals are written here. Everything else that
 * changes something is written here, before its answer leaves.
 */
const TELLS_ITSELF: ReadonlySet<RouteName> = new Set<RouteName>([
  'createStation',
  'patchStation',
  'deleteStation',
  'acceptStation',
  'rejectStation',
  'setPassword',
  'changePassword',
  'revokeCertificate',
  'upgradeProfile',
  'addTrust',
  'removeTrust',
  'importRevocations',
  'setLeniencies',
  'repairInvalidEvent',
  'discardInvalidEvent',
  'closeTransaction',
  'putToken',
  'deleteToken',
  'importTokens',
  'putTariff',
  'assignTariff',
  'unassignTariff',
  'createSite',
  'patchSite',
  'addFirmware',
  'putImage',
  'deleteFirmware',
  'signOut',
  'putSettings',
  'changeOwnPassword',
  'endOtherSignIns',
  'createUser',
  'patchUser',
  'deleteUser',
  'resetUserPassword',
  'createKey',
  'revokeKey',
]);
const READS = new Set(['GET', 'HEAD']);
const REFUSED = 400;

/** Every request of a person or key that is more than a look leaves an entry: who, what, whom, why, and what became of it. */
export function useAudit(app: FastifyInstance, { queue, clock, log }: Kernel): void {
  app.addHook('onSend', async (request, reply) => {
    const { access } = request;
    const rule = request.is404 ? undefined : request.routeOptions.config.rule;
    if (access === undefined || access.kind === 'ticket' || READS.has(request.method)) return;
    if (rule?.name === undefined || rule.role === 'anyone') return;
    const done = reply.statusCode < REFUSED;
    if (done && TELLS_ITSELF.has(rule.name)) return;
    const { actor } = access;
    const entry = { actor, action: rule.name, target: targetOf(request), reason: reasonOf(request) };
    const result = done ? 'done' : (request.refused ?? `HTTP ${reply.statusCode}`);
    const written = queue.commit([{ k: 'audit', at: clock.now(), ...entry, result }]);
    // A store that cannot write holds up the work itself, not the refusals beside it.
    if (queue.healthy)
      await written.catch((error: unknown) => log.error('the audit cannot be written', { error: messageOf(error), ...entry }));
    else written.catch((error: unknown) => log.error('the audit cannot be written', { error: messageOf(error), ...entry }));
  });
}

const TARGETS = ['id', 'name', 'version'] as const;

/** What the path names, else what the body does; an id token only by its end. */
function targetOf({ params, body }: FastifyRequest): string {
  const named = isRecord(params) ? Object.entries(params) : [];
  const words = named.map(([name, value]) => (name === 'idToken' ? maskToken(String(value)) : String(value)));
  const own = isRecord(body) ? TARGETS.map((name) => body[name]).find((value) => typeof value === 'string') : undefined;
  return clean(words.length > 0 ? words.join(' ') : (own ?? ''));
}

const reasonOf = ({ body }: FastifyRequest): string =>
  isRecord(body) && typeof body['reason'] === 'string' ? clean(body['reason']).slice(0, 500) : '';

/** PostgreSQL keeps no NUL. */
const clean = (text: unknown): string => String(text).replaceAll('\0', '').slice(0, 500);
