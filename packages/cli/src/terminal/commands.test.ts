import { describe, expect, test } from 'vitest';
import { COMMANDS } from './commands.ts';
import type { StationStatus } from './hands.ts';
import { formatMessage, formatWorld, type MessageLine } from './message-line.ts';
import { commonStart, completeLine, parseLine } from './parse.ts';
import { helpText, span, statusLine } from './station-terminal.ts';

const status: StationStatus = {
  id: 'LG-MKT-004',
  connectedForMs: 27_400,
  powered: true,
  evses: [
    { id: 1, state: 'Charging', powerW: 11_040, energyWh: 31 },
    { id: 2, state: 'Available' },
  ],
  queue: 0,
  faults: [],
};
const single: StationStatus = { ...status, evses: [{ id: 1, state: 'Available' }] };
const acts = (line: string, at = status): unknown => {
  const wish = parseLine(line, at);
  return wish.kind === 'act'
    ? wish.afterMs > 0
      ? [wish.action, wish.afterMs]
      : wish.action
    : wish.kind === 'mistake'
      ? wish.text
      : wish.kind;
};

describe('a typed line', () => {
  test.each([
    ['plug 1', { verb: 'plug', evse: 1 }],
    ['  PLUG   2  ev ', { verb: 'plug', evse: 2, end: 'ev' }],
    ['unplug 1', { verb: 'unplug', evse: 1 }],
    ['swipe 1 DEMO-7C02', { verb: 'presentToken', evse: 1, type: 'ISO14443', idToken: 'DEMO-7C02' }],
    ['swipe 1 x Central', { verb: 'presentToken', evse: 1, type: 'Central', idToken: 'x' }],
    ['pin 2 1234', { verb: 'enterPin', evse: 2, pin: '1234' }],
    ['button 1', { verb: 'startButton', evse: 1 }],
    ['stop 1', { verb: 'stopButton', evse: 1 }],
    ['fault 1 ground-fault', { verb: 'injectFault', evse: 1, code: 'ground-fault' }],
    ['fault 1 smoke', { verb: 'injectFault', evse: 1, code: 'smoke' }],
    ['fault 1 ground-fault after 30s', [{ verb: 'injectFault', evse: 1, code: 'ground-fault' }, 30_000]],
    ['plug 1 after 1.5m', [{ verb: 'plug', evse: 1 }, 90_000]],
    ['clear 1', { verb: 'clearFault', evse: 1 }],
    ['bay 1 in', { verb: 'occupyBay', evse: 1 }],
    ['bay 1 out', { verb: 'leaveBay', evse: 1 }],
    ['ev 1 suspended', { verb: 'evState', evse: 1, state: 'suspended' }],
    ['lock 1 fail', { verb: 'lock', evse: 1, state: 'fail' }],
    ['cut', { verb: 'cutPower' }],
    ['power', { verb: 'restorePower' }],
    ['link down', { verb: 'link', state: 'down' }],
    ['reboot Watchdog', { verb: 'reboot', reason: 'Watchdog' }],
    ['select 2', { verb: 'select', evse: 2 }],
    ['select all', { verb: 'select' }],
    ['firmware verifyFails', { verb: 'firmware', next: 'verifyFails' }],
    ['log missing', { verb: 'log', available: false }],
    ['log there', { verb: 'log', available: true }],
    ['provision wss://csms.example/ocpp', { verb: 'provision', url: 'wss://csms.example/ocpp' }],
    [
      'provision wss://csms.example/ocpp a-long-password root.pem',
      { verb: 'provision', url: 'wss://csms.example/ocpp', password: 'a-long-password', root: 'root.pem' },
    ],
    ['status', 'status'],
    ['quit', 'quit'],
    ['', 'nothing'],
  ])('%s', (line, meant) => expect(acts(line)).toEqual(meant));

  test.each([
    ['plugg 1', 'plugg is no command, plug perhaps. help lists them.'],
    ['zzz', 'zzz is no command. help lists them.'],
    ['plug', 'which EVSE: 1, 2?. plug EVSE [end]: puts the cable in'],
    ['plug 7', 'there is no EVSE 7, only 1, 2. plug EVSE [end]: puts the cable in'],
    ['plug 1 up', 'up is no end: both, ev, evse. plug EVSE [end]: puts the cable in'],
    ['select both', 'both is no choice: the number of an EVSE, or all'],
    ['provision http://csms', 'http://csms is no ws:// or wss:// address'],
    ['link', 'state is missing: down, up. link STATE: breaks or mends the connection to the CSMS'],
    ['cut now', 'now is too much. cut: cuts the power; nothing that was stored may be lost'],
    ['plug 1 after soon', 'after soon: say how long, as 30s or 5m'],
    ['status after 3s', 'status cannot wait'],
  ])('%s is a mistake with advice', (line, text) => expect(acts(line)).toBe(text));

  test('leaves the EVSE out where there is only one', () => {
    expect(acts('plug', single)).toEqual({ verb: 'plug', evse: 1 });
    expect(acts('plug 1', single)).toEqual({ verb: 'plug', evse: 1 });
    expect(acts('swipe DEMO-7C02', single)).toEqual({ verb: 'presentToken', evse: 1, type: 'ISO14443', idToken: 'DEMO-7C02' });
    expect(acts('pin 4711', single)).toEqual({ verb: 'enterPin', evse: 1, pin: '4711' });
    expect(acts('fault ground-loss', single)).toEqual({ verb: 'injectFault', evse: 1, code: 'ground-loss' });
  });
});

