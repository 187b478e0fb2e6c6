/** The `ensemble` command: a client of the HTTP API. Results go to stdout, everything else to stderr. */
import { ApiFailure } from '@ensemble/api-client';
import { CliError } from './cli-error.ts';
import { describeFailure } from './describe-failure.ts';
import { exportProject } from './commands/export.ts';
import { importProject } from './commands/import.ts';
import { ownerLink } from './commands/owner-link.ts';
import { runProject } from './commands/run.ts';
import { syncProject } from './commands/sync.ts';
import { validateCards } from './commands/validate.ts';
import { failedReport } from './run-report.ts';

const HELP = `ensemble: pipelines from the command line

  ensemble run DIR [options]          run a project folder (--pipeline NAME) and wait for it
      --set NODE.FIELD=VALUE          change a config field for this run (repeatable)
      --to, --from, --only NODE       run a part: up to a node, from it on, or it alone (repeatable)
      --force                         execute every step, whatever the cache holds
      --file NODE.FIELD=PATH          give a config field a file of yours (repeatable)
      --out DIR                       where outputs go (default ./ensemble-out)
      --json                          print exactly one JSON object on stdout
  ensemble import FOLDER|ZIP          make a project of it, and say what was mapped, guessed and not understood
      --project NAME|ID               bring it into this project instead
      --json                          print the report as one JSON object
  ensemble export PROJECT [OUT]       write a project as a zip that imports again
      --data                          with its data files
      --script PIPELINE               one pipeline as a Python script instead
  ensemble sync FOLDER PROJECT        keep a folder and a project the same, both ways, until Ctrl-C
      --once                          make them the same once; exit code 1 when a conflict is left
  ensemble validate FILE… [--json]    check card files without running them
  ensemble owner-link                 print a new one-time owner link of the running server

DIR is a project folder: an unpacked export, a synchronised one, or _pipeline.json and cards/**.py. Without ENSEMBLE_URL, \`run\` starts a product of its own on a
temporary directory. The other commands use the server that
runs on the data directory, or that of ENSEMBLE_URL. With ENSEMBLE_URL, set ENSEMBLE_TOKEN to the text of the server's local-token file.
`;

const commands: Record<string, (args: string[]) => Promise<number>> = {
  run: runProject,
  import: importProject,
  export: exportProject,
  sync: syncProject,
  validate: validateCards,
  'owner-link': ownerLink,
};

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    (name === undefined ? process.stderr : process.stdout).write(HELP);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new CliError(`There is no command "${name}". \`ensemble help\` lists them.`, 2);
  return command(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const error = thrown instanceof ApiFailure ? new CliError(describeFailure(thrown)) : thrown;
  if (!(error instanceof Error)) throw error;
  const expected =
    error instanceof CliError || ('code' in error && typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS'));
  // A program that reads stdout finds one object there, whatever happened.
  if (process.argv[2] === 'run' && process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify(failedReport('cli', error.message))}\n`);
  process.stderr.write(`ensemble: ${expected ? error.message : (error.stack ?? error.message)}\n`);
  process.exitCode = error instanceof CliError ? error.exitCode : expected ? 2 : 1;
}
