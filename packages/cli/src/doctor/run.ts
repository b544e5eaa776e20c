import { type DialRequest, ERRORS, limits } from '@busbar/runtime';
import { readAddress } from './address.ts';
import { type BootIdentity, boot } from './boot.ts';
import type { DoctorPassword } from './password.ts';
import { compareClocks, type Found, openTcp, openTls, resolveHost } from './reach.ts';
import { type Advice, type DoctorReport, STEPS, type Step, StepFailed, type StepName, type StepState } from './report.ts';
import { checkSubprotocol, explainSubprotocols, type SignInRequest, signIn } from './sign-in.ts';

export interface DoctorRequest {
  readonly url: string;
  readonly id: string;
  readonly password?: DoctorPassword | undefined;
  readonly subprotocols?: readonly string[];
  readonly tls?: DialRequest['tls'];
  readonly deflate?: boolean;
  /** Per step. */
  readonly timeoutMs?: number;
  /** What to boot as. Without it the walk ends before the BootNotification: a CSMS stores what that says of the station. */
  readonly boot?: BootIdentity;
}

/** What somebody must know before the doctor connects. */
export const noticeFor = (id: string): string =>
  `Signing in as ${id}: a CSMS keeps one link per station, so a running ${id} loses its own and comes back by itself.`;

const NOT_BOOTED = 'the CSMS would store the model and vendor it names; --boot includes it';

/**
 * Goes the way a station goes, step by step, and explains the first thing that is wrong. It is a station for the CSMS:
 * a live one with the same id loses its connection meanwhile and comes back by itself.
 */
export async function runDoctor(request: DoctorRequest): Promise<DoctorReport> {
  const steps: Step[] = [];
  let advice: Advice | undefined;
  try {
    await walk(request, steps);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    ({ advice } = error);
    steps.push({ name: STEPS[steps.length] ?? 'Boot', state: 'wrong', text: error.text });
  }
  for (const name of STEPS.slice(steps.length)) steps.push({ name, state: 'notReached', text: '' });
  return {
    id: request.id,
    url: request.url,
    notice: noticeFor(request.id),
    steps,
    ...(advice ? { advice } : {}),
    exitCode: advice ? ERRORS[advice.code].exit : 0,
  };
}

async function walk(request: DoctorRequest, steps: Step[]): Promise<void> {
  const timeoutMs = request.timeoutMs ?? limits.doctorStepMs;
  const done = (name: StepName, found: Found | undefined, otherwise = '', state: StepState = 'skipped'): void => {
    steps.push(found ? { name, state: found.careful ? 'careful' : 'ok', text: found.text } : { name, state, text: otherwise });
  };

  const address = readAddress(request.url, request.id);
  done('Address', address);
  done('DNS', await resolveHost(address));
  done('TCP', await openTcp(address, timeoutMs));
  done('TLS', address.secure ? await openTls(address, request.tls?.roots, timeoutMs) : undefined, 'ws has none');
  done('Clock', await compareClocks(address, timeoutMs), 'the server does not tell its time');

  const signInRequest: SignInRequest = {
    address,
    password: request.password,
    subprotocols: request.subprotocols ?? ['ocpp2.1', 'ocpp2.0.1'],
    tls: request.tls,
    deflate: request.deflate ?? true,
    timeoutMs,
  };
  const { socket, text } = await signIn(signInRequest);
  done('Sign in', { text });
  if (!socket) throw await explainSubprotocols(signInRequest);
  done('Subprotocol', { text: checkSubprotocol(socket, signInRequest.subprotocols) });
  if (request.boot === undefined) {
    socket.close(1000, 'the doctor has seen enough');
    done('Boot', undefined, NOT_BOOTED);
  } else {
    done('Boot', await boot(socket, request.boot, timeoutMs));
  }
}
