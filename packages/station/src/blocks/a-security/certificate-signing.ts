import { SecurityCtrlr } from '@busbar/protocol/device-model';
import {
  type CertificateFacts,
  type Crypto,
  type JournalChange,
  limits,
  Secret,
  type Subject,
  s,
  splitPem,
  type Timer,
} from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';
import type { Outbox } from '../../outbox.ts';
import type { Attempt } from '../b-provisioning/connection-plan.ts';
import type { TrustStore } from '../m-certificates/trust-store.ts';
import { CERTIFICATE_USES, type CertificateUse, type OwnCertificate, type OwnCertificates } from './own-certificates.ts';
import type { SecurityEvents } from './security-events.ts';

export interface SigningDeps {
  readonly context: Context;
  readonly outbox: Outbox;
  readonly trust: TrustStore;
  readonly own: OwnCertificates;
  readonly security: SecurityEvents;
}

/** A request that went out; the key must be there when the certificate comes, even after a power cut. */
interface Pending {
  readonly csr: string;
  readonly key: string;
  readonly commonName: string;
  /** The newest requestId given to it (2.1). */
  readonly requestId?: number;
}

const DAY_MS = s(24 * 3600);

/** A02, A03: new certificates for the station's own keys, asked for by the CSMS or because the old one ends soon. */
export class CertificateSigning {
  readonly #deps: SigningDeps;
  readonly #retries = new Map<CertificateUse, Timer>();
  #shown: Attempt['which'] | undefined;
  #requestIds = 0;

  constructor(deps: SigningDeps) {
    this.#deps = deps;
  }

  /** A03.FR.02: looks every day whether the client certificate ends within a month. */
  start(): void {
    this.#watch();
    this.#deps.context.scope.every(DAY_MS, 'certificate expiry (A03.FR.02)', () => this.#watch());
  }

  /** The link came about with this certificate. */
  opened({ which, certificate }: Attempt): void {
    this.#shown = certificate ? which : undefined;
  }

