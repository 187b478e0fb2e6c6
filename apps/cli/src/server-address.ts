/** Finds the server a command talks to: `ENSEMBLE_URL` and `ENSEMBLE_TOKEN`, else the data directory beside it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CliError } from './cli-error.ts';

export interface ServerAddress {
  url: string;
  token: string;
}

const repository = path.resolve(import.meta.dirname, '../../..');

/** The data directory of a server started by `npm start` with the same environment. */
export const dataDirectory = (): string => path.resolve(process.env.ENSEMBLE_DATA_DIR ?? path.join(repository, '.ensemble'));

/** Undefined when no server has written its address there. */
export async function readServerAddress(directory: string): Promise<ServerAddress | undefined> {
  try {
    const server = JSON.parse(await readFile(path.join(directory, 'server.json'), 'utf8')) as { url: string };
    const token = (await readFile(path.join(directory, 'local-token'), 'utf8')).trim();
    return { url: server.url, token };
  } catch {
    return undefined;
  }
}

export async function configuredServer(): Promise<ServerAddress | undefined> {
  const url = process.env.ENSEMBLE_URL;
  if (url === undefined || url === '') return undefined;
  const token = process.env.ENSEMBLE_TOKEN ?? (await readServerAddress(dataDirectory()))?.token;
  if (token === undefined)
    throw new CliError(
      'ENSEMBLE_URL is set, but ENSEMBLE_TOKEN is not. Set it to the text of the local-token file in the server’s data directory.',
    );
  return { url, token };
}