describe('Tab', () => {
  const hands = { status: () => status, tokens: () => ['DEMO-7C02', 'DEMO-11B8'] };
  const offers = (line: string): string[] => completeLine(line, hands).candidates.map(({ value }) => value);

  test.each([
    ['', COMMANDS.map(({ name }) => name)],
    ['un', ['unplug']],
    ['plug ', ['1', '2']],
    ['plug 1 e', ['ev', 'evse']],
    ['swipe 1 ', ['DEMO-7C02', 'DEMO-11B8']],
    ['fault 1 ground', ['ground-fault', 'ground-loss']],
    ['help li', ['link']],
    ['pin 1 ', []],
    ['nonsense ', []],
    ['cut ', []],
  ])('after %j', (line, expected) => expect(offers(line)).toEqual(expected));

  test('types what all have in common', () => {
    expect(commonStart(['ground-fault', 'ground-loss'])).toBe('ground-');
    expect(commonStart([])).toBe('');
  });
});

test('the status line and the help', () => {
  expect(statusLine(status)).toBe('LG-MKT-004  connected 27 s  1 Charging 11.04 kW 0.031 kWh  2 Available  queue 0  no faults');
  const { connectedForMs: _, ...offline } = status;
  expect(statusLine({ ...offline, queue: 3, faults: ['ground-fault'] })).toContain('offline  1 Charging');
  expect(statusLine({ ...offline, powered: false })).toContain('no power');
  expect([59_999, 60_000, 3_600_000, 172_800_000].map(span)).toEqual(['59 s', '1 min', '1 h', '2 d']);
  for (const { name } of COMMANDS) expect(helpText()).toContain(`  ${name}`);
  expect(helpText(COMMANDS.find(({ name }) => name === 'lock'))).toContain('fail               does not close');
});

