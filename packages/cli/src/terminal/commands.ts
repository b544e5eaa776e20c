import type { HandAction } from './hands.ts';

/** What a line means: something for the hands, or something the terminal does itself. */
export type Wish =
  | { readonly kind: 'act'; readonly action: HandAction; readonly afterMs: number }
  | { readonly kind: 'status' | 'quit' | 'nothing' }
  | { readonly kind: 'help'; readonly command?: Command }
  | { readonly kind: 'mistake'; readonly text: string };

export interface Choice {
  readonly value: string;
  readonly about: string;
}

export interface Argument {
  readonly name: string;
  readonly optional?: true;
  /** `evse`: a number of this station, left out where there is only one. */
  readonly type: 'evse' | 'choice' | 'token' | 'text';
  readonly choices?: readonly Choice[];
}

type Values = Readonly<Record<string, string | undefined>>;

export interface Command {
  readonly name: string;
  readonly about: string;
  readonly arguments: readonly Argument[];
  readonly wish: (values: Values, evse: number) => Wish;
}

const EVSE: Argument = { name: 'evse', type: 'evse' };
const END: Argument = {
  name: 'end',
  type: 'choice',
  optional: true,
  choices: [
    { value: 'both', about: 'the whole cable' },
    { value: 'ev', about: "only at the car's side" },
    { value: 'evse', about: "only at the station's side" },
  ],
};

/** Short words of the simulated hardware; a station takes any other word as well. */
export const FAULTS: readonly Choice[] = [
  { value: 'ground-fault', about: 'residual current, contactor opens, stoppedReason GroundFault' },
  { value: 'ground-loss', about: 'PE is missing, EVSE Faulted before the next session' },
  { value: 'over-current', about: 'more than the limit, stoppedReason OvercurrentFault' },
  { value: 'over-temperature', about: 'too hot, energy stops until it is cleared' },
  { value: 'emergency-stop', about: 'the red button, stoppedReason EmergencyStop' },
  { value: 'power-quality', about: 'the grid is out of bounds, stoppedReason PowerQuality' },
  { value: 'contactor-stuck', about: 'the contactor does not open' },
  { value: 'meter-lost', about: 'the meter does not answer' },
];

const act = (action: HandAction): Wish => ({ kind: 'act', action, afterMs: 0 });
const endOf = (end: string | undefined): { end?: 'ev' | 'evse' | 'both' } =>
  end === 'ev' || end === 'evse' || end === 'both' ? { end } : {};

