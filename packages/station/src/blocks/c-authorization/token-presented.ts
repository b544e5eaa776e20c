import type { Ocpp } from '@busbar/protocol';
import { AuthCtrlr } from '@busbar/protocol/device-model';
import { limits, type Millis, maskToken, s, type Timer } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { Authorization, Session } from '../e-transactions/session.ts';
import type { Sessions } from '../e-transactions/sessions.ts';
import { type Authorizer, sameToken, type Verdict } from './authorize.ts';

export interface PresentDeps {
  readonly context: Context;
  readonly sessions: Sessions;
  readonly authorizer: Authorizer;
  /** Charging may begin here: operative, no fault, and the station is accepted or may work before that. */
  readonly mayStart: (evseId: number) => boolean;
}

/** A driver shows a token: to stop, to free a cable, or to start (C01, C04, C06, C09, E07). */
export class TokenPresented {
  readonly #deps: PresentDeps;
  readonly #visits = new Set<Promise<void>>();
  #wrongPins = 0;
  #pinsFrom: Millis = 0;
  /** A master pass waits for a choice on the display (C16). */
  #choice: { readonly token: Ocpp.IdTokenType; readonly timer: Timer } | undefined;

  constructor(deps: PresentDeps) {
    this.#deps = deps;
  }

  /** Resolves when every driver who came has been answered. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#visits);
  }

  present(token: Ocpp.IdTokenType, evseId: number | undefined): Promise<void> {
    return this.#visit(this.#present(token, evseId));
  }

  async #visit(visit: Promise<void>): Promise<void> {
    this.#visits.add(visit);
    try {
      await visit;
    } finally {
      this.#visits.delete(visit);
    }
  }

  async #present(token: Ocpp.IdTokenType, evseId: number | undefined): Promise<void> {
    const { context, sessions } = this.#deps;
    context.note(`token ${shown(token)} presented${evseId === undefined ? '' : ` at EVSE ${evseId}`}`);
    if (token.type === 'KeyCode' && context.clock.monotonic() < this.#pinsFrom) {
      return this.#refuse(evseId, 'Wait before the next PIN'); // C04.FR.06
    }
    if (!context.dm.list(AuthCtrlr.SupportedIdTokenTypes).includes(token.type)) {
      return this.#refuse(evseId, 'This station cannot use such a token'); // the CSMS may not even have a word for it
    }
    const kept = sessions.all.find((session) => sameToken(session.keepLockedFor, token) && concerns(session, evseId));
    if (kept) return sessions.post(kept.evseId, { kind: 'released' }); // E05.FR.11, E09.FR.03
    const running = sessions.all.find(
      (session) => session.authorization && concerns(session, evseId) && sameToken(session.authorization.idToken, token),
    );
    if (running) return this.#stop(running, token); // C01.FR.03 (a), E07.FR.01: the same token asks nobody
    if (await this.#stopsAll(token, evseId)) return;
    if (await this.#stopsForGroup(token, evseId)) return;
    await this.#start(token, evseId);
  }

  /** C02.FR.01: a button is a driver without a name. */
  startButton(evseId: number): Promise<void> {
    return this.#visit(this.#start({ idToken: '', type: 'NoAuthorization' }, evseId));
  }

  stopButton(evseId: number): void {
    if (this.#deps.sessions.get(evseId).authorization) this.#deps.sessions.post(evseId, { kind: 'stopAuthorized' });
  }

  #stop(session: Session, token: Ocpp.IdTokenType): void {
    this.#deps.sessions.post(session.evseId, { kind: 'stopAuthorized', idToken: token });
  }

  /** C16: a master pass ends whatever runs. Who is unknown is asked here only where nobody could start, else on the way to start. */
  async #stopsAll(token: Ocpp.IdTokenType, evseId: number | undefined): Promise<boolean> {
    const { sessions, authorizer } = this.#deps;
    if (!authorizer.knowsMasterPass || !sessions.all.some((session) => session.transaction)) return false;
    const known = authorizer.known(token);
    if (known || this.#target(evseId) !== undefined) return this.#endAll(token, known); // C16.FR.04
    return this.#endAll(token, (await authorizer.ask(token))?.info);
  }

