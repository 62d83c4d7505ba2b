import { defineConfig } from 'vitest/config';

// Starts the PostgreSQL of the run.
const postgres = ['test/support/global-postgres.ts'];

// Unit tests do no I/O beyond temporary files; `*.db.test.ts` run on SQLite and a real PostgreSQL; the rest of the
// suites live in test/ and start real servers. `CALLBOARD_SUITES` chooses, e.g. `CALLBOARD_SUITES=unit`.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,web}/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: { name: 'db', include: ['src/**/*.db.test.ts', 'test/db/**/*.test.ts'], globalSetup: postgres },
      },
      {
        extends: true,
        test: { name: 'server', include: ['test/server/**/*.test.ts'], globalSetup: postgres, testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: postgres,
          testTimeout: 300_000,
          maxWorkers: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          maxWorkers: 1,
          // What is polled for comes, on a machine with much to do a little later.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        extends: true,
        test: { name: 'package', include: ['test/package/**/*.test.ts'], testTimeout: 300_000, maxWorkers: 1 },
      },
    ],
  },
});
