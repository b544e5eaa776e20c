import { expect, test } from 'vitest';
import { dashboard, type FleetPicture } from './dashboard.ts';

const picture: FleetPicture = {
  what: 'highway, seed 7',
  elapsedS: 72.4,
  durationS: 120,
  count: 1_000,
  started: 500,
  online: 480,
  accepted: 400,
  evses: 1_000,
  charging: 100,
  faulted: 0,
  acknowledged: 12_345,
  perSecond: 98.76,
  waiting: 3,
  refused: 0,
  answerMs: [1, 2, 3, 4, 50],
};

test('a fleet at one moment as lines that fit a terminal', () => {
  const lines = dashboard(picture);
  expect(lines).toEqual([
    'highway, seed 7   1 min 12 s of 2 min 0 s',
    `started   ${'█'.repeat(15)}${'░'.repeat(15)}  500 of 1,000`,
    `accepted  ${'█'.repeat(12)}${'░'.repeat(18)}  400   online 480   offline 20`,
    `charging  ${'█'.repeat(3)}${'░'.repeat(27)}  100 of 1,000 EVSEs`,
    'events    12,345 acknowledged   98.8/s   3 waiting   0 refused',
    'answers   3.0 ms median   50.0 ms p99',
  ]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('nothing is there yet, and something is broken', () => {
  const empty = { ...picture, started: 0, online: 0, accepted: 0, evses: 0, charging: 0, faulted: 2, answerMs: [] };
  expect(dashboard(empty).join('\n')).toContain(`charging  ${'░'.repeat(30)}  0 of 0 EVSEs   2 faulted\n`);
  expect(dashboard(empty).at(-1)).toBe('answers   none yet');
});