describe('lines of messages', () => {
  const at = Date.UTC(2026, 10, 24, 3, 12, 0);
  const line = (message: Omit<MessageLine, 'at'>): string[] => formatMessage({ at, ...message }, { timeZone: 'UTC' });

  test('name the message, its answer and how long it took', () => {
    expect([
      ...line({
        direction: 'out',
        action: 'BootNotification',
        request: { reason: 'PowerUp' },
        answer: { kind: 'result', payload: { status: 'Accepted', interval: 300 } },
        ms: 4,
      }),
      formatWorld(at, 'cable in EVSE 1, car detected, control pilot B', { timeZone: 'UTC' }),
      ...line({
        direction: 'out',
        action: 'TransactionEvent',
        request: { eventType: 'Started', seqNo: 0, triggerReason: 'CablePluggedIn' },
        answer: { kind: 'result', payload: {} },
        ms: 5,
        why: 'CablePluggedIn, because TxStartPoint holds EVConnected',
      }),
      ...line({
        direction: 'out',
        action: 'Authorize',
        request: { idToken: { idToken: 'DEMO-7C02', type: 'ISO14443' } },
        answer: { kind: 'result', payload: { idTokenInfo: { status: 'Accepted' } } },
        ms: 11,
      }),
      ...line({
        direction: 'out',
        action: 'TransactionEvent',
        request: {
          eventType: 'Updated',
          seqNo: 3,
          triggerReason: 'MeterValuePeriodic',
          transactionInfo: { chargingState: 'Charging' },
          meterValue: [
            {
              sampledValue: [
                { value: 11_040, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } },
                { value: 31, unitOfMeasure: { unit: 'Wh' } },
                { value: 5, measurand: 'Power.Active.Import', phase: 'L1' },
              ],
            },
          ],
        },
        answer: { kind: 'result', payload: {} },
        ms: 4,
      }),
      ...line({
        direction: 'in',
        action: 'SetChargingProfile',
        request: { chargingProfile: { chargingProfilePurpose: 'TxProfile', id: 41 } },
        answer: { kind: 'result', payload: { status: 'Accepted' } },
        ms: 1,
      }),
    ]).toEqual([
      '03:12:00  -> BootNotification  PowerUp          <- Accepted, interval 300 s             4 ms',
      '03:12:00  world cable in EVSE 1, car detected, control pilot B',
      '03:12:00  -> TransactionEvent  Started 0        <- ok                                   5 ms',
      '          CablePluggedIn, because TxStartPoint holds EVConnected',
      '03:12:00  -> Authorize  ...7C02                 <- Accepted                            11 ms',
      '03:12:00  -> TransactionEvent  Updated 3        <- ok                                   4 ms',
      '          MeterValuePeriodic, 11.04 kW, 0.031 kWh',
      '03:12:00  <- SetChargingProfile  TxProfile 41   -> Accepted                             1 ms',
    ]);
  });

  test('values of variables are never shown', () => {
    const request = {
      setVariableData: [
        { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' }, attributeValue: 'secret-secret-1' },
      ],
    };
    const [text = ''] = line({
      direction: 'in',
      action: 'SetVariables',
      request,
      answer: { kind: 'result', payload: { setVariableResult: [{ attributeStatus: 'Accepted' }] } },
    });
    expect(text).toBe('03:12:00  <- SetVariables  SecurityCtrlr.BasicAuthPassword  -> Accepted');
  });

  test('errors and silence stand out', () => {
    const error = {
      direction: 'out',
      action: 'Heartbeat',
      request: {},
      answer: { kind: 'error', code: 'SecurityError', description: 'not yet' },
    } as const;
    expect(line(error)[0]).toMatch(/<- SecurityError, not yet$/);
    expect(formatMessage({ at, ...error }, { timeZone: 'UTC', colour: true })[0]).toContain('\u001b[31m');
    expect(line({ ...error, answer: { kind: 'none', reason: 'no answer in 30 s' } })[0]).toMatch(/<- no answer in 30 s$/);
  });

  test('strange payloads break nothing', () => {
    for (const action of ['NotifyEvent', 'TransactionEvent', 'SetVariables', 'Unheard', 'NotifyReport']) {
      for (const request of [null, 7, [], { eventData: {} }]) expect(line({ direction: 'in', action, request })[0]).toContain(action);
    }
  });
});
