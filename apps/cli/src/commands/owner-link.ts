/** `ensemble owner-link`: asks the running server for a new one-time owner link. */
import { read } from '@ensemble/api-client';
import { OwnerLink } from '@ensemble/protocol';
import { connect } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { configuredServer, dataDirectory, readServerAddress } from '../server-address.ts';

export async function ownerLink(): Promise<number> {
  const address = (await configuredServer()) ?? (await readServerAddress(dataDirectory()));
  if (!address)
    throw new CliError(
      `No server has run on ${dataDirectory()}. Start one with \`npm start\`, or set ENSEMBLE_DATA_DIR to its data directory.`,
    );
  const { url } = await read(OwnerLink, connect(address).POST('/api/owner-link'));
  process.stdout.write(`${url}\n`);
  return 0;
}
