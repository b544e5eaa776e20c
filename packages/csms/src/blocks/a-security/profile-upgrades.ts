import { BusbarError, isRecord, limits, type Millis, messageOf } from '@busbar/runtime';
import type { CommandResult } from '../../commands.ts';
import type { Kernel } from '../../kernel.ts';
import type { Station } from '../../stations.ts';
import type { JobRecord } from '../../store/intents.ts';
import type { CertificateDesk } from './certificate-desk.ts';
import { rootsFor } from './client-certificate.ts';

type Step = 'installRoots' | 'renewCertificate' | 'readSlots' | 'setProfile' | 'setPriority' | 'reset' | 'waitForBoot';
const STEPS: readonly Step[] = ['installRoots', 'renewCertificate', 'readSlots', 'setProfile', 'setPriority', 'reset', 'waitForBoot'];

interface Detail {
  readonly target: 2 | 3;
  /** The order before, to be put back when the station falls back. */
  readonly priority?: string;
  readonly slot?: number;
  /** When the reset was asked for: the first boot after it is the answer. A link that only came back is none. */
  readonly resetAt?: number;
  readonly deadline: number;
}

/** What a step came to: the next one with what it needs, or why it ends. */
type Next = { readonly step: Step; readonly detail: Detail } | { readonly failed: string };

/**
 * A05: moves a station to a higher security profile (or from 3 to 2 where the station allows it). Every step is durable
 * before the next begins, so a restart of the CSMS goes on where it was (D17). The old credentials stay valid until the
 * station has booted on the new profile.
 */
export class ProfileUpgrades {
  readonly #kernel: Kernel;
  readonly #desk: CertificateDesk;
  readonly #open = new Map<number, JobRecord>();
  readonly #stepping = new Set<string>();

  constructor(kernel: Kernel, desk: CertificateDesk) {
    this.#kernel = kernel;
    this.#desk = desk;
  }

  async resume(): Promise<void> {
    for (const job of await this.#kernel.read.runningJobs()) {
      this.#open.set(job.station, job);
      this.#expire(job);
    }
  }

