import { type JournalChange, Secret } from '@busbar/runtime';
import type { StationConfig } from '../../config.ts';
import type { Context } from '../../context.ts';
import { keys, type Memory, put, remove } from '../../memory.ts';
import type { TrustStore } from '../m-certificates/trust-store.ts';
import type { OwnCertificates } from './own-certificates.ts';

/** Puts what the station was delivered with into its stores, once: what the CSMS removes later stays removed. Resolves when it is there. */
export async function seedCertificates(context: Context, trust: TrustStore, own: OwnCertificates): Promise<void> {
  const { config, memory, log, withCertificates } = context;
  const { roots = [], clientCertificate } = config;
  if ((roots.length === 0 && !clientCertificate) || memory.read<boolean>(keys.provisioned) === true) return;
  if (!withCertificates)
    return log.warn('roots and certificates of the delivery are of no use: the station was built without certificates');
  const crypto = await context.crypto();
  const changes = roots.flatMap(({ kind, pem }) => {
    const facts = crypto.readCertificate(pem);
    if (!facts) log.warn('a provisioned root is no certificate', { kind });
    return facts ? trust.adding(kind, facts) : [];
  });
  await memory.commit([
    ...changes,
    ...(clientCertificate ? own.setting('ChargingStationCertificate', clientCertificate) : []),
    put(keys.provisioned, true),
  ]);
}

/** What somebody on site, or the factory, writes into a station: everything it needs to find and convince its CSMS. */
export interface Provisioning {
  readonly url: string;
  readonly identity?: string;
  /** null: none at all. */
  readonly password?: string | null;
  readonly securityProfile?: number;
  readonly organization?: string;
  /** Network profiles besides slot 1. */
  readonly slots?: StationConfig['networkProfiles'];
  readonly roots?: StationConfig['roots'];
  readonly clientCert?: { readonly chain: string; readonly key: string } | null;
}

/** Forgets what the station trusted, showed and knew of networks, and keeps what is new for the next start. */
export function provisioned(memory: Memory, provisioning: Provisioning): readonly JournalChange[] {
  const gone = [keys.trust, keys.own, keys.networkProfiles, keys.provisioned, keys.lastProfile, keys.securityProfile, keys.bootReason];
  const settings = ['SecurityCtrlr/BasicAuthPassword', 'OCPPCommCtrlr/NetworkConfigurationPriority', 'SecurityCtrlr/OrganizationName'];
  return [
    ...[...gone, ...settings.map((name) => keys.variable(name))].flatMap((prefix) => memory.list(prefix).map(({ key }) => remove(key))),
    put(keys.provisioning, provisioning),
  ];
}

/** The configuration as it was last written on site, over the one the process brought. */
export function withProvisioning(config: StationConfig, memory: Memory): StationConfig {
  const given = memory.read<Provisioning>(keys.provisioning);
  if (!given) return config;
  const { password, clientCertificate, securityProfile: _outdated, networkProfiles, roots, ...rest } = config;
  const secret = given.password === undefined ? password : given.password === null ? undefined : new Secret(given.password);
  const certificate =
    given.clientCert === undefined
      ? clientCertificate
      : given.clientCert === null
        ? undefined
        : { chain: given.clientCert.chain, key: new Secret(given.clientCert.key) };
  const profiles = given.slots ?? networkProfiles;
  const trusted = given.roots ?? roots;
  return {
    ...rest,
    csmsUrl: given.url,
    ...(given.identity === undefined ? {} : { identity: given.identity }),
    ...(given.organization === undefined ? {} : { organization: given.organization }),
    ...(secret === undefined ? {} : { password: secret }),
    ...(certificate === undefined ? {} : { clientCertificate: certificate }),
    ...(given.securityProfile === undefined ? {} : { securityProfile: given.securityProfile }),
    ...(profiles === undefined ? {} : { networkProfiles: profiles }),
    ...(trusted === undefined ? {} : { roots: trusted }),
  };
}
