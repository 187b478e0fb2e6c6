import { defineConfig } from 'vitest/config';

const skipped = ['**/node_modules/**', '**/dist/**'];
// Long enough for a machine that is busy with something else: they end what hangs, and say nothing about speed.
const timeouts = { testTimeout: 600_000, hookTimeout: 600_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/**/*.test.{ts,tsx}', 'runner/daemon/**/*.test.ts', 'tests/architecture/**/*.test.ts'],
          exclude: [...skipped, '**/*.system.test.ts'],
          ...timeouts,
        },
      },
      {
        test: {
          name: 'whole',
          include: ['{apps,packages,runner}/**/*.system.test.ts', 'tests/{system,chaos,e2e}/**/*.test.ts'],
          exclude: skipped,
          setupFiles: ['tests/lib/failure-report.ts'],
          ...timeouts,
        },
      },
    ],
  },
});
