/** What a failed test tells beside its own message: a picture of every open page, and the end of the product's log. */
import { afterEach } from 'vitest';
import { lastLog } from './product.ts';

const reports = new Set<(test: string) => Promise<string>>();

/** `report` says more when a test fails; asked until the returned function is called. */
export function reportOnFailure(report: (test: string) => Promise<string>): () => void {
  reports.add(report);
  return () => reports.delete(report);
}

afterEach(async ({ task }) => {
  const [error] = task.result?.errors ?? [];
  if (task.result?.state !== 'fail' || !error) return;
  const name = task.name.replaceAll(/[^\w]+/g, '-').slice(0, 60);
  const said = await Promise.all([...reports].map((report) => report(name).catch((failure: unknown) => `no report: ${String(failure)}`)));
  error.message += `\n\n${[...said, `The product printed at the end:\n${lastLog()}`].join('\n')}\n`;
});