export const COMMANDS: readonly Command[] = [
  {
    name: 'plug',
    about: 'puts the cable in',
    arguments: [EVSE, END],
    wish: ({ end }, evse) => act({ verb: 'plug', evse, ...endOf(end) }),
  },
  {
    name: 'unplug',
    about: 'takes the cable out',
    arguments: [EVSE, END],
    wish: ({ end }, evse) => act({ verb: 'unplug', evse, ...endOf(end) }),
  },
  {
    name: 'swipe',
    about: 'holds a token before the reader',
    arguments: [EVSE, { name: 'token', type: 'token' }, { name: 'type', type: 'text', optional: true }],
    wish: ({ token = '', type = 'ISO14443' }, evse) => act({ verb: 'presentToken', evse, type, idToken: token }),
  },
  {
    name: 'pin',
    about: 'types a PIN',
    arguments: [EVSE, { name: 'pin', type: 'text' }],
    wish: ({ pin = '' }, evse) => act({ verb: 'enterPin', evse, pin }),
  },
  { name: 'button', about: 'presses the start button', arguments: [EVSE], wish: (_, evse) => act({ verb: 'startButton', evse }) },
  { name: 'stop', about: 'presses the stop button', arguments: [EVSE], wish: (_, evse) => act({ verb: 'stopButton', evse }) },
  {
    name: 'fault',
    about: 'breaks something',
    arguments: [EVSE, { name: 'code', type: 'choice', choices: FAULTS }],
    wish: ({ code = '' }, evse) => act({ verb: 'injectFault', evse, code }),
  },
  {
    name: 'clear',
    about: 'repairs it, one fault or all',
    arguments: [EVSE, { name: 'code', type: 'choice', optional: true, choices: FAULTS }],
    wish: ({ code }, evse) => act({ verb: 'clearFault', evse, ...(code === undefined ? {} : { code }) }),
  },
  {
    name: 'bay',
    about: 'parks a car or drives it away',
    arguments: [
      EVSE,
      {
        name: 'state',
        type: 'choice',
        choices: [
          { value: 'in', about: 'a car parks' },
          { value: 'out', about: 'it drives away' },
        ],
      },
    ],
    wish: ({ state }, evse) => act({ verb: state === 'in' ? 'occupyBay' : 'leaveBay', evse }),
  },
  {
    name: 'ev',
    about: 'tells the car what to do',
    arguments: [
      EVSE,
      {
        name: 'state',
        type: 'choice',
        choices: [
          { value: 'ready', about: 'it asks for energy' },
          { value: 'notReady', about: 'it stays plugged and asks for nothing' },
          { value: 'suspended', about: 'it pauses, as a full battery does' },
          { value: 'charging', about: 'it goes on' },
        ],
      },
    ],
    wish: ({ state }, evse) =>
      state === 'ready' || state === 'notReady' || state === 'suspended' || state === 'charging'
        ? act({ verb: 'evState', evse, state })
        : { kind: 'nothing' },
  },
  {
    name: 'lock',
    about: 'makes the plug lock work or not',
    arguments: [
      EVSE,
      {
        name: 'state',
        type: 'choice',
        choices: [
          { value: 'ok', about: 'works' },
          { value: 'fail', about: 'does not close (G05)' },
          { value: 'stuck', about: 'does not open' },
        ],
      },
    ],
    wish: ({ state }, evse) =>
      state === 'ok' || state === 'fail' || state === 'stuck' ? act({ verb: 'lock', evse, state }) : { kind: 'nothing' },
  },
  {
    name: 'cut',
    about: 'cuts the power; nothing that was stored may be lost',
    arguments: [],
    wish: () => act({ verb: 'cutPower' }),
  },
  { name: 'power', about: 'brings the power back', arguments: [], wish: () => act({ verb: 'restorePower' }) },
  {
    name: 'link',
    about: 'breaks or mends the connection to the CSMS',
    arguments: [
      {
        name: 'state',
        type: 'choice',
        choices: [
          { value: 'down', about: 'no goodbye, as in a tunnel' },
          { value: 'up', about: 'it may reconnect' },
        ],
      },
    ],
    wish: ({ state }) => act({ verb: 'link', state: state === 'up' ? 'up' : 'down' }),
  },
  {
    name: 'select',
    about: 'touches a choice on the display: one EVSE, or all',
    arguments: [{ name: 'which', type: 'text' }],
    wish: ({ which = '' }) => {
      if (which.toLowerCase() === 'all') return act({ verb: 'select' });
      if (/^\d{1,4}$/.test(which)) return act({ verb: 'select', evse: Number(which) });
      return { kind: 'mistake', text: `${which} is no choice: the number of an EVSE, or all` };
    },
  },
  {
    name: 'firmware',
    about: 'says how the next installation goes',
    arguments: [
      {
        name: 'next',
        type: 'choice',
        choices: [
          { value: 'ok', about: 'as it should' },
          { value: 'verifyFails', about: 'InstallVerificationFailed' },
          { value: 'installFails', about: 'InstallationFailed' },
        ],
      },
    ],
    wish: ({ next }) =>
      next === 'ok' || next === 'verifyFails' || next === 'installFails' ? act({ verb: 'firmware', next }) : { kind: 'nothing' },
  },
  {
    name: 'log',
    about: 'says whether there is anything to upload',
    arguments: [
      {
        name: 'state',
        type: 'choice',
        choices: [
          { value: 'there', about: 'diagnostics as usual' },
          { value: 'missing', about: 'GetLog finds nothing' },
        ],
      },
    ],
    wish: ({ state }) => act({ verb: 'log', available: state === 'there' }),
  },
  {
    name: 'provision',
    about: 'points the station at another CSMS, as an installer does; the root is a PEM file',
    arguments: [
      { name: 'url', type: 'text' },
      { name: 'password', type: 'text', optional: true },
      { name: 'root', type: 'text', optional: true },
    ],
    wish: ({ url = '', password, root }) =>
      /^wss?:\/\/./.test(url)
        ? act({ verb: 'provision', url, ...(password === undefined ? {} : { password }), ...(root === undefined ? {} : { root }) })
        : { kind: 'mistake', text: `${url} is no ws:// or wss:// address` },
  },
  {
    name: 'reboot',
    about: 'restarts the computer of the station',
    arguments: [{ name: 'reason', type: 'text', optional: true }],
    wish: ({ reason }) => act({ verb: 'reboot', ...(reason === undefined ? {} : { reason }) }),
  },
  { name: 'status', about: 'shows how things stand', arguments: [], wish: () => ({ kind: 'status' }) },
  {
    name: 'help',
    about: 'lists the commands, or explains one',
    arguments: [{ name: 'command', type: 'text', optional: true }],
    wish: ({ command }) => {
      const known = COMMANDS.find(({ name }) => name === command);
      return { kind: 'help', ...(known ? { command: known } : {}) };
    },
  },
  { name: 'quit', about: 'leaves; the station keeps its queue', arguments: [], wish: () => ({ kind: 'quit' }) },
];

export const usageOf = ({ name, arguments: expected }: Command): string =>
  [name, ...expected.map((one) => (one.optional ? `[${one.name}]` : one.name.toUpperCase()))].join(' ');
