import { randomUUID } from 'node:crypto';
import { isOcppVersion } from '@busbar/protocol';
import { nodeNetwork } from '@busbar/protocol/node';
import { assert, DialError, type DialRequest, type Secret, type Socket } from '@busbar/runtime';
import { type Address, pathOf, urlOf } from './address.ts';
import { blemishOf, type DoctorPassword } from './password.ts';
import { StepFailed } from './report.ts';

export interface SignInRequest {
  readonly address: Address;
  readonly password: DoctorPassword | undefined;
  readonly subprotocols: readonly string[];
  readonly tls: DialRequest['tls'];
  readonly deflate: boolean;
  readonly timeoutMs: number;
}

type Attempt = { readonly socket: Socket } | { readonly error: DialError };

interface Change {
  readonly id?: string;
  readonly basePath?: string;
  readonly password?: Secret | undefined;
  readonly subprotocols?: readonly string[];
}

/** One handshake, with something other than what was asked for where `change` says so. */
async function attempt(request: SignInRequest, change: Change = {}): Promise<Attempt> {
  const { address, tls } = request;
  const id = change.id ?? address.id;
  const password = change.password ?? request.password?.value;
  try {
    const socket = await nodeNetwork().dial({
      url: urlOf(address, pathOf({ basePath: change.basePath ?? address.basePath, id })),
      subprotocols: change.subprotocols ?? request.subprotocols,
      deflate: request.deflate,
      timeoutMs: request.timeoutMs,
      ...(password ? { basic: { user: id, password } } : {}),
      ...(tls ? { tls } : {}),
    });
    return { socket };
  } catch (error) {
    if (error instanceof DialError) return { error };
    throw error;
  }
}

/** Tries something and hangs up at once. */
async function probe(request: SignInRequest, change: Change): Promise<'open' | 'subprotocol' | number | 'failed'> {
  const tried = await attempt(request, change);
  if ('socket' in tried) {
    tried.socket.close(1000, 'probe of the doctor');
    return 'open';
  }
  return tried.error.failure === 'subprotocol' ? 'subprotocol' : (tried.error.httpStatus ?? 'failed');
}

const isSubprotocolTrouble = (error: DialError): boolean =>
  error.failure === 'subprotocol' || (error.httpStatus === 400 && /subprotocol/i.test(error.message));

export type SignedIn = { readonly socket: Socket; readonly text: string } | { readonly socket: undefined; readonly text: string };

/** Step 6. A handshake that fails on the subprotocol alone has signed in: `socket` is undefined then. */
export async function signIn(request: SignInRequest): Promise<SignedIn> {
  const tried = await attempt(request);
  const user = request.address.id;
  const how = request.password ? `user ${user}` : 'without a password';
  if ('socket' in tried) return { socket: tried.socket, text: `${how}${hint(request)}` };
  const { error } = tried;
  if (isSubprotocolTrouble(error)) return { socket: undefined, text: `${how}${hint(request)}` };
  switch (error.httpStatus) {
    case 401:
      throw /API key/i.test(error.message) ? otherAnswer(200, error, request) : await unauthorized(request);
    case 404:
      throw await notFound(request);
    case undefined:
      throw new StepFailed(error.message, {
        verdict:
          error.failure === 'timeout'
            ? 'The server took the connection and then said nothing.'
            : 'The connection broke off while signing in.',
        lines:
          error.failure === 'tls'
            ? [['do', 'the server may ask for a client certificate (security profile 3): give it with --tls-cert and --tls-key']]
            : [['do', request.address.secure ? 'look into the log of the CSMS' : 'if the port speaks TLS, use wss: instead of ws:']],
      });
    default:
      throw otherAnswer(error.httpStatus, error, request);
  }
}

const hint = ({ password, address }: SignInRequest): string =>
  password && !address.secure ? ', the password travels in clear text (security profile 1)' : '';

