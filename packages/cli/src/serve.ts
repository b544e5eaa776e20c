import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Authority, type Csms, createCsms } from '@busbar/csms';
import { createHttpServer, type HttpOptions, type HttpServer, hashKey, webhookSender } from '@busbar/csms/http';
import { claimFolder, DiskFileStore, type Store, WorkerMessageSink, WorkerStore } from '@busbar/csms/store';
import { type Listener, type ListenOptions, type ListenTls, wsListen } from '@busbar/protocol/node';
import { type Log, Secret, s } from '@busbar/runtime';
import { type FileListener, jsonLog, listenFiles, loadCrypto, systemClock, systemRandom } from '@busbar/runtime/node';
import { authorityOf, givenCertificates, serverCertificates, serverHost } from './authority-files.ts';
import type { ServeConfig } from './config.ts';
import { consoleFiles } from './console-files.ts';
import { apiKeyPath, firstApiKey, pepperOf } from './keys.ts';
import { checkPorts } from './ports.ts';
import { boundedSlowHash } from './slow-hash.ts';
import { VirtualLab } from './virtual/virtual-lab.ts';

export interface RunningCsms {
  readonly csms: Csms;
  readonly http: HttpServer;
  readonly log: Log;
  readonly apiKey: string;
  readonly apiKeyPath: string;
  /** Made at the first start: shown on a terminal once, and nowhere else. */
  readonly signIn?: { readonly user: string; readonly password: string };
  readonly ports: { readonly ocpp: number; readonly http: number; readonly files: number; readonly ocppTls?: number };
  close(): Promise<void>;
}

export interface StartOptions {
  readonly synchronous?: 'FULL' | 'OFF';
  /** Other bounds for who connects than `limits` has. */
  readonly door?: Pick<ListenOptions, 'handshakeTimeoutMs' | 'maxUnfinished'>;
}

