/** Ends the process once: at the first signal in order, at the second at once, and when its parent is gone. */
import type { Logger } from './platform/logger.ts';

const PARENT_CHECK_MS = 500;
/** Beyond what every part was given to finish; children die with this process. */
const LAST_RESORT_MS = 18_000;

export function stopOnSignals(parentPid: number | undefined, logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const end = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    setTimeout(() => process.exit(1), LAST_RESORT_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the server did not stop properly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => (stopping ? process.exit(1) : end('SIGINT')));
  process.on('SIGTERM', () => end('SIGTERM'));
  if (parentPid === undefined) return;
  setInterval(() => {
    if (process.ppid !== parentPid) end('the parent is gone');
  }, PARENT_CHECK_MS).unref();
}
