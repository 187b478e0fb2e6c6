/** `ensemble import FOLDER|ZIP`: makes a project of it, or brings it into one, and prints what was mapped, guessed and not understood. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { read, sendBytes } from '@ensemble/api-client';
import { MAX_ARCHIVE_BYTES, ProjectImport } from '@ensemble/protocol';
import { CliError, usageError } from '../cli-error.ts';
import { connectToServer, findProject } from '../project-lookup.ts';
import { zipFolder } from '../zip-folder.ts';

export async function importProject(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { project: { type: 'string' }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [source, ...extra] = positionals;
  if (source === undefined || extra.length > 0)
    throw usageError('Name one folder or zip: ensemble import FOLDER|ZIP [--project NAME|ID] [--json]');
  const archive = await archiveOf(source);
  const api = await connectToServer();
  const body = sendBytes(new Blob([archive as Uint8Array<ArrayBuffer>]));
  const name = path
    .basename(path.resolve(source))
    .replace(/\.zip$/i, '')
    .slice(0, 120);
  const report =
    values.project === undefined
      ? await read(ProjectImport, api.POST('/api/import', { params: { query: { name } }, ...body }))
      : await read(
          ProjectImport,
          api.POST('/api/projects/{projectId}/import/zip', {
            params: { path: { projectId: (await findProject(api, values.project)).id } },
            ...body,
          }),
        );
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
  return 0;
}

async function archiveOf(source: string): Promise<Uint8Array> {
  const info = await stat(source).catch(() => undefined);
  if (!info) throw usageError(`${source} is neither a folder nor a file.`);
  const archive = info.isDirectory() ? await zipFolder(source) : await readFile(source);
  if (archive.byteLength > MAX_ARCHIVE_BYTES)
    throw new CliError(`${source} is larger than the ${MAX_ARCHIVE_BYTES / 1024 ** 2} MB that can be imported.`);
  return archive;
}

const TITLES = { mapped: 'Taken over', guessed: 'Guessed: have a look', 'not-understood': 'Not understood' } as const;

function describe({ projectId, projectName, pipelines, findings, counts }: ProjectImport): string {
  const lines = [
    `Project "${projectName}" (${projectId})`,
    ...pipelines.map(({ pipelineId, name }) => `Pipeline "${name}" (${pipelineId})`),
  ];
  for (const [kind, title] of Object.entries(TITLES) as [keyof typeof TITLES, string][]) {
    lines.push(`${title}: ${counts[kind]}`);
    for (const finding of findings) if (finding.kind === kind) lines.push(`  ${finding.message}`);
  }
  return `${lines.join('\n')}\n`;
}
