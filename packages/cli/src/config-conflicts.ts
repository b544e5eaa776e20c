import { limits } from '@busbar/runtime';
import { type ConfigKey, environmentOf, flagOf, type ServeConfig } from './config.ts';

/** Values that are right each for itself and wrong together, or that only a closer look finds wrong. */
export interface Conflict {
  /** Whose place is shown: the one that is most likely meant otherwise. */
  readonly key: ConfigKey;
  readonly message: string;
}

export function conflictsOf(config: ServeConfig): readonly Conflict[] {
  return [...doors(config), ...ports(config), ...addresses(config), ...certificates(config), ...signIn(config)];
}

function doors({ unknownStations, testMode, minSecurityProfile, ...config }: ServeConfig): readonly Conflict[] {
  return [
    ...when(
      unknownStations === 'accept' && !testMode,
      'unknownStations',
      '--unknown-stations accept lets anybody in; it is possible with --test-mode only.',
    ),
    ...when(
      minSecurityProfile > 1 && !hasTls(config),
      'minSecurityProfile',
      '--min-security-profile 2 or 3 needs TLS: give --ocpp-tls-port or --tls-cert too, else no station can connect.',
    ),
  ];
}

/** A port of 0 is any free one. What is left out stands beside another (`serve.ts`). */
function ports({ ocppPort, httpPort, filesPort, ocppTlsPort, tlsCert }: ServeConfig): readonly Conflict[] {
  const used: readonly (readonly [ConfigKey, number])[] = [
    ['ocppPort', ocppPort],
    ['httpPort', httpPort],
    ['filesPort', filesPort ?? (httpPort === 0 ? 0 : Math.min(httpPort + 1, 65_535))],
    ['ocppTlsPort', ocppTlsPort ?? (tlsCert.length > 0 ? 9443 : 0)],
  ];
  return used.flatMap(([key, port], index) => {
    const other = used.slice(0, index).find(([, before]) => before === port && port !== 0);
    return other === undefined
      ? []
      : [{ key, message: `${flagOf(key)} and ${flagOf(other[0])} are both ${port}. Each needs a port of its own.` }];
  });
}

function addresses(config: ServeConfig): readonly Conflict[] {
  const { publicOcppUrl, publicHttpUrl, publicFilesUrl, filesTls, minSecurityProfile } = config;
  return [
    ...url('publicOcppUrl', publicOcppUrl, ['ws:', 'wss:']),
    ...url('publicHttpUrl', publicHttpUrl, ['http:', 'https:']),
    ...url('publicFilesUrl', publicFilesUrl, ['http:', 'https:']),
    ...when(
      filesTls && publicFilesUrl?.startsWith('http:') === true,
      'publicFilesUrl',
      '--files-tls serves files over HTTPS only, and --public-files-url begins with http:.',
    ),
    ...when(
      minSecurityProfile > 1 && publicOcppUrl?.startsWith('ws:') === true,
      'publicOcppUrl',
      '--public-ocpp-url begins with ws:, and --min-security-profile refuses everybody without TLS. Begin it with wss:.',
    ),
  ];
}

function url(key: ConfigKey, value: string | undefined, schemes: readonly string[]): readonly Conflict[] {
  if (value === undefined) return [];
  const right = URL.canParse(value) && schemes.includes(new URL(value).protocol);
  return when(
    !right,
    key,
    `${flagOf(key)} ${JSON.stringify(value)} is no URL that begins with ${schemes.map((one) => `${one}//`).join(' or ')}.`,
  );
}

function certificates(config: ServeConfig): readonly Conflict[] {
  const { tlsCert, tlsKey, filesTls } = config;
  return [
    ...when(
      tlsCert.length !== tlsKey.length,
      tlsCert.length > tlsKey.length ? 'tlsCert' : 'tlsKey',
      '--tls-cert and --tls-key come in pairs.',
    ),
    ...when(
      filesTls && !hasTls(config),
      'filesTls',
      '--files-tls uses the certificates of the TLS port: give --ocpp-tls-port or --tls-cert too.',
    ),
  ];
}

function signIn({ adminPassword, oidcIssuer, oidcClientId, oidcClientSecret, oidcSitesClaim }: ServeConfig): readonly Conflict[] {
  const short = adminPassword !== undefined && adminPassword.length < limits.personPasswordMin; // what it is goes into no message
  return [
    ...when(short, 'adminPassword', `--admin-password has at least ${limits.personPasswordMin} characters.`),
    ...when(
      (oidcIssuer === undefined) !== (oidcClientId === undefined),
      oidcIssuer === undefined ? 'oidcClientId' : 'oidcIssuer',
      '--oidc-issuer and --oidc-client-id come together.',
    ),
    ...when(
      oidcIssuer === undefined && oidcClientId === undefined && oidcClientSecret !== undefined,
      'oidcClientSecret',
      `${environmentOf('oidcClientSecret')} is of no use without --oidc-issuer and --oidc-client-id.`,
    ),
    ...when(
      oidcIssuer === undefined && oidcClientId === undefined && oidcSitesClaim !== undefined,
      'oidcSitesClaim',
      '--oidc-sites-claim is of no use without --oidc-issuer and --oidc-client-id.',
    ),
  ];
}

const hasTls = ({ ocppTlsPort, tlsCert }: Pick<ServeConfig, 'ocppTlsPort' | 'tlsCert'>): boolean =>
  ocppTlsPort !== undefined || tlsCert.length > 0;

const when = (wrong: boolean, key: ConfigKey, message: string): readonly Conflict[] => (wrong ? [{ key, message }] : []);
