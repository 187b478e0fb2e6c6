/** Ctrl-C and SIGTERM as one signal that every phase of a command can ask or wait for. Knows nothing of what has to be cleaned up. */
import { CliError } from './cli-error.ts';

export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives both signals back to Node, which ends the process at once. */
  release(): void;
}

export function watchForInterruption(): Interruption {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(new CliError('Interrupted before anything was run.', 130));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    release: () => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt),
  };
}
