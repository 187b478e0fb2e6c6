import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const skipped = ['**/node_modules/**', '**/dist/**'];
// Long enough for a machine that is busy with something else: they end what hangs, and say nothing about speed.
const timeouts = { testTimeout: 600_000, hookTimeout: 600_000 };

/** What takes minutes begins first: at the end one worker would wait for it alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => /tests\/(chaos\/|e2e\/accessibility)/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
