import { type Action, existsIn, type Leniency, loadRules, mayComeFrom, type Ocpp, type OcppVersion, type Priority } from '@busbar/protocol';
import { BusbarError, type Crypto, formatInstant, isRecord, limits, type Millis, messageOf, Secret, splitPem } from '@busbar/runtime';
import { reportedKey, type SignedValue, signedValues } from './blocks/j-meter-values/signed/signed-values.ts';
import { COUNTERS, type CommandResult, commandAction, resultOf } from './commands.ts';
import type { StationSettings, TestOverrides } from './config.ts';
import type { Csms } from './csms.ts';
import { Fleet } from './fleet/fleet.ts';
import { generatePassword, hashPassword } from './passwords.ts';
import { type Station, unknownStation } from './stations.ts';
import type { CommandRecord, CommandState, JobRecord, TokenInput, TrustKind, TrustRecord } from './store/intents.ts';
import type { TxRecord } from './store/store.ts';
import { checkToken } from './token-rules.ts';

export interface CallOptions {
  readonly actor: string;
  readonly origin?: Priority;
  readonly timeoutMs?: Millis;
  readonly waitMs?: Millis;
  readonly raw?: boolean;
  readonly offline?: 'refuse' | 'queue';
  readonly expiresS?: number;
  readonly idempotencyKey?: string;
}

/** A command as it is shown everywhere (Contracts). */
export interface CallView {
  readonly commandId: string;
  readonly stationId: string;
  readonly action: string;
  readonly request: unknown;
  readonly origin: Priority;
  readonly actor: string;
  readonly messageId: string | null;
  readonly createdAt: string;
  readonly sentAt: string | null;
  readonly endedAt: string | null;
  readonly state: CommandState;
  readonly response?: unknown;
  readonly error?: { readonly code: string; readonly description: string };
  readonly reason?: string;
  readonly effect?: { readonly transactionId: string };
}

/** What people and programs can do with the CSMS, below HTTP: the routes, the tests and the simulator all come through here. */
export class UseCases {
  readonly fleet: Fleet;
  readonly #csms: Csms;

  constructor(csms: Csms) {
    this.#csms = csms;
    this.fleet = new Fleet(csms.kernel);
  }

  get kernel(): Csms['kernel'] {
    return this.#csms.kernel;
  }

  get bulk(): Csms['bulk'] {
    return this.#csms.bulk;
  }

  get webhooks(): Csms['webhooks'] {
    return this.#csms.webhooks;
  }

  station(id: string): Station {
    const station = this.kernel.stations.get(id);
    if (station === undefined) throw unknownStation(id);
    return station;
  }

