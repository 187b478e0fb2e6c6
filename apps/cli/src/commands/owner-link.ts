/** `ensemble owner-link`: asks the running server for a new one-time owner link. */
import { z } from 'zod';
import { createApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { configuredServer, dataDirectory, readServerAddress } from '../server-address.ts';

export async function ownerLink(): Promise<number> {
  const address = (await configuredServer()) ?? (await readServerAddress(dataDirectory()));
  if (!address)
    throw new CliError(
      `No server has run on ${dataDirectory()}. Start one with \`npm start\`, or set ENSEMBLE_DATA_DIR to its data directory.`,
    );
  const { url } = await createApiClient(address.url, address.token).post('/api/owner-link', z.object({ url: z.string() }), {});
  process.stdout.write(`${url}\n`);
  return 0;
}
