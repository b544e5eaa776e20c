import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // One module graph per worker: several times faster. A test file that needs its own goes into the "alone" project.
    isolate: false,
    // Not threads: stores start threads of their own, and V8 loses track of its code pages when isolates come and go by the hundred.
    pool: 'forks',
    reporters: process.env['CI'] ? ['default', './scripts/closing-line.ts'] : ['dot', './scripts/closing-line.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/generate/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [
            'test/e2e/**',
            '**/*.alone.test.ts',
            'packages/sim/src/duet/**',
            'test/browser/**',
            'test/examples.test.ts',
            '**/node_modules/**',
          ],
        },
      },
      // Our station against our CSMS, in memory, on virtual time.
      { extends: true, test: { name: 'duet', include: ['packages/sim/src/duet/**/*.test.ts'], setupFiles: ['test/duet-seed.setup.ts'] } },
      {
        extends: true,
        test: {
          name: 'alone',
          // The examples run in real time, in processes of their own.
          include: ['packages/*/src/**/*.alone.test.ts', 'test/**/*.alone.test.ts', 'test/examples.test.ts'],
          isolate: true,
          pool: 'forks',
        },
      },
      // The live page in a real browser; skipped where there is none, unless BUSBAR_REQUIRE names chromium.
      // What an operator does in a day; `npm run e2e`.
      ...(process.env['BUSBAR_E2E'] === undefined
        ? []
        : [
            {
              extends: true as const,
              test: { name: 'e2e', include: ['test/e2e/**/*.e2e.test.ts'], isolate: true, pool: 'forks' as const },
            },
          ]),
      { extends: true, test: { name: 'browser', include: ['test/browser/**/*.browser.test.ts'], pool: 'forks' } },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**'],
      exclude: ['**/*.test.ts', 'packages/*/generated/**'],
      reporter: ['text-summary', 'lcov'],
    },
  },
});