async function unauthorized(request: SignInRequest): Promise<StepFailed> {
  const { address, password } = request;
  const seen = `HTTP 401 with user ${address.id}`;
  if (!password) {
    return new StepFailed('HTTP 401 without a password', {
      verdict: 'The server wants a password and none was given.',
      lines: [
        ['do', 'give it with --password, BUSBAR_PASSWORD or BUSBAR_PASSWORD_FILE'],
        ['clause', 'A00.FR.202, A00.FR.205'],
      ],
    });
  }
  const unknownId = await probe(request, { id: `doctor-${randomUUID().slice(0, 8)}` });
  const verdict =
    unknownId === 404
      ? 'The password is wrong. The id is right: an unknown id would get 404 from this server.'
      : 'The password is wrong, or the id: this server answers both in the same way.';
  const clause = ['clause', 'A00.FR.204 (user name), A00.FR.205 (password)'] as const;
  const blemish = blemishOf(password);
  if (blemish) {
    const works = ['open', 'subprotocol'].includes(String(await probe(request, { password: blemish.cleaned })));
    return new StepFailed(seen, {
      verdict,
      lines: [
        ['seen', blemish.seen],
        ['', works ? 'Without it the sign-in works: tried once, then closed before booting.' : 'Without it the sign-in fails as well.'],
        ['do', works ? blemish.fix : 'set the password of the station anew, on both sides'],
        clause,
      ],
      ...(works && blemish.lineBreak ? { code: 'password-line-break' as const } : {}),
    });
  }
  const length = Array.from(password.value.reveal()).length;
  return new StepFailed(seen, {
    verdict,
    lines: [
      [
        'seen',
        `The password has ${length} characters${length < 16 ? ', the standard wants at least 16' : length > 64 ? ', the standard allows at most 64' : ''}.`,
      ],
      ['do', 'set the password of the station anew, on both sides'],
      clause,
    ],
  });
}

async function notFound(request: SignInRequest): Promise<StepFailed> {
  const { address } = request;
  const seen = `HTTP 404 at ${pathOf(address)}`;
  for (const id of new Set([address.id.toUpperCase(), address.id.toLowerCase()])) {
    if (id !== address.id && known(await probe(request, { id }))) {
      return new StepFailed(seen, {
        verdict: `This server knows ${id}, but not ${address.id}: capitals and small letters are told apart.`,
        lines: [['do', `set the id of the station to ${id}, or register ${address.id}`]],
      });
    }
  }
  for (const basePath of ['/ocpp', '']) {
    if (basePath !== address.basePath && known(await probe(request, { basePath }))) {
      return new StepFailed(seen, {
        verdict: 'The path is wrong.',
        lines: [
          ['seen', `At ${pathOf({ basePath, id: address.id })} the server knows the station.`],
          ['do', `use ${urlOf(address, basePath)}`],
        ],
      });
    }
  }
  return new StepFailed(seen, {
    verdict: `This server does not know ${address.id}, or stations have another path here.`,
    lines: [
      ['do', `register the station: npx busbar stations add ${address.id}`],
      ['or', `compare the path ${address.basePath === '' ? '/' : address.basePath} with the documentation of the CSMS`],
    ],
  });
}

const known = (answer: Awaited<ReturnType<typeof probe>>): boolean => answer === 'open' || answer === 'subprotocol' || answer === 401;

function otherAnswer(status: number, error: DialError, { address }: SignInRequest): StepFailed {
  const seen = `HTTP ${error.message}`.slice(0, 160);
  const say = (verdict: string, doing: string): StepFailed => new StepFailed(seen, { verdict, lines: [['do', doing]] });
  if (status === 429)
    return say(
      'Too many wrong passwords came from this station; the server does not look at them for a while.',
      'wait a minute, then try once with the right one',
    );
  if (status === 503) return say('The server is busy or restarting.', 'wait a little; stations try again by themselves');
  if (status === 403)
    return say('The server, or something in front of it, forbids this station.', 'look into the log of the CSMS and of the proxy');
  if (status >= 300 && status < 400) return say('A redirect: stations do not follow one.', 'use the address the server points to');
  if (status === 200 || status === 426) {
    return say(
      'A web server answers here, no WebSocket of a CSMS.',
      `check port ${address.port}: Busbar's console has 8080, stations use 9000 or 9443`,
    );
  }
  return say(`The server answers ${status} to the handshake.`, 'look into the log of the CSMS');
}

/** Step 7, where the handshake had no subprotocol in common: which ones would do? */
export async function explainSubprotocols(request: SignInRequest): Promise<StepFailed> {
  const others = ['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'].filter((name) => !request.subprotocols.includes(name));
  const works: string[] = [];
  for (const name of others) {
    if ((await probe(request, { subprotocols: [name] })) === 'open') works.push(name);
  }
  const best = works.find(isOcppVersion);
  return new StepFailed(`none in common, offered ${request.subprotocols.join(', ')}`, {
    verdict: works.length > 0 ? `The server speaks ${works.join(' and ')}.` : 'The server speaks no version of OCPP that was offered.',
    lines: [
      ['do', best ? `use --version ${best}` : 'check which versions the CSMS has switched on'],
      ['clause', 'Part 4, 3.1.2'],
    ],
  });
}

/** Step 7, where a connection opened. */
export function checkSubprotocol(socket: Socket, offered: readonly string[]): string {
  assert(offered.includes(socket.subprotocol), 'ws lets no other subprotocol through');
  return `${socket.subprotocol}${offered.length > 1 ? ` of ${offered.join(', ')}` : ''}`;
}
