import type { RunReport } from '../run-all.ts';
import type { CaseResult } from '../run-case.ts';
import type { RunFacts } from './wording.ts';

/** What a hostile peer may send, or call itself: markup, control characters, terminal codes, half a character. */
export const HOSTILE = '<script>hacked()</script>"&\'\u0000\u001B[2J\u202E\uD800]]>';

const base: CaseResult = {
  id: 'TC_A_01_CSMS',
  title: 'A station may connect',
  verdict: 'pass',
  expectations: [{ step: 1, says: 'status is Accepted', requirements: ['B01.FR.02'], ok: true, evidence: { entry: 0 } }],
  readings: [],
  trace: [{ kind: 'frame', by: 'tool', link: 1, text: '[2,"1","Heartbeat",{}]', at: 5 }],
  durationMs: 1200,
  silenceMs: 1000,
};

/** One case of every verdict, for the tests of the reports; `said` comes from the wire. */
export const exampleReport = (said: string): RunReport => ({
  role: 'csms',
  results: [
    { ...base, readings: ['the CSMS closes the link at once'] },
    {
      ...base,
      id: 'TC_C_20_CSMS',
      title: 'An invalid token',
      verdict: 'fail',
      note: 'the official text leaves the order open',
      expectations: [
        ...base.expectations,
        {
          step: 2,
          says: 'idTokenInfo.status is Invalid or Unknown',
          requirements: ['C12.FR.03'],
          ok: false,
          got: said,
          evidence: { entry: 2, path: 'idTokenInfo.status' },
        },
        { step: -1, says: 'every frame is well-formed OCPP-J', requirements: ['Part 4'], ok: false, got: 'a binary frame' },
      ],
      trace: [
        { kind: 'dial', by: 'tool', link: 1, url: 'ws://127.0.0.1/ocpp/CS', how: 'profile 1', at: 1 },
        { kind: 'frame', by: 'tool', link: 1, text: '[2,"7","Authorize",{"idToken":{"idToken":"A","type":"Central"}}]', at: 1200 },
        { kind: 'frame', by: 'sut', link: 1, text: JSON.stringify([3, '7', { idTokenInfo: { status: said } }]), at: 1203 },
        { kind: 'ask', by: 'tool', n: 1, what: 'setPassword', question: { do: 'setPassword', password: 'top-secret' }, at: 1300 },
      ],
      durationMs: 3000,
      silenceMs: 0,
    },
    { ...base, id: 'TC_E_01_CSMS', verdict: 'inconclusive', reason: `the driver failed: ${said}`, silenceMs: 0 },
    {
      ...base,
      id: 'TC_G_01_CSMS',
      verdict: 'notApplicable',
      reason: 'C-11: not declared',
      expectations: [],
      trace: [],
      durationMs: 0,
      silenceMs: 0,
    },
  ],
  counts: { pass: 1, fail: 1, inconclusive: 1, notApplicable: 1 },
  durationMs: 4200,
  silenceMs: 1000,
});

export const exampleFacts = (target: string): RunFacts => ({
  target,
  profiles: ['core'],
  undeclared: [{ id: 'C-11', roles: ['csms'], asks: 'Can the CSMS unlock a connector?' }],
  startedAt: '2026-11-24T15:00:00.000Z',
});