  /** A02.FR.10: the certificate that is not in use goes; if it is the new one, the CSMS hears of it (A02.FR.29, A03.FR.25). */
  proven(): readonly JournalChange[] {
    const { own, security, context } = this.#deps;
    if (this.#shown === undefined || !own.renewed('ChargingStationCertificate')) return [];
    const [worked, other] = this.#shown === 'renewed' ? (['new', 'current'] as const) : (['old', 'renewed'] as const);
    context.note(`the ${worked} client certificate works, the other one is discarded (A02.FR.10)`);
    if (other === 'renewed') security.report('DiscardedRenewedClientCertificate');
    return own.discarding('ChargingStationCertificate', other);
  }

  /** The prerequisites of A02: a name for the subject. */
  canAsk(use: CertificateUse, evseId?: number): boolean {
    const { dm } = this.#deps.context;
    return dm.text(SecurityCtrlr.OrganizationName) !== '' && this.#commonName(use, evseId) !== '';
  }

  /** A new key pair, a request for it, and patience (A02.FR.02, A02.FR.03, A02.FR.17). */
  ask(use: CertificateUse, lane: 'asked' | 'notice', evseId?: number): void {
    const { context } = this.#deps;
    this.#retries.get(use)?.cancel();
    context.scope.run('certificate request', async () => {
      const crypto = await context.crypto();
      const key = crypto.generateKey('ecP256');
      const commonName = this.#commonName(use, evseId);
      const csr = crypto.makeRequest({ subject: this.#subject(use, commonName), key });
      await context.memory.commit([put(keys.signing(use), { csr, key: key.privateKey.reveal(), commonName } satisfies Pending)]);
      await this.#send(use, lane, 0);
    });
  }

  /** Why the chain is refused, or what to store (A02.FR.06, A02.FR.16; D18: valid now, not later). */
  judge(
    crypto: Crypto,
    use: CertificateUse,
    chain: string,
  ): { readonly refusal: string; readonly invalid: boolean } | { readonly changes: readonly JournalChange[] } {
    const { context, own } = this.#deps;
    if (chain.length > context.dm.number(SecurityCtrlr.MaxCertificateChainSize))
      return { refusal: 'longer than MaxCertificateChainSize', invalid: false };
    const pending = context.memory.read<Pending>(keys.signing(use));
    if (!pending) return { refusal: `no ${use} was asked for`, invalid: false };
    this.#retries.get(use)?.cancel(); // A02.FR.20: an invalid one too ends the waiting
    const fault = this.#fault(crypto, use, chain, pending);
    if (fault !== undefined) return { refusal: fault, invalid: true };
    const certificate: OwnCertificate = { chain, key: new Secret(pending.key) };
    // A02.FR.15: of V2G certificates the newest is used at once; the link to the CSMS must prove itself first.
    const stored =
      use === 'ChargingStationCertificate' && own.current(use) ? own.renewing(use, certificate) : own.setting(use, certificate);
    return { changes: [...stored, remove(keys.signing(use))] };
  }

  #fault(crypto: Crypto, use: CertificateUse, chain: string, { key, commonName }: Pending): string | undefined {
    const { context, trust } = this.#deps;
    const roots = trust.pems(use === 'ChargingStationCertificate' ? 'CSMSRoot' : 'V2GRoot');
    const verdict = crypto.verifyChain({ chain, roots, at: context.clock.now() });
    if (verdict.kind === 'fault') return `${verdict.fault}: ${verdict.reason}`;
    const [leaf] = verdict.path;
    if (!leaf) return 'malformed: no certificate';
    if (!crypto.keyFits(leaf.pem, new Secret(key))) return 'the certificate is for another key';
    return this.#properties(leaf, commonName);
  }

  /** Certificate properties (A00.FR.509, A00.FR.511). */
  #properties({ subject, isCa }: CertificateFacts, commonName: string): string | undefined {
    if (isCa) return 'a CA certificate is no client certificate';
    if (subject.commonName !== commonName) return `the certificate is for ${subject.commonName ?? 'nobody'}`;
    const organization = this.#deps.context.dm.text(SecurityCtrlr.OrganizationName);
    return subject.organization === organization ? undefined : `the organization is not ${organization}`;
  }

  async #send(use: CertificateUse, lane: 'asked' | 'notice', repeats: number): Promise<void> {
    const { context, outbox } = this.#deps;
    const pending = context.memory.read<Pending>(keys.signing(use));
    if (!pending) return;
    const in21 = context.dm.version === 'ocpp2.1';
    if (in21) this.#requestIds += 1;
    const outcome = await outbox.send(lane, 'SignCertificate', () => {
      // A newer request, or its certificate, came while this one waited for its turn.
      if (context.memory.read<Pending>(keys.signing(use))?.csr !== pending.csr) return undefined;
      return {
        csr: pending.csr,
        certificateType: use, // A02.FR.13, A03.FR.13
        ...(in21 ? { requestId: this.#requestIds } : {}),
      };
    });
    if (outcome.kind === 'failed' && outcome.why === 'withdrawn') return;
    if (context.scope.closed) return;
    if (outcome.kind === 'answer' && outcome.response.status === 'Rejected') {
      context.note(`the CSMS does not sign the ${use}`);
      await context.memory.commit([remove(keys.signing(use))]);
      return;
    }
    this.#again(use, repeats);
  }

  /** A02.FR.17, A02.FR.18, A02.FR.19: the wait doubles, up to so many repetitions. */
  #again(use: CertificateUse, repeats: number): void {
    const { context } = this.#deps;
    if (repeats >= context.dm.number(SecurityCtrlr.CertSigningRepeatTimes)) {
      context.note(`no ${use} came; the CSMS must ask for a request again (A02.FR.19)`);
      return;
    }
    const waitMs = s(context.dm.number(SecurityCtrlr.CertSigningWaitMinimum)) * 2 ** repeats;
    this.#retries.get(use)?.cancel();
    const timer = context.scope.after(waitMs, 'certificate request again (A02.FR.17)', () =>
      context.scope.run('certificate request', () => this.#send(use, 'notice', repeats + 1)),
    );
    this.#retries.set(use, timer);
  }

  #watch(): void {
    const { context, own } = this.#deps;
    const due = CERTIFICATE_USES.filter((use) => own.current(use) !== undefined && own.renewed(use) === undefined);
    if (due.length === 0) return;
    context.scope.run('certificate expiry', async () => {
      const crypto = await context.crypto();
      for (const use of due) {
        const [leaf = ''] = splitPem(own.current(use)?.chain ?? '');
        const facts = crypto.readCertificate(leaf);
        const soon = facts !== undefined && facts.notAfter - context.clock.now() < limits.certificateRenewalMs;
        if (soon && context.memory.read<Pending>(keys.signing(use)) === undefined && this.canAsk(use)) this.ask(use, 'notice');
      }
    });
  }

  /** A00.FR.511: the serial number; for vehicles the name the SECC has. */
  #commonName(use: CertificateUse, evseId?: number): string {
    const { layout, dm } = this.#deps.context;
    if (use === 'ChargingStationCertificate') return layout.serialNumber;
    const found = dm.lookup({ name: 'ISO15118Ctrlr', ...(evseId === undefined ? {} : { evse: { id: evseId } }) }, { name: 'SeccId' });
    return found.kind === 'found' ? dm.value(found.definition) : '';
  }

  #subject(use: CertificateUse, commonName: string): Subject {
    const organization = this.#deps.context.dm.text(SecurityCtrlr.OrganizationName);
    return { commonName, organization, ...(use === 'ChargingStationCertificate' ? {} : { domainComponent: 'CPO' }) };
  }
}
