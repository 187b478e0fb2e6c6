/** Ends a command with one sentence on stderr and an exit code: 2 for wrong use, 130 for Ctrl-C, 1 for everything else. */
export class CliError extends Error {
  readonly exitCode: 1 | 2 | 130;

  constructor(message: string, exitCode: 1 | 2 | 130 = 1) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

export const usageError = (message: string): CliError => new CliError(message, 2);
