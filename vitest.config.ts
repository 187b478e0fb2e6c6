import { defineConfig } from 'vitest/config';

const skipped = ['**/node_modules/**', '**/dist/**'];
// Long enough for a machine that is busy with something else: they end what hangs, and say nothing about speed.
const unitTimeouts = { testTimeout: 60_000, hookTimeout: 60_000 };
const wholeTimeouts = { testTimeout: 180_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/**/*.test.{ts,tsx}', 'runner/daemon/**/*.test.ts', 'tests/architecture/**/*.test.ts'],
          exclude: [...skipped, '**/*.system.test.ts'],
          ...unitTimeouts,
        },
      },
      {
        test: {
          name: 'whole',
          include: ['{apps,packages,runner}/**/*.system.test.ts', 'tests/{system,chaos,e2e}/**/*.test.ts'],
          exclude: skipped,
          setupFiles: ['tests/lib/failure-report.ts'],
          ...wholeTimeouts,
          // Each file starts whole products: one at a time.
          fileParallelism: false,
        },
      },
    ],
  },
});