  /** C16.FR.01: with a display the person chooses; C16.FR.02: without one all of them end. */
  #endAll(token: Ocpp.IdTokenType, info: Ocpp.IdTokenInfoType | undefined): boolean {
    const { sessions, authorizer } = this.#deps;
    if (info?.status !== 'Accepted' || !authorizer.isMasterPass(info)) return false;
    const running = sessions.all.filter((session) => session.transaction);
    if (running.length > 0 && this.#deps.context.layout.hasSelection === true) this.#offer(token, running);
    else this.#end(token, running);
    return running.length > 0;
  }

  #end(token: Ocpp.IdTokenType, chosen: readonly Session[]): void {
    for (const { evseId } of chosen) this.#deps.sessions.post(evseId, { kind: 'stopAuthorized', idToken: token, masterPass: true });
  }

  /** The choice stands for a while, then it is business as usual again. */
  #offer(token: Ocpp.IdTokenType, running: readonly Session[]): void {
    const { context } = this.#deps;
    this.#choice?.timer.cancel();
    const lines = ['Which transactions shall end?', 'all', ...running.map(({ evseId }) => `EVSE ${evseId}`)];
    for (const { id } of context.layout.evses) context.hardware.display(id, lines);
    const timer = context.scope.after(limits.selectionMs, 'choice with a master pass (C16)', () =>
      this.#closeChoice('Nothing more was chosen'),
    );
    this.#choice = { token, timer };
  }

  /** C16.FR.01: what the person with the master pass chose on the display; one EVSE after the other, or all. */
  select(evseId: number | undefined): void {
    const { context, sessions } = this.#deps;
    if (!this.#choice) return context.note('a choice on the display that nobody was asked for');
    const { token } = this.#choice;
    const running = sessions.all.filter((session) => session.transaction);
    const chosen = running.filter((session) => evseId === undefined || session.evseId === evseId);
    if (chosen.length === 0) return context.note(`nothing runs at EVSE ${evseId}`);
    this.#end(token, chosen);
    if (chosen.length === running.length) this.#closeChoice('Ended');
  }

  #closeChoice(text: string): void {
    const { context } = this.#deps;
    this.#choice?.timer.cancel();
    this.#choice = undefined;
    for (const { id } of context.layout.evses) context.hardware.display(id, [text]);
  }

  /** C09: another token of the same group ends the authorization; one that is not Accepted does not (C09.FR.11). */
  async #stopsForGroup(token: Ocpp.IdTokenType, evseId: number | undefined): Promise<boolean> {
    const { sessions, authorizer } = this.#deps;
    const target = this.#target(evseId);
    if (target !== undefined && target > 0) return false; // a free EVSE with a vehicle waits for this driver
    const local = this.#sameGroup(authorizer.known(token), evseId); // C01.FR.03 (b), C09.FR.07: nobody is asked
    if (local) {
      this.#stop(local, token);
      return true;
    }
    if (target !== undefined || !sessions.all.some((session) => concerns(session, evseId) && groupOf(session))) return false;
    const verdict = await authorizer.ask(token); // C09.FR.05
    const session = verdict?.kind === 'accepted' ? this.#sameGroup(verdict.info, evseId) : undefined;
    if (session) this.#stop(session, token);
    else this.#refuse(evseId, 'This EVSE is in use');
    return true;
  }

  #sameGroup(info: Ocpp.IdTokenInfoType | undefined, evseId: number | undefined): Session | undefined {
    if (info?.status !== 'Accepted') return undefined;
    return this.#deps.sessions.all.find(
      (session) => session.authorization && concerns(session, evseId) && sameToken(groupOf(session), info.groupIdToken),
    );
  }

  async #start(token: Ocpp.IdTokenType, wish: number | undefined): Promise<void> {
    const { context, sessions, authorizer } = this.#deps;
    const first = this.#target(wish);
    if (first === undefined) return this.#refuse(wish, 'No EVSE is free');
    if (this.#strange(first, token)) return this.#refuse(wish, 'Another token began this transaction'); // C01.FR.23
    const verdict = await authorizer.decide(token);
    if (context.scope.closed) return;
    this.#countPin(token, verdict);
    this.#show(first, verdict);
    if (this.#endAll(token, verdict.info)) return;
    if (verdict.kind === 'refused') return context.note(`token ${shown(token)} refused: ${verdict.status}`);
    // C09.FR.03: nobody waits to start, and the answer told that a running transaction belongs to this driver's group.
    const running = first === 0 ? this.#sameGroup(verdict.info, wish) : undefined;
    if (running) return this.#stop(running, token);
    const evseId = this.#target(wish, verdict.info.evseId);
    if (evseId === undefined || this.#strange(evseId, token)) return this.#refuse(wish, 'Not for this EVSE'); // C01.FR.21
    sessions.post(evseId, { kind: 'authorized', authorization: authorizationOf(token, verdict, context.clock.now()) });
  }

  /** The EVSE a start would concern: the one asked for, the one a vehicle waits at, or 0 = not known yet. */
  #target(wish: number | undefined, allowed?: readonly number[]): number | undefined {
    const { sessions, context, mayStart } = this.#deps;
    const mayUse = (id: number): boolean => mayStart(id) && (!allowed || allowed.length === 0 || allowed.includes(id)); // C01.FR.21
    if (wish !== undefined) return mayUse(wish) && isFree(sessions.get(wish)) ? wish : undefined;
    const free = context.layout.evses.map((evse) => sessions.get(evse.id)).filter((session) => isFree(session) && mayUse(session.evseId));
    const waiting = free.filter((session) => session.connectorId !== undefined || session.parked);
    const [only] = waiting.length > 0 ? waiting : context.layout.evses.length === 1 ? free : [];
    if (only) return only.evseId;
    return free.length > 0 && !sessions.get(0).authorization ? 0 : undefined;
  }

  #strange(evseId: number, token: Ocpp.IdTokenType): boolean {
    const { transaction } = this.#deps.sessions.get(evseId);
    return transaction?.idToken !== undefined && !sameToken(transaction.idToken, token);
  }

  #countPin(token: Ocpp.IdTokenType, verdict: Verdict): void {
    if (token.type !== 'KeyCode') return;
    this.#wrongPins = verdict.kind === 'accepted' ? 0 : this.#wrongPins + 1;
    const waitMs = this.#wrongPins === 0 ? 0 : Math.min(limits.pinWaitMaxMs, s(2 ** (this.#wrongPins - 1)));
    this.#pinsFrom = this.#deps.context.clock.monotonic() + waitMs;
  }

  /** C01.FR.08, C01.FR.09, C01.FR.13: in the driver's language where the station knows it. */
  #show(evseId: number, verdict: Verdict): void {
    const { context } = this.#deps;
    const installed = context.config.languages ?? ['en'];
    const wanted = [verdict.info?.language1, verdict.info?.language2].find(
      (language) => language !== undefined && installed.includes(language),
    );
    const language = wanted ?? (installed.includes('en') ? 'en' : (installed[0] ?? 'en'));
    const text = verdict.info?.personalMessage?.content ?? (verdict.kind === 'accepted' ? 'Authorized' : verdict.status);
    context.hardware.display(Math.max(1, evseId), [`[${language}] ${text}`]);
  }

  #refuse(evseId: number | undefined, why: string): void {
    this.#deps.context.note(why);
    this.#deps.context.hardware.display(evseId ?? 1, [why]);
  }
}