  async start(station: Station, target: 2 | 3, actor: string): Promise<JobRecord> {
    const { clock, ids, config } = this.#kernel;
    const { row, identity, securityProfile } = station.record;
    if (config.secureOcppUrl?.() === undefined)
      throw new BusbarError('conflict', 'Stations need to be told where the TLS port is: --ocpp-tls-port with --public-ocpp-url wss://….');
    if (this.#open.has(row)) throw new BusbarError('conflict', `Station ${identity} is being moved to another profile already.`);
    if (securityProfile === target) throw new BusbarError('conflict', `Station ${identity} is on security profile ${target} already.`);
    const now = clock.now();
    const detail: Detail = { target, deadline: now + limits.upgradeMs };
    const job: JobRecord = {
      id: ids.uuid7(),
      station: row,
      kind: 'upgradeProfile',
      state: 'running',
      step: 'installRoots',
      detail: JSON.stringify(detail),
      actor,
      createdAt: now,
      updatedAt: now,
      reason: null,
    };
    await this.#store(job);
    this.#expire(job);
    this.#go(station);
    return job;
  }

  /** The station takes part (again): a job that waited for it goes on; one that waited for its boot has its answer. */
  accepted(station: Station): void {
    this.#go(station);
  }

  #go(station: Station): void {
    const job = this.#open.get(station.record.row);
    if (!job || this.#stepping.has(job.id)) return;
    this.#stepping.add(job.id);
    this.#kernel.scope.run('upgradeProfile', async () => {
      try {
        await this.#run(station);
      } finally {
        this.#stepping.delete(job.id);
      }
    });
  }

  /** Step after step, as long as the station is there. */
  async #run(station: Station): Promise<void> {
    for (let job = this.#open.get(station.record.row); job; job = this.#open.get(station.record.row)) {
      const step = STEPS.find((known) => known === job?.step);
      const detail: Detail = JSON.parse(job.detail);
      if (station.session === undefined || station.record.registration !== 'Accepted') return;
      let next: Next | 'wait';
      try {
        next = step === undefined ? { failed: `unknown step ${job.step}` } : await this.#step(step, detail, station);
      } catch (error) {
        next = { failed: messageOf(error) };
      }
      if (next === 'wait') return;
      if ('failed' in next) await this.#end(job, 'failed', next.failed);
      else await this.#store({ ...job, step: next.step, detail: JSON.stringify(next.detail), updatedAt: this.#kernel.clock.now() });
    }
  }

  #step(step: Step, detail: Detail, station: Station): Promise<Next | 'wait'> {
    switch (step) {
      case 'installRoots':
        return this.#installRoots(detail, station);
      case 'renewCertificate':
        return this.#renewCertificate(detail, station);
      case 'readSlots':
        return this.#readSlots(detail, station);
      case 'setProfile':
        return this.#setProfile(detail, station);
      case 'setPriority':
        return this.#setPriority(detail, station);
      case 'reset':
        return this.#reset(detail, station);
      case 'waitForBoot':
        return this.#booted(detail, station);
    }
  }

  /** A station that has no such message keeps what it was delivered with; whether that is enough it says itself (A05.FR.02). */
  async #installRoots(detail: Detail, station: Station): Promise<Next | 'wait'> {
    for (const certificate of await rootsFor(this.#kernel, 'csms')) {
      const result = await this.#call(station, 'InstallCertificate', { certificateType: 'CSMSRootCertificate', certificate });
      if (lost(result)) return 'wait';
      const notThere = result.state === 'refused' && (result.code === 'NotSupported' || result.code === 'NotImplemented');
      if (!notThere && statusOf(result) !== 'Accepted') return { failed: `InstallCertificate: ${statusOf(result)}` };
    }
    return { step: detail.target === 3 ? 'renewCertificate' : 'readSlots', detail };
  }

  async #renewCertificate(detail: Detail, station: Station): Promise<Next | 'wait'> {
    const { scope } = this.#kernel;
    const outcome = this.#desk.outcome(station);
    const started = await this.#desk.renew(station, 'ChargingStationCertificate', 'upgradeProfile', 'automation');
    const result = await started.ended;
    if (lost(result)) return 'wait';
    if (statusOf(result) !== 'Accepted') return { failed: `TriggerMessage(SignChargingStationCertificate): ${statusOf(result)}` };
    const late = Promise.withResolvers<boolean>();
    const timer = scope.after(limits.upgradeSigningMs, 'upgradeProfile waits for a certificate', () => late.resolve(false));
    const installed = await Promise.race([outcome, late.promise]);
    timer.cancel();
    return installed ? { step: 'readSlots', detail } : { failed: 'the station has no client certificate' };
  }

  async #readSlots(detail: Detail, station: Station): Promise<Next | 'wait'> {
    const variable = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'NetworkConfigurationPriority' } };
    const result = await this.#call(station, 'GetVariables', { getVariableData: [variable] });
    if (lost(result)) return 'wait';
    const priority = firstOf(result, 'getVariableResult', 'attributeValue');
    if (priority === undefined) return { failed: 'NetworkConfigurationPriority cannot be read' };
    const used = priority.split(',').map(Number);
    const slot = (await this.#slots(station)).find((free) => !used.includes(free));
    return slot === undefined
      ? { failed: 'no network profile slot is free' }
      : { step: 'setProfile', detail: { ...detail, priority, slot } };
  }

  /** The station's inventory says which slots there are; without it the first ones are tried (B09.FR.06: there are two). */
  async #slots(station: Station): Promise<readonly number[]> {
    const known = await this.#kernel.read.variables(station.record.row);
    const row = known.find(({ component, variable }) => component === 'OCPPCommCtrlr' && variable === 'NetworkConfigurationPriority');
    const list: unknown = row?.characteristics === undefined ? undefined : JSON.parse(row.characteristics);
    const values = isRecord(list) && typeof list['valuesList'] === 'string' ? list['valuesList'].split(',').map(Number) : [];
    return values.length > 0 ? values : [1, 2, 0];
  }

  async #setProfile(detail: Detail, station: Station): Promise<Next | 'wait'> {
    const result = await this.#call(station, 'SetNetworkProfile', {
      configurationSlot: detail.slot,
      connectionData: {
        ocppVersion: 'OCPP20',
        ocppTransport: 'JSON',
        ocppCsmsUrl: this.#kernel.config.secureOcppUrl?.(),
        messageTimeout: limits.callTimeoutMs / 1000,
        securityProfile: detail.target,
        ocppInterface: 'Wired0',
      },
    });
    if (lost(result)) return 'wait';
    return statusOf(result) === 'Accepted' ? { step: 'setPriority', detail } : { failed: `SetNetworkProfile: ${statusOf(result)}` };
  }

  async #setPriority(detail: Detail, station: Station): Promise<Next | 'wait'> {
    const result = await this.#priority(station, `${detail.slot},${detail.priority}`);
    if (lost(result)) return 'wait';
    const status = firstOf(result, 'setVariableResult', 'attributeStatus') ?? statusOf(result);
    return status === 'Accepted' || status === 'RebootRequired'
      ? { step: 'reset', detail }
      : { failed: `NetworkConfigurationPriority: ${status}` };
  }

  async #reset(detail: Detail, station: Station): Promise<Next | 'wait'> {
    const { clock } = this.#kernel;
    const resetAt = clock.now();
    // Downwards the lower profile must be let in; a boot on the old one lifts the record again.
    if (detail.target < station.record.securityProfile) await this.#lower(station, detail.target);
    const result = await this.#call(station, 'Reset', { type: 'OnIdle' });
    const status = statusOf(result);
    // No answer may be the restart itself.
    if (status !== 'Accepted' && status !== 'Scheduled' && !lost(result)) return { failed: `Reset: ${status}` };
    const deadline = status === 'Scheduled' ? detail.deadline : Math.min(detail.deadline, clock.now() + limits.upgradeRestartMs);
    const next = { step: 'waitForBoot' as const, detail: { ...detail, resetAt, deadline } };
    const job = this.#open.get(station.record.row);
    if (job) this.#expire({ ...job, detail: JSON.stringify(next.detail) });
    return next;
  }

  /** Called once the station was accepted; the record of the profile rose with that boot. */
  async #booted(detail: Detail, station: Station): Promise<Next | 'wait'> {
    const { session } = station;
    if (session === undefined || (station.record.bootAt ?? 0) < (detail.resetAt ?? 0)) return 'wait';
    const job = this.#open.get(station.record.row);
    if (job && session.admission.securityProfile === detail.target) {
      await this.#end(job, 'done', null);
      return 'wait';
    }
    // The old profile again: what was changed is taken back, the old credentials were valid all the time.
    if (detail.priority !== undefined) await this.#priority(station, detail.priority);
    return { failed: `fellBack: the station came back on security profile ${session.admission.securityProfile}` };
  }

  async #lower({ record }: Station, securityProfile: number): Promise<void> {
    if (record.securityProfile !== securityProfile)
      await this.#kernel.queue.commit([{ k: 'stationPatch', station: record.row, patch: { securityProfile } }]);
  }

  async #call(
    station: Station,
    action: 'InstallCertificate' | 'GetVariables' | 'SetNetworkProfile' | 'SetVariables' | 'Reset',
    payload: Readonly<Record<string, unknown>>,
  ): Promise<CommandResult> {
    const started = await this.#kernel.commands.start({ station, action, payload, origin: 'automation', actor: 'upgradeProfile' });
    return started.ended;
  }

  #priority(station: Station, attributeValue: string): Promise<CommandResult> {
    const named = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'NetworkConfigurationPriority' } };
    return this.#call(station, 'SetVariables', { setVariableData: [{ ...named, attributeValue }] });
  }

  #expire(job: JobRecord): void {
    const { scope, clock } = this.#kernel;
    const { deadline }: Detail = JSON.parse(job.detail);
    const inMs: Millis = Math.max(0, deadline - clock.now());
    scope.after(inMs, 'upgradeProfile takes too long (D17)', () =>
      scope.run('upgradeProfile', async () => {
        const present = this.#open.get(job.station);
        if (present?.id !== job.id) return;
        const now: Detail = JSON.parse(present.detail);
        if (now.deadline <= clock.now()) await this.#end(present, 'failed', `timeOut in step ${present.step}`);
      }),
    );
  }

  async #end(job: JobRecord, state: 'done' | 'failed', reason: string | null): Promise<void> {
    await this.#store({ ...job, state, reason, updatedAt: this.#kernel.clock.now() });
  }

  async #store(job: JobRecord): Promise<void> {
    await this.#kernel.queue.commit([{ k: 'jobPut', job }]);
    if (job.state === 'running') this.#open.set(job.station, job);
    else this.#open.delete(job.station);
  }
}

/** The link went away, or nobody knows: the step is done again when the station is back; each may be done twice. */
const lost = (result: CommandResult): boolean =>
  result.state === 'unknown' || (result.state === 'notSent' && result.reason === 'not-connected');

const statusOf = (result: CommandResult): string => {
  if (result.state === 'refused') return result.code;
  if (result.state !== 'answered') return result.reason;
  return isRecord(result.response) && 'status' in result.response ? String(result.response['status']) : 'no status';
};

function firstOf(result: CommandResult, list: string, field: string): string | undefined {
  const results = result.state === 'answered' && isRecord(result.response) ? result.response[list] : undefined;
  const first: unknown = Array.isArray(results) ? results[0] : undefined;
  const value = isRecord(first) ? first[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}
