import type { Ocpp } from '@busbar/protocol';
import { isRecord, Secret } from '@busbar/runtime';

/** What stands in stored requests in the place of a secret. */
export const MASKED = '"(secret)"';
const SECRETS = new Set(['basicAuthPassword', 'apnPassword', 'simPin']);
const IN_VPN = new Set(['password', 'key']);

const isPassword = (entry: unknown): entry is { readonly attributeValue: string } =>
  isRecord(entry) &&
  isRecord(entry['component']) &&
  isRecord(entry['variable']) &&
  String(entry['component']['name']).toLowerCase() === 'securityctrlr' &&
  String(entry['variable']['name']).toLowerCase() === 'basicauthpassword' &&
  typeof entry['attributeValue'] === 'string';

/** The Basic password that a SetVariablesRequest carries, by whatever route it was made (D17). */
export function newPassword(payload: Readonly<Record<string, unknown>>): Secret | undefined {
  const { setVariableData } = payload;
  const found: unknown = Array.isArray(setVariableData) ? setVariableData.find(isPassword) : undefined;
  return isPassword(found) ? new Secret(found.attributeValue) : undefined;
}

export const passwordStatus = ({ setVariableResult }: Ocpp.SetVariablesResponse): string | undefined =>
  setVariableResult.find(({ variable }) => variable.name.toLowerCase() === 'basicauthpassword')?.attributeStatus;

/** A request as it may be stored and shown: without passwords and keys (A01.FR.08, A01.FR.09). */
export function maskSecrets(payload: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { setVariableData, connectionData } = payload;
  if (Array.isArray(setVariableData) && setVariableData.some(writesSecret))
    return {
      ...payload,
      setVariableData: setVariableData.map((entry: unknown) => (writesSecret(entry) ? { ...entry, attributeValue: '(secret)' } : entry)),
    };
  if (!isRecord(connectionData)) return payload;
  const { apn, vpn } = connectionData;
  return {
    ...payload,
    connectionData: {
      ...masked(connectionData, SECRETS),
      ...(isRecord(apn) ? { apn: masked(apn, SECRETS) } : {}),
      ...(isRecord(vpn) ? { vpn: masked(vpn, IN_VPN) } : {}),
    },
  };
}

/** Passwords of any component: 2.1 has them per network profile too. */
const writesSecret = (entry: unknown): entry is Readonly<Record<string, unknown>> =>
  isRecord(entry) && isRecord(entry['variable']) && /password|simpin|vpnkey/i.test(String(entry['variable']['name']));

const masked = (record: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, names.has(name) ? '(secret)' : value]));