const concerns = (session: Session, evseId: number | undefined): boolean =>
  evseId === undefined || session.evseId === evseId || session.evseId === 0;
/** Nobody charges here, and no cable of somebody else is kept. */
const isFree = (session: Session): boolean => session.authorization === undefined && session.keepLockedFor === undefined;
const groupOf = (session: Session): Ocpp.IdTokenType | undefined =>
  session.authorization?.groupIdToken ?? session.transaction?.groupIdToken;
/** C04.FR.04: a key code is a secret, other tokens are recognised by their end. */
const shown = (token: Ocpp.IdTokenType): string => (token.type === 'KeyCode' ? '(key code)' : maskToken(token.idToken));

export function authorizationOf(token: Ocpp.IdTokenType, verdict: Extract<Verdict, { kind: 'accepted' }>, at: number): Authorization {
  const { groupIdToken, evseId } = verdict.info;
  return {
    idToken: token,
    via: 'local',
    at,
    told: false,
    ...(groupIdToken === undefined ? {} : { groupIdToken }),
    ...(evseId === undefined || evseId.length === 0 ? {} : { evseIds: evseId }),
  };
}

/** C01.FR.01: where authorization is switched off, whoever plugs in may charge. */
export const freeForAll = (context: Context): boolean => !context.dm.bool(AuthCtrlr.Enabled);