  /** Registers a station. Returns its password only when it was made here. */
  async createStation(
    input: { id: string; serialNumber?: string; password?: string; securityProfile?: number; site?: number; virtual?: boolean },
    actor: string,
  ): Promise<{ station: Station; password?: string }> {
    const { kernel } = this.#csms;
    if (/[\s/]/.test(input.id))
      throw new BusbarError('invalid-request', 'A station id holds no spaces and no slashes.', { fields: { pointer: '/id' } });
    const password = input.password ?? generatePassword(kernel.random);
    if (input.password !== undefined) this.#checkPassword(input.password);
    const record = await this.#hash(input.id, password, input.password === undefined);
    const [outcome] = await kernel.queue.commit([
      {
        k: 'stationPut',
        station: {
          identity: input.id,
          password: record,
          securityProfile: input.securityProfile ?? 1,
          approval: 'approved',
          at: kernel.clock.now(),
          ...(input.serialNumber === undefined ? {} : { serialNumber: input.serialNumber }),
          ...(input.site === undefined ? {} : { site: input.site }),
          ...(input.virtual === true ? { settings: JSON.stringify({ virtual: true }) } : {}),
        },
      },
      { ...this.#audit(actor, 'createStation', input.id, '', 'done'), ifFirst: true },
    ]);
    if (outcome?.result === 'duplicate') throw new BusbarError('station-exists', `Station ${input.id} is already registered.`);
    const station = await kernel.stations.refresh(input.id);
    if (station === undefined) throw new BusbarError('internal', 'the station was stored and is not there');
    kernel.live.publish({ type: 'station', stationId: input.id, what: 'created', detail: {} });
    return { station, ...(input.password === undefined ? { password } : {}) };
  }

  async setPassword(id: string, given: string | undefined, actor: string): Promise<string | undefined> {
    const station = this.station(id);
    if (given !== undefined) this.#checkPassword(given);
    const password = given ?? generatePassword(this.kernel.random);
    const record = await this.#hash(id, password, given === undefined);
    await this.kernel.queue.commit([
      { k: 'stationPatch', station: station.record.row, patch: { password: record, pendingPassword: null } },
      this.#audit(actor, 'setPassword', id, '', 'done'),
    ]);
    return given === undefined ? password : undefined;
  }

  /** D20: a station that has never booted sent a password that is not ours; somebody who knows its address says that it is right. */
  async takeOfferedPassword(id: string, remoteAddress: string): Promise<void> {
    const station = this.station(id);
    const { offeredPassword, record } = station;
    if (record.registration !== null)
      throw new BusbarError('conflict', `Station ${id} has booted before: its password is known. Set a new one instead.`);
    if (offeredPassword?.remoteAddress !== remoteAddress)
      throw new BusbarError('conflict', `No password from ${remoteAddress} is remembered for ${id}. It is taken at its next attempt.`);
    station.offeredPassword = undefined;
    await this.kernel.queue.commit([
      { k: 'stationPatch', station: record.row, patch: { password: offeredPassword.hash, pendingPassword: null } },
    ]);
  }

  /** A01: gives the station another password; made here when none is given, and then shown once. */
  async changePassword(id: string, given: string | undefined, actor: string): Promise<{ status: string; password?: string }> {
    const station = this.station(id);
    if (given !== undefined) this.#checkPassword(given);
    const attributeValue = given ?? generatePassword(this.kernel.random);
    const named = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };
    const started = await this.kernel.commands.start({
      station,
      action: 'SetVariables',
      payload: { setVariableData: [{ ...named, attributeValue }] },
      origin: 'person',
      actor,
      generatedPassword: given === undefined,
    });
    const result = await started.ended;
    if (result.state !== 'answered')
      throw new BusbarError(
        result.state === 'unknown' ? 'no-answer' : 'not-connected',
        `SetVariables ended as ${result.state}${result.state === 'unknown' ? '; the old and the new password are valid until one is used' : ''}.`,
      );
    const [first] = this.#statusesOf(result.response);
    const status = first ?? 'no status';
    await this.kernel.queue.commit([this.#audit(actor, 'changePassword', id, '', status)]);
    return { status, ...(given === undefined && status === 'Accepted' ? { password: attributeValue } : {}) };
  }

  #statusesOf(response: unknown): readonly string[] {
    const results = isRecord(response) ? response['setVariableResult'] : undefined;
    return Array.isArray(results) ? results.map((result: unknown) => (isRecord(result) ? String(result['attributeStatus']) : '')) : [];
  }

  /** A02: asks for a certificate request; what follows shows in the station's certificates. */
  async renewCertificate(id: string, use: Ocpp.CertificateSigningUseEnumType, actor: string): Promise<CallView> {
    const started = await this.#csms.automations.desk.renew(this.station(id), use, actor);
    await started.ended;
    return this.command(started.id);
  }

  /** A00.FR.704: from now on this certificate opens nothing; a link that rests on it is closed. */
  async revokeCertificate(id: string, serial: string, reason: string, actor: string): Promise<void> {
    const station = this.station(id);
    const found = (await this.kernel.read.certificates(station.record.row)).find((entry) => entry.serial === serial.toLowerCase());
    if (found === undefined) throw new BusbarError('not-found', `Station ${id} has no certificate ${serial} from here.`);
    await this.kernel.queue.commit([
      { k: 'certificateState', issuer: found.issuer, serial: found.serial, state: 'revoked', at: this.kernel.clock.now(), reason },
      this.#audit(actor, 'revokeCertificate', `${id} ${found.serial}`, reason, 'done'),
    ]);
    if (station.session?.admission.certificate?.serial === found.serial) station.session.close(1008, 'the client certificate was revoked');
  }

  /** A05: a job of durable steps. */
  async upgradeProfile(id: string, target: 2 | 3, actor: string): Promise<JobRecord> {
    const job = await this.#csms.automations.upgrades.start(this.station(id), target, actor);
    await this.kernel.queue.commit([this.#audit(actor, 'upgradeProfile', id, '', `to security profile ${target}`)]);
    return job;
  }

  /** The roots of one kind; our own authority's stands first where it counts. */
  async trust(kind: TrustKind): Promise<readonly TrustRecord[]> {
    const { read, authority } = this.kernel;
    const known = await read.trust(kind);
    if (!authority || kind === 'manufacturer' || kind === 'mo') return known;
    const own = this.#trustRecord(await this.kernel.crypto(), kind, authority.root, 0);
    return own ? [own, ...known] : known;
  }

  /** A PEM text with one certificate or many. */
  async addTrust(kind: TrustKind, pem: string, actor: string): Promise<readonly TrustRecord[]> {
    const crypto = await this.kernel.crypto();
    const pems = splitPem(pem);
    const records = pems.flatMap((one) => this.#trustRecord(crypto, kind, one, this.kernel.clock.now()) ?? []);
    if (records.length === 0 || records.length !== pems.length)
      throw new BusbarError('invalid-request', 'Not a certificate in PEM, or one that cannot be read.', { fields: { pointer: '/pem' } });
    if ((await this.kernel.read.trust(kind)).length + records.length > limits.trustRoots)
      throw new BusbarError('conflict', `At most ${limits.trustRoots} roots of one kind.`);
    await this.kernel.queue.commit([
      ...records.map((root) => ({ k: 'trustPut', root }) as const),
      this.#audit(
        actor,
        'addTrust',
        kind,
        '',
        records
          .map(({ subject }) => subject)
          .join(', ')
          .slice(0, 200),
      ),
    ]);
    return records;
  }

  async removeTrust(kind: TrustKind, fingerprint: string, actor: string): Promise<void> {
    const [outcome] = await this.kernel.queue.commit([
      { k: 'trustDelete', kind, fingerprint: fingerprint.toLowerCase() },
      { ...this.#audit(actor, 'removeTrust', `${kind} ${fingerprint.slice(0, 16)}`, '', 'done'), ifFirst: true },
    ]);
    if (outcome?.result === 'notFound') throw new BusbarError('not-found', `No such root among those for ${kind}.`);
  }

  /** A00.FR.705: serial numbers that another issuer revoked, from his list (CRL). Returns how many there are. */
  async importRevocations(crl: string, issuer: string, actor: string): Promise<number> {
    const crypto = await this.kernel.crypto();
    const facts = crypto.readCertificate(issuer);
    const list = crypto.readRevocationList(crl, issuer);
    if (!facts || !list)
      throw new BusbarError('invalid-request', 'The list cannot be read, or is not signed by this issuer.', {
        fields: { pointer: '/crl' },
      });
    const at = this.kernel.clock.now();
    await this.kernel.queue.commit([
      ...list.serialNumbers.map((serial) => ({ k: 'serialRevoked', issuer: facts.fingerprint, serial, at, reason: 'CRL' }) as const),
      this.#audit(
        actor,
        'importRevocations',
        facts.subject.commonName ?? facts.fingerprint,
        '',
        `${list.serialNumbers.length} serial numbers`,
      ),
    ]);
    return list.serialNumbers.length;
  }

  #trustRecord(crypto: Crypto, kind: TrustKind, pem: string, addedAt: number): TrustRecord | undefined {
    const facts = crypto.readCertificate(pem);
    const hashData = crypto.certificateHash(pem, pem, 'SHA256');
    if (!facts || !hashData) return undefined;
    const { commonName, organization } = facts.subject;
    return {
      kind,
      fingerprint: facts.fingerprint,
      pem: facts.pem,
      subject: [commonName, organization].filter((part) => part !== undefined).join(', '),
      notAfter: facts.notAfter,
      hashData,
      addedAt,
    };
  }

  async patchStation(
    id: string,
    patch: {
      serialNumber?: string | null;
      site?: number;
      securityProfile?: number;
      acceptExpiredCertificate?: boolean;
      runningCost?: 'message' | 'answer';
      automations?: StationSettings['automations'];
    },
    actor: string,
  ): Promise<Station> {
    const station = this.station(id);
    const { automations, acceptExpiredCertificate, runningCost, ...columns } = patch;
    const changed = {
      ...station.settings,
      ...(automations === undefined ? {} : { automations: { ...station.settings.automations, ...automations } }),
      ...(acceptExpiredCertificate === undefined ? {} : { acceptExpiredCertificate }),
      ...(runningCost === undefined ? {} : { runningCost }),
    };
    const same = [automations, acceptExpiredCertificate, runningCost].every((setting) => setting === undefined);
    const settings = same ? {} : { settings: JSON.stringify(changed) };
    await this.kernel.queue.commit([
      { k: 'stationPatch', station: station.record.row, patch: { ...columns, ...settings } },
      this.#audit(actor, 'patchStation', id, '', 'done'),
    ]);
    return station;
  }

  /** D3: which faults of its messages are forgiven from now on. */
  async setLeniencies(id: string, on: readonly Leniency[], actor: string): Promise<Station> {
    const station = this.station(id);
    const leniencies = [...new Set(on)].sort();
    await this.kernel.queue.commit([
      { k: 'stationPatch', station: station.record.row, patch: { settings: JSON.stringify({ ...station.settings, leniencies }) } },
      this.#audit(actor, 'setLeniencies', id, '', leniencies.join(' ') || 'none'),
    ]);
    return station;
  }

  async deleteStation(id: string, actor: string): Promise<void> {
    const station = this.station(id);
    const { site } = station.record;
    const { files } = this.kernel;
    const names = await files.filesOf(station.record.row);
    const [outcome] = await this.kernel.queue.commit([
      { k: 'stationDelete', station: station.record.row },
      { ...this.#audit(actor, 'deleteStation', id, '', 'done'), ifFirst: true },
    ]);
    if (outcome?.result === 'conflict')
      throw new BusbarError(
        'station-has-transactions',
        `Station ${id} has transactions; their bills must stay. ?withTransactions=retire keeps them and lets it in no more.`,
      );
    for (const name of names) await files.store.remove(name);
    station.session?.close(1008, 'the station was removed');
    await this.kernel.stations.refresh(id);
    this.kernel.live.publish({ type: 'station', stationId: id, what: 'deleted', detail: { site } });
  }

  async hasTransactions(id: string): Promise<boolean> {
    return (await this.kernel.read.transactions({ station: this.station(id).record.row, limit: 1 })).length > 0;
  }

  /** D20: from now on its boots are Accepted; it is asked to boot at once. */
  async approve(id: string, approval: 'approved' | 'rejected', actor: string): Promise<void> {
    const station = this.station(id);
    await this.kernel.queue.commit([
      { k: 'stationPatch', station: station.record.row, patch: { approval } },
      this.#audit(actor, approval === 'approved' ? 'acceptStation' : 'rejectStation', id, '', 'done'),
    ]);
    if (approval === 'approved' && station.session !== undefined) {
      await this.kernel.commands.start({
        station,
        action: 'TriggerMessage',
        payload: { requestedMessage: 'BootNotification' },
        origin: 'person',
        actor,
      });
    }
  }

  /** Sends a message of the CSMS and waits for its end as long as asked. */
  async call(id: string, name: string, payload: Readonly<Record<string, unknown>>, options: CallOptions): Promise<CallView> {
    const station = this.station(id);
    const action = commandAction(name);
    if (!mayComeFrom(action, 'csms')) throw new BusbarError('invalid-request', `${action} is sent by stations, not by the CSMS.`);
    if (options.raw === true && !this.kernel.config.testMode) throw new BusbarError('test-mode-only', 'mode=raw needs --test-mode.');
    if (options.raw !== true) {
      await this.#checkRequest(station, action, payload);
      await this.#checkRules(id, action, payload);
    }
    const started = await this.kernel.commands.start({
      station,
      action,
      payload,
      origin: options.origin ?? 'person',
      actor: options.actor,
      offline: options.offline ?? 'refuse',
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.raw === undefined ? {} : { raw: options.raw }),
      ...(options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey }),
      ...(options.expiresS === undefined ? {} : { expiresAt: this.kernel.clock.now() + options.expiresS * 1000 }),
    });
    await this.#within(started.ended, options.waitMs ?? 60_000);
    return this.command(started.id);
  }

  /** Refuses what no station of any version could be sent. */
  async checkCall(name: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
    const action = commandAction(name);
    if (!mayComeFrom(action, 'csms')) throw new BusbarError('invalid-request', `${action} is sent by stations, not by the CSMS.`);
    const counter = COUNTERS[action];
    const trial = counter === undefined ? payload : { [counter]: 0, ...payload };
    const fault = (await loadRules('ocpp2.1')).requestFault(action, trial);
    if (fault === undefined) return;
    if (existsIn(action, 'ocpp2.0.1') && (await loadRules('ocpp2.0.1')).requestFault(action, trial) === undefined) return;
    throw new BusbarError('invalid-request', `${action}: ${fault.message}`, { fields: { pointer: '/action/payload' } });
  }

  async command(id: string, waitMs: Millis = 0): Promise<CallView> {
    if (waitMs > 0) await this.#within(this.kernel.commands.wait(id), waitMs);
    const record = await this.kernel.read.command(id);
    if (record === undefined) throw new BusbarError('not-found', `No command ${id}.`);
    return this.commandView(record);
  }

  /** One shape for every command. */
  commandView(record: CommandRecord): CallView {
    const { id, station, action, request, origin, actor, messageId, createdAt, sentAt, endedAt, effect } = record;
    return {
      commandId: id,
      stationId: this.kernel.stations.byRow(station)?.record.identity ?? '',
      action,
      request: JSON.parse(request),
      origin,
      actor,
      messageId,
      createdAt: formatInstant(createdAt),
      sentAt: sentAt === null ? null : formatInstant(sentAt),
      endedAt: endedAt === null ? null : formatInstant(endedAt),
      ...(endedAt === null ? { state: record.state } : endOf(resultOf(record))),
      ...(effect === null ? {} : { effect: JSON.parse(effect) }),
    };
  }

  async putToken(token: TokenInput, actor: string): Promise<void> {
    checkToken(token);
    await this.kernel.queue.commit([
      { k: 'tokenPut', token },
      this.#audit(actor, 'putToken', `${token.type} ...${token.idToken.slice(-4)}`, '', token.status),
    ]);
  }

  async deleteToken(type: string, idToken: string, actor: string): Promise<void> {
    const [outcome] = await this.kernel.queue.commit([
      { k: 'tokenDelete', type, idToken },
      { ...this.#audit(actor, 'deleteToken', `${type} ...${idToken.slice(-4)}`, '', 'done'), ifFirst: true },
    ]);
    if (outcome?.result === 'notFound') throw new BusbarError('token-unknown', `No token ${idToken} of type ${type}.`);
  }

  async transaction(stationId: string, transactionId: string, generation?: number): Promise<TxRecord> {
    const record = await this.kernel.read.transaction(this.station(stationId).record.row, transactionId, generation);
    if (record === undefined)
      throw new BusbarError('transaction-unknown', `Station ${stationId} never spoke of transaction ${transactionId}.`);
    return record;
  }

  /** What the meter signed in this transaction, byte for byte, and whether it is so. */
  async signedMeterValues({ id, station, row }: TxRecord): Promise<readonly SignedValue[]> {
    const { read, log } = this.kernel;
    const [events, variables] = [await read.events(id), await read.variables(station)];
    const crypto = await this.kernel.crypto().catch((error: unknown) => {
      log.warn('signed values are not checked', { error: messageOf(error) });
      return undefined;
    });
    return signedValues(
      events.map(({ request }) => request),
      reportedKey(variables, row.evse),
      crypto,
    );
  }

  /** A stuck transaction: closed with what is known, on somebody's word (D7). */
  async closeTransaction(stationId: string, transactionId: string, reason: string, actor: string, generation?: number): Promise<TxRecord> {
    const record = await this.transaction(stationId, transactionId, generation);
    const at = this.kernel.clock.now();
    await this.kernel.queue.commit([
      {
        k: 'txFact',
        station: record.station,
        txid: transactionId,
        generation: record.row.generation,
        fact: { kind: 'operatorClose', at, reason, actor },
      },
      this.#audit(actor, 'closeTransaction', `${stationId} ${transactionId}`, reason, 'done'),
    ]);
    return this.transaction(stationId, transactionId, record.row.generation);
  }

  /** D3: the repaired body takes the invalid one's place; the raw frame stays. */
  async repairInvalidEvent(stationId: string, n: number, body: unknown, reason: string, actor: string): Promise<void> {
    const station = this.station(stationId);
    const rules = await loadRules('ocpp2.1');
    const fault = rules.requestFault('TransactionEvent', body);
    if (fault !== undefined || !rules.isRequest('TransactionEvent', body))
      throw new BusbarError('invalid-request', fault?.message ?? 'not a TransactionEventRequest');
    await this.#openInvalidEvent(station, n);
    const at = this.kernel.clock.now();
    await this.kernel.queue.commit([
      { k: 'invalidResolved', station: station.record.row, id: n, how: 'repaired', at, actor, reason },
      { k: 'txEvent', station: station.record.row, receivedAt: at, request: body },
    ]);
  }

  async discardInvalidEvent(stationId: string, n: number, reason: string, actor: string): Promise<void> {
    const station = this.station(stationId);
    await this.#openInvalidEvent(station, n);
    await this.kernel.queue.commit([
      { k: 'invalidResolved', station: station.record.row, id: n, how: 'discarded', at: this.kernel.clock.now(), actor, reason },
    ]);
  }

  /** B05, B06: many variables, in messages as large as the station allows (ItemsPerMessage, B05.FR.11, B06.FR.05). */
  async getVariables(
    id: string,
    variables: readonly Ocpp.GetVariableDataType[],
    actor: string,
  ): Promise<readonly Ocpp.GetVariableResultType[]> {
    const results: Ocpp.GetVariableResultType[] = [];
    for (const part of split(variables, await this.#itemsPerMessage(id, 'GetVariables'))) {
      const answered = await this.#answered(id, 'GetVariables', { getVariableData: part }, actor);
      if (isRecord(answered) && Array.isArray(answered['getVariableResult'])) results.push(...answered['getVariableResult']);
    }
    return results;
  }

  async setVariables(
    id: string,
    variables: readonly Ocpp.SetVariableDataType[],
    actor: string,
  ): Promise<readonly Ocpp.SetVariableResultType[]> {
    const results: Ocpp.SetVariableResultType[] = [];
    for (const part of split(variables, await this.#itemsPerMessage(id, 'SetVariables'))) {
      const answered = await this.#answered(id, 'SetVariables', { setVariableData: part }, actor);
      if (isRecord(answered) && Array.isArray(answered['setVariableResult'])) results.push(...answered['setVariableResult']);
    }
    return results;
  }

  async setTestOverrides(id: string, test: TestOverrides): Promise<void> {
    if (!this.kernel.config.testMode) throw new BusbarError('test-mode-only', 'Start the CSMS with --test-mode to use overrides.');
    const station = this.station(id);
    await this.kernel.queue.commit([
      { k: 'stationPatch', station: station.record.row, patch: { settings: JSON.stringify({ ...station.settings, test }) } },
    ]);
  }

  async #answered(id: string, action: Action, payload: Readonly<Record<string, unknown>>, actor: string): Promise<unknown> {
    const view = await this.call(id, action, payload, { actor });
    if (view.state === 'answered') return view.response;
    throw new BusbarError(
      view.state === 'unknown' ? 'no-answer' : 'not-connected',
      `${action} ended as ${view.state}: ${view.reason ?? view.error?.description ?? ''}`,
    );
  }

  async #itemsPerMessage(id: string, instance: ItemsInstance): Promise<number> {
    const station = this.station(id);
    const override = station.settings.test?.itemsPerMessage?.[OVERRIDES[instance]];
    if (this.kernel.config.testMode && override !== undefined) return override;
    const known = await this.kernel.read.variables(station.record.row);
    const value = known.find(
      (row) =>
        row.component === 'DeviceDataCtrlr' &&
        row.variable === 'ItemsPerMessage' &&
        row.instance === instance &&
        row.attribute === 'Actual',
    )?.value;
    const items = Number(value ?? 4); // unknown: small enough for every station
    return Number.isInteger(items) && items > 0 ? items : 1;
  }

  async #openInvalidEvent(station: Station, n: number): Promise<void> {
    const all = await this.kernel.read.invalidEvents(station.record.row);
    const found = all.find(({ id }) => id === n);
    if (found === undefined) throw new BusbarError('not-found', `No invalid event ${n}.`);
    if (found.state !== 'open') throw new BusbarError('conflict', `Invalid event ${n} was ${found.state} already.`);
  }

  async #checkRequest(station: Station, action: Action, payload: Readonly<Record<string, unknown>>): Promise<void> {
    const rules = station.session?.peer.rules ?? (await loadRules(versionOf(station)));
    // What only the CSMS can give out is filled in later; here it counts as present.
    const counter = COUNTERS[action];
    const trial = counter === undefined ? payload : { [counter]: 0, ...payload };
    try {
      rules.outgoingRequest(action, trial);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'not valid';
      throw new BusbarError('invalid-request', message, { cause: error, fields: { pointer: /(\/[\w/]+)/.exec(message)?.[1] ?? '' } });
    }
  }