/** Starts the CSMS with all its edges, or nothing at all. */
export async function startCsms(config: ServeConfig, options: StartOptions = {}): Promise<RunningCsms> {
  const log = jsonLog(config.logLevel);
  await checkPorts(config.host, [
    { port: config.httpPort, use: 'the console', flag: '--http-port' },
    { port: filesPortOf(config), use: "the stations' files", flag: '--files-port' },
    { port: config.ocppPort, use: "the stations' side", flag: '--ocpp-port' },
    ...(config.ocppTlsPort === undefined ? [] : [{ port: config.ocppTlsPort, use: "the stations' TLS side", flag: '--ocpp-tls-port' }]),
  ]);
  const closing: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.toReversed()) await close();
  };
  try {
    closing.push(claimFolder(config.data));
    const { key } = firstApiKey(config.data, config.apiKey);
    const secure = { url: secureUrl(config, undefined) };
    const tlsPort = config.ocppTlsPort ?? (config.tlsCert.length > 0 ? 9443 : undefined);
    const authority = await authorityOf(config.data, config.organization, tlsPort !== undefined);
    const { door, ...storing } = options;
    const urls: { plain?: string; secure?: string } = {};
    const ocpp = { port: config.ocppPort };
    const virtual = new VirtualLab(
      config.data,
      log,
      () => `ws://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${ocpp.port}/ocpp`,
    );
    const csms = await openCsms(config, log, { ...storing, secure, virtual, ...(authority ? { authority } : {}) });
    closing.push(() => csms.close());
    await csms.kernel.queue.commit([{ k: 'apiKey', name: 'first', hash: hashKey(key), at: systemClock.now() }]);
    const hosts = config.publicHttpUrl === undefined ? [config.host] : [config.host, new URL(config.publicHttpUrl).hostname];
    const http = await createHttpServer({
      csms,
      console: consoleFiles(),
      hosts,
      trustProxy: config.trustProxy,
      ...(config.publicHttpUrl === undefined ? {} : { publicUrl: config.publicHttpUrl }),
      ...oidcOf(config),
      stationUrls: () => urls,
    });
    const first = await http.people.firstStart(config.adminPassword === undefined ? undefined : new Secret(config.adminPassword));
    await http.app.listen({ host: config.host, port: config.httpPort });
    closing.push(() => http.close());
    const files = await openFiles(config, csms, log, config.filesTls ? await certificates(config, authority) : undefined);
    closing.push(() => files.close());
    const listener = await listen(config, csms, log, { ...door, port: config.ocppPort });
    closing.push(() => listener.close());
    ocpp.port = listener.port;
    const tls =
      tlsPort === undefined
        ? undefined
        : await listen(config, csms, log, { ...door, port: tlsPort, tls: await certificates(config, authority) });
    if (tls) {
      closing.push(() => tls.close());
      secure.url = secureUrl(config, tls.port);
      // Certificates are renewed under our feet: by ourselves, or by whoever renews the operator's files.
      csms.kernel.scope.every(CERTIFICATES_MS, 'server certificates', () =>
        csms.kernel.scope.run('server certificates', async () => tls.renew(await certificates(config, authority))),
      );
    }
    Object.assign(urls, stationUrls(config, listener.port, secure.url));
    const address = http.app.server.address();
    const httpPort = typeof address === 'object' && address !== null ? address.port : config.httpPort;
    closing.push(() => virtual.close());
    await virtual.resume();
    const ports = { ocpp: listener.port, http: httpPort, files: files.port, ...(tls === undefined ? {} : { ocppTls: tls.port }) };
    const { user, password } = first ?? {};
    const signIn = user === undefined || password === undefined ? {} : { signIn: { user, password } };
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => (closed ??= drain(http, config.drainWait).then(closeAll));
    return { csms, http, log, apiKey: key, apiKeyPath: apiKeyPath(config.data), ...signIn, ports, close };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** People first: a request may wait for a station's answer, so stations stay until the last request has ended. */
async function drain(http: HttpServer, waitS: number): Promise<void> {
  http.drain();
  if (waitS > 0) await delay(waitS * 1000);
  await http.close();
}

function oidcOf({ oidcIssuer, oidcClientId, oidcClientSecret, oidcRoleClaim, oidcSitesClaim }: ServeConfig): Pick<HttpOptions, 'oidc'> {
  if (oidcIssuer === undefined || oidcClientId === undefined) return {};
  return {
    oidc: {
      issuer: oidcIssuer,
      clientId: oidcClientId,
      roleClaim: oidcRoleClaim,
      ...(oidcClientSecret === undefined ? {} : { clientSecret: oidcClientSecret }),
      ...(oidcSitesClaim === undefined ? {} : { sitesClaim: oidcSitesClaim }),
    },
  };
}

/** Beside the page and never on its port: stations may reach files from where nobody may reach the page. */
const filesPortOf = ({ filesPort, httpPort }: ServeConfig): number => filesPort ?? (httpPort === 0 ? 0 : Math.min(httpPort + 1, 65_535));

async function openFiles(config: ServeConfig, csms: Csms, log: Log, tls: ListenTls | undefined): Promise<FileListener> {
  const { files } = csms.kernel;
  const listener = await listenFiles({ server: files.serve, host: config.host, port: filesPortOf(config), log, ...(tls ? { tls } : {}) });
  files.localUrl = `${tls ? 'https' : 'http'}://127.0.0.1:${listener.port}`;
  return listener;
}

interface OpenOptions {
  readonly synchronous?: 'FULL' | 'OFF';
  readonly authority?: Authority;
  readonly secure: { readonly url: string | undefined };
  readonly virtual: VirtualLab;
}

async function openCsms(config: ServeConfig, log: Log, { authority, secure, virtual, ...options }: OpenOptions): Promise<Csms> {
  const store = await openStore(config, log, options);
  return createCsms({
    clock: systemClock,
    random: systemRandom,
    log,
    store,
    pepper: pepperOf(config.data),
    slowHash: boundedSlowHash(),
    messages: new WorkerMessageSink({ folder: config.data, log, ...(config.database === undefined ? {} : { url: config.database }) }),
    files: new DiskFileStore(join(config.data, 'files')),
    crypto: loadCrypto,
    extensions: { virtualStations: virtual },
    webhooks: webhookSender,
    ...(authority ? { authority } : {}),
    config: {
      heartbeatIntervalS: config.heartbeatInterval,
      unknownStations: config.unknownStations,
      subprotocolMismatch: config.subprotocolMismatch,
      testMode: config.testMode,
      minSecurityProfile: config.minSecurityProfile === 3 ? 3 : config.minSecurityProfile === 2 ? 2 : 1,
      callTimeoutMs: s(config.callTimeout),
      pingIntervalMs: s(config.pingInterval),
      billAfterMs: config.billAfter * 3_600_000,
      gapQueryFirstMs: s(10),
      authorizeTimeoutMs: s(5),
      logFileBytes: config.logFileBytes,
      firmwareSignatures: config.firmwareSignatures,
      ...(config.publicFilesUrl === undefined ? {} : { publicFilesUrl: config.publicFilesUrl }),
      automations: {
        onboardingInventory: config.onboardingInventory,
        gapQuery: config.gapQuery,
        bootQuery: config.bootQuery,
        certRenewal: config.certRenewal,
        runningCost: config.runningCost,
      },
      messageLog: { keepDays: config.keepMessages, maxBytes: config.keepMessagesMb * 2 ** 20, heartbeats: config.logHeartbeats },
      keepReadingsDays: config.keepReadings,
      ...(config.keepEvents === undefined ? {} : { keepEventsDays: config.keepEvents }),
      webhookPrivate: config.webhookPrivate,
      organization: config.organization,
      clientCertificateDays: config.clientCertificateDays,
      secureOcppUrl: () => secure.url,
    },
  });
}

/** SQLite in the data folder, or PostgreSQL where an address of one is given; its driver is loaded only then. */
async function openStore({ data, database }: ServeConfig, log: Log, options: { readonly synchronous?: 'FULL' | 'OFF' }): Promise<Store> {
  if (database === undefined) return WorkerStore.open({ folder: data, log, ...options });
  const { PostgresStore } = await import('@busbar/csms/postgres');
  return PostgresStore.open({ url: database, clock: systemClock, log });
}

const CERTIFICATES_MS = 24 * 3_600_000;

/** Where stations find the TLS port: the public URL, or this machine itself. */
function secureUrl({ publicOcppUrl, host }: ServeConfig, port: number | undefined): string | undefined {
  if (publicOcppUrl?.startsWith('wss:') === true) return publicOcppUrl;
  const loopback = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  return port !== undefined && loopback ? `wss://${host === '::1' ? '[::1]' : host}:${port}/ocpp` : undefined;
}

/** What people type into a station: the public URL, or this machine itself. */
function stationUrls({ publicOcppUrl, host }: ServeConfig, port: number, secure: string | undefined): { plain?: string; secure?: string } {
  const shown = host === '0.0.0.0' || host === '::' ? undefined : host;
  const plain = publicOcppUrl ?? (shown === undefined ? undefined : `ws://${shown === '::1' ? '[::1]' : shown}:${port}/ocpp`);
  return { ...(plain?.startsWith('ws:') ? { plain } : {}), ...(secure === undefined ? {} : { secure }) };
}

const certificates = (
  { tlsCert, tlsKey, data, host, publicOcppUrl }: ServeConfig,
  authority: Authority | undefined,
): Promise<ListenTls> | ListenTls =>
  tlsCert.length > 0 || authority === undefined
    ? givenCertificates(tlsCert, tlsKey)
    : serverCertificates(data, authority, serverHost(host, publicOcppUrl));

type Door = Pick<ListenOptions, 'port' | 'tls' | 'handshakeTimeoutMs' | 'maxUnfinished'>;

const listen = (config: ServeConfig, csms: Csms, log: Log, door: Door): Promise<Listener> =>
  wsListen({
    ...door,
    host: config.host,
    acceptor: csms.acceptor,
    log,
    deflate: { takeover: config.deflateTakeover },
    ...(door.tls ? { tlsFailed: csms.tlsFailed } : {}),
  });

/** Ctrl-C and TERM stop once, politely; a second Ctrl-C leaves at once. */
export function onStop(stop: (signal: 'SIGINT' | 'SIGTERM') => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      stop(signal).then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}
