/** Finds the project that a person means: by its id, or by its name when there is one of that name. */
import { read, type ApiClient } from '@ensemble/api-client';
import { Project } from '@ensemble/protocol';
import { connect } from './api-client.ts';
import { CliError, usageError } from './cli-error.ts';
import { configuredServer, dataDirectory, readServerAddress } from './server-address.ts';

/** The server of `ENSEMBLE_URL`, or the one that runs on the data directory here. */
export async function connectToServer(): Promise<ApiClient> {
  const address = (await configuredServer()) ?? (await readServerAddress(dataDirectory()));
  if (!address)
    throw new CliError(
      `No server has run on ${dataDirectory()}. Start one with \`npm start\`, or set ENSEMBLE_URL and ENSEMBLE_TOKEN to one that runs.`,
    );
  return connect(address);
}

export async function findProject(api: ApiClient, nameOrId: string): Promise<Project> {
  const projects = await read(Project.array(), api.GET('/api/projects'));
  const byId = projects.find(({ id }) => id === nameOrId);
  if (byId) return byId;
  const named = projects.filter(({ name }) => name === nameOrId);
  const [project, ...others] = named;
  if (!project)
    throw usageError(
      `There is no project "${nameOrId}". There is: ${
        projects
          .map(({ name }) => name)
          .slice(0, 20)
          .join(', ') || 'none'
      }.`,
    );
  if (others.length > 0)
    throw usageError(`${named.length} projects are called "${nameOrId}". Give the id of one: ${named.map(({ id }) => id).join(', ')}.`);
  return project;
}