  /** What the schema cannot say: rules for the CSMS that a station would have to refuse or guess. */
  async #checkRules(id: string, action: Action, payload: Readonly<Record<string, unknown>>): Promise<void> {
    const list = LISTS[action];
    if (list !== undefined) {
      const items = payload[list.field];
      const count = Array.isArray(items) ? items.length : 0;
      const most = count > 1 ? await this.#itemsPerMessage(id, list.instance) : count;
      if (count > most)
        refuse(
          `The station takes ${most} elements in one ${action} (${list.clause}); this request has ${count}. POST /variables/get and /variables/set split by themselves.`,
          `/${list.field}`,
        );
    }
    await this.#checkCertificates(id, action, payload);
    if (action === 'CustomerInformation' && CUSTOMER.filter((name) => payload[name] !== undefined).length !== 1)
      refuse('Exactly one of idToken, customerCertificate and customerIdentifier names the customer (N09.FR.04, N10.FR.08).', '');
    if (action === 'SetVariables' && repeats(payload['setVariableData']))
      refuse('The same component, variable and attribute stands twice in one SetVariables (B05.FR.13).', '/setVariableData');
    if (
      action === 'TriggerMessage' &&
      payload['requestedMessage'] === 'StatusNotification' &&
      !(isRecord(payload['evse']) && payload['evse']['connectorId'] !== undefined)
    ) {
      refuse('A StatusNotification is triggered for one connector: evse.connectorId is missing (F06.FR.13).', '/evse/connectorId');
    }
  }

  /** A hash is only understood in the algorithm in which the station told it (M04.FR.07, N09.FR.08, N10.FR.09). */
  async #checkCertificates(id: string, action: Action, payload: Readonly<Record<string, unknown>>): Promise<void> {
    const name =
      action === 'DeleteCertificate' ? 'certificateHashData' : action === 'CustomerInformation' ? 'customerCertificate' : undefined;
    const hash = name === undefined ? undefined : payload[name];
    if (!isRecord(hash)) return;
    const told = await this.kernel.read.installedCertificates(this.station(id).record.row);
    const same = told?.chains
      .flatMap(({ certificateHashData, childCertificateHashData = [] }) => [certificateHashData, ...childCertificateHashData])
      .filter(({ serialNumber }) => serialNumber.toLowerCase() === String(hash['serialNumber']).toLowerCase());
    const [first] = same ?? [];
    if (first && !same?.some(({ hashAlgorithm }) => hashAlgorithm === hash['hashAlgorithm']))
      refuse(
        `The station tells this certificate with ${first.hashAlgorithm}; ask in the same algorithm (M04.FR.07, N09.FR.08, N10.FR.09).`,
        `/${name}/hashAlgorithm`,
      );
  }

  async #within(promise: Promise<CommandResult>, waitMs: Millis): Promise<void> {
    if (waitMs <= 0) return;
    const late = Promise.withResolvers<void>();
    const timer = this.kernel.scope.after(waitMs, 'wait for a command', () => late.resolve());
    await Promise.race([promise, late.promise]);
    timer.cancel();
  }

  #hash(id: string, password: string, generated: boolean): Promise<string> {
    return hashPassword(
      id,
      new Secret(password),
      generated ? 'generated' : 'chosen',
      this.#csms.pepper,
      this.kernel.random,
      this.#csms.slowHash,
    );
  }

  #checkPassword(password: string): void {
    const length = Array.from(password).length;
    const shortest = this.kernel.config.testMode ? 1 : 16;
    if (length < shortest || length > 64)
      throw new BusbarError(
        'invalid-request',
        `A station's password has ${shortest} to 64 characters (A00.FR.205); this one has ${length}.`,
        { fields: { pointer: '/password' } },
      );
  }

  #audit(actor: string, action: string, target: string, reason: string, result: string) {
    return { k: 'audit', at: this.kernel.clock.now(), actor, action, target, reason, result } as const;
  }
}

