import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Authority, issueServerCertificate, makeAuthority } from '@busbar/csms';
import type { ListenTls } from '@busbar/protocol/node';
import { BusbarError, type KeyKind, messageOf, Secret } from '@busbar/runtime';
import { loadCrypto, systemClock, systemRandom } from '@busbar/runtime/node';
import { writeSecret } from './keys.ts';

const SERVER_DAYS = 365;
const RENEW_BEFORE_MS = 30 * 86_400_000;

const folderOf = (data: string): string => join(data, 'ca');
const at = (data: string, name: string): string => join(folderOf(data), name);
const making = async () => ({ crypto: await loadCrypto(), random: systemRandom, now: systemClock.now() });

/** Our own certificate authority in the data folder: read, or made at the first start that needs one. Keys are only their owner's to read. */
export async function authorityOf(data: string, organization: string, wanted: boolean): Promise<Authority | undefined> {
  if (!existsSync(at(data, 'intermediate.key'))) {
    if (!wanted) return undefined;
    const { authority, rootKey } = makeAuthority(await making(), organization);
    mkdirSync(folderOf(data), { recursive: true });
    chmodSync(folderOf(data), 0o700);
    writeFileSync(at(data, 'root.pem'), authority.root);
    writeFileSync(at(data, 'intermediate.pem'), authority.intermediate);
    writeSecret(at(data, 'root.key'), rootKey.reveal());
    writeSecret(at(data, 'intermediate.key'), authority.key.reveal()); // the last: without it everything is made anew
    return authority;
  }
  return {
    organization,
    root: read(at(data, 'root.pem')),
    intermediate: read(at(data, 'intermediate.pem')),
    key: new Secret(read(at(data, 'intermediate.key'))),
  };
}

/** The server's certificates by our own authority, RSA and EC for the four suites on one port (D15); made anew when they end soon or the host is another. */
export async function serverCertificates(data: string, authority: Authority, host: string): Promise<ListenTls> {
  const pairs = [await serverCertificate(data, authority, host, 'rsa2048'), await serverCertificate(data, authority, host, 'ecP256')];
  return { cert: pairs.map(({ cert }) => cert), key: pairs.map(({ key }) => key), requestClientCertificate: true };
}

async function serverCertificate(data: string, authority: Authority, host: string, kind: KeyKind): Promise<{ cert: string; key: string }> {
  const [certFile, keyFile] = [at(data, `server-${kind}.pem`), at(data, `server-${kind}.key`)];
  if (existsSync(certFile) && existsSync(keyFile) && stillGood(read(certFile), authority, host))
    return { cert: read(certFile), key: read(keyFile) };
  const made = issueServerCertificate(authority, await making(), { host, names: namesFor(host), kind, days: SERVER_DAYS });
  writeSecret(keyFile, made.key.privateKey.reveal());
  writeFileSync(certFile, made.chain);
  return { cert: made.chain, key: made.key.privateKey.reveal() };
}

function stillGood(chain: string, { intermediate }: Authority, host: string): boolean {
  const leaf = new X509Certificate(chain);
  const signed = leaf.verify(new X509Certificate(intermediate).publicKey);
  return signed && leaf.subject.split('\n').includes(`CN=${host}`) && leaf.validToDate.getTime() - systemClock.now() > RENEW_BEFORE_MS;
}

/** Names besides the host under which this machine is reached from itself. */
function namesFor(host: string): { dns: readonly string[]; addresses: readonly string[] } {
  const all = [...new Set([host, 'localhost', '127.0.0.1', '::1'])];
  return { dns: all.filter((name) => isIP(name) === 0), addresses: all.filter((name) => isIP(name) !== 0) };
}

/** What stands in the server's certificate: the public name, or the address it listens on. */
export function serverHost(host: string, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
  return host === '0.0.0.0' || host === '::' ? hostname() : host;
}

/** The operator's own files. */
export const givenCertificates = (cert: readonly string[], key: readonly string[]): ListenTls => ({
  cert: cert.map(readGiven),
  key: key.map(readGiven),
  requestClientCertificate: true,
});

const read = (path: string): string => readFileSync(path, 'utf8');

function readGiven(path: string): string {
  try {
    return read(path);
  } catch (error) {
    throw new BusbarError('invalid-configuration', `The certificate or key ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
