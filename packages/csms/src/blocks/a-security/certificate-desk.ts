import type { Ocpp } from '@busbar/protocol';
import { limits, messageOf, splitPem } from '@busbar/runtime';
import { signRequest } from '../../authority.ts';
import type { Kernel } from '../../kernel.ts';
import type { Station } from '../../stations.ts';

type Use = Ocpp.CertificateSigningUseEnumType;

export interface SigningOrder {
  readonly csr: string;
  readonly use: Use;
  readonly requestId?: number;
}

/** Where certificates for stations are made, delivered and watched (A02, A03). */
export class CertificateDesk {
  readonly #kernel: Kernel;
  /** Told when a station has a new certificate, or will not get one. */
  readonly #waiting = new Map<number, ((installed: boolean) => void)[]>();
  readonly #renewals = new Map<number, number>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Signs, stores, sends; what the station says of it is stored too. */
  async deliver(station: Station, order: SigningOrder): Promise<void> {
    const { queue, clock, log, commands } = this.#kernel;
    const made = await this.#sign(station, order);
    if (made === undefined) return this.#settle(station, false);
    const { issuer, serial } = made;
    await queue.commit([
      {
        k: 'certificatePut',
        certificate: { ...made, station: station.record.row, use: order.use, state: 'issued', issuedAt: clock.now() },
      },
    ]);
    const started = await commands.start({
      station,
      action: 'CertificateSigned',
      payload: {
        certificateChain: made.chain,
        certificateType: order.use,
        ...(order.requestId === undefined || station.session?.version !== 'ocpp2.1' ? {} : { requestId: order.requestId }),
      },
      origin: 'automation',
      actor: 'signCertificate',
    });
    const result = await started.ended;
    const status = result.state === 'answered' ? statusOf(result.response) : result.state;
    const installed = status === 'Accepted';
    if (!installed) log.warn('a certificate was not installed', { station: station.record.identity, serial, status });
    // No answer: the station may have it. It shows with the next connection.
    if (status === 'Accepted' || status === 'Rejected')
      await queue.commit([{ k: 'certificateState', issuer, serial, state: installed ? 'installed' : 'refused', at: clock.now() }]);
    this.#settle(station, installed);
  }

  /** A02: asks the station for a request. */
  async renew(station: Station, use: Use, actor: string, origin: 'person' | 'automation' = 'person') {
    const requestedMessage = {
      ChargingStationCertificate: 'SignChargingStationCertificate',
      V2GCertificate: 'SignV2GCertificate',
      V2G20Certificate: 'SignV2G20Certificate',
    } as const;
    return this.#kernel.commands.start({
      station,
      action: 'TriggerMessage',
      payload: { requestedMessage: requestedMessage[use] },
      origin,
      actor,
    });
  }

  /** Resolves when the certificate under way is installed, or is not. */
  outcome(station: Station): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.set(station.record.row, [...(this.#waiting.get(station.record.row) ?? []), resolve]);
    return promise;
  }

  /** The automation `certRenewal`: certificates that end within a month and that the station did not renew by itself; once a day. */
  async watch(on: (station: Station) => boolean): Promise<void> {
    const { read, clock, stations } = this.#kernel;
    for (const { station: row, use } of await read.certificatesEnding(clock.now() + limits.certificateRenewalMs)) {
      const station = stations.byRow(row);
      if (station?.session === undefined || station.record.registration !== 'Accepted' || !on(station)) continue;
      if (clock.monotonic() - (this.#renewals.get(row) ?? -Infinity) < DAY_MS) continue;
      this.#renewals.set(row, clock.monotonic());
      await this.renew(station, USES.find((known) => known === use) ?? 'ChargingStationCertificate', 'certRenewal', 'automation');
    }
  }

  /** A connection with this certificate proves that it is installed, whatever became of the answer. */
  seen(issuer: string, serial: string): void {
    const { scope, read, queue, clock } = this.#kernel;
    scope.run('certificate seen', async () => {
      const known = await read.certificate(issuer, serial);
      if (known?.state === 'issued') await queue.commit([{ k: 'certificateState', issuer, serial, state: 'installed', at: clock.now() }]);
    });
  }

  async #sign(station: Station, { csr, use }: SigningOrder) {
    const { authority, extensions, clock, random, config, log } = this.#kernel;
    const crypto = await this.#kernel.crypto();
    try {
      const stationId = station.record.identity;
      const chain = extensions.signCertificate
        ? await extensions.signCertificate.sign({ stationId, csr, use })
        : authority && signRequest(authority, { crypto, random, now: clock.now() }, csr, config.clientCertificateDays)?.chain;
      const [leafPem = '', issuerPem = authority?.intermediate ?? ''] = splitPem(chain ?? '');
      const leaf = crypto.readCertificate(leafPem);
      const issuer = crypto.readCertificate(issuerPem);
      if (chain === undefined || !leaf) throw new Error('the signer gave no certificate');
      return {
        chain,
        serial: leaf.serialNumber,
        issuer: issuer?.fingerprint ?? leaf.fingerprint,
        subject: leaf.subject.commonName ?? '',
        notBefore: leaf.notBefore,
        notAfter: leaf.notAfter,
      };
    } catch (error) {
      log.error('a certificate could not be signed', { station: station.record.identity, use, error: messageOf(error) });
      return undefined;
    }
  }

  #settle(station: Station, installed: boolean): void {
    const waiting = this.#waiting.get(station.record.row) ?? [];
    this.#waiting.delete(station.record.row);
    for (const tell of waiting) tell(installed);
  }
}

const DAY_MS = 86_400_000;
const USES = ['ChargingStationCertificate', 'V2GCertificate', 'V2G20Certificate'] as const;
const statusOf = (response: unknown): string =>
  typeof response === 'object' && response !== null && 'status' in response ? String(response.status) : '';