/** Which list of a message may hold how many elements: the instance of ItemsPerMessage that says so. */
const LISTS: Partial<Record<Action, { field: string; instance: ItemsInstance; clause: string }>> = {
  SetVariables: { field: 'setVariableData', instance: 'SetVariables', clause: 'B05.FR.11' },
  GetVariables: { field: 'getVariableData', instance: 'GetVariables', clause: 'B06.FR.05' },
  GetReport: { field: 'componentVariable', instance: 'GetReport', clause: 'B08.FR.06' },
};
type ItemsInstance = 'SetVariables' | 'GetVariables' | 'GetReport';
const CUSTOMER = ['idToken', 'customerCertificate', 'customerIdentifier'] as const;
const OVERRIDES = { SetVariables: 'setVariables', GetVariables: 'getVariables', GetReport: 'getReport' } as const;

/** Two elements for the same attribute; one that is left out counts as Actual. */
function repeats(data: unknown): boolean {
  if (!Array.isArray(data)) return false;
  const keys = data.map((entry: unknown) =>
    isRecord(entry) ? JSON.stringify([entry['component'], entry['variable'], entry['attributeType'] ?? 'Actual']) : '',
  );
  return new Set(keys).size < keys.length;
}

function refuse(detail: string, pointer: string): never {
  throw new BusbarError('invalid-request', detail, { fields: { pointer } });
}

const versionOf = (station: Station): OcppVersion => (station.record.version === 'ocpp2.0.1' ? 'ocpp2.0.1' : 'ocpp2.1');

function endOf(result: CommandResult): Pick<CallView, 'state' | 'response' | 'error' | 'reason'> {
  switch (result.state) {
    case 'answered':
      return { state: 'answered', response: result.response };
    case 'refused':
      return { state: 'refused', error: { code: result.code, description: result.description } };
    case 'unknown':
    case 'notSent':
      return { state: result.state, reason: result.reason };
  }
}

function split<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
