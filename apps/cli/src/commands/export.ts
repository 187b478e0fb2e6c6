/** `ensemble export PROJECT [OUT]`: the project as a zip, or one of its pipelines as a Python script. */
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { read } from '@ensemble/api-client';
import { Pipeline } from '@ensemble/protocol';
import { usageError } from '../cli-error.ts';
import { connectToServer, findProject } from '../project-lookup.ts';

export async function exportProject(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { script: { type: 'string' }, data: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [wanted, out, ...extra] = positionals;
  if (wanted === undefined || extra.length > 0)
    throw usageError('Name one project: ensemble export PROJECT [OUT] [--data] [--script PIPELINE]');
  const api = await connectToServer();
  const project = await findProject(api, wanted);
  let bytes: ArrayBuffer;
  let name = project.name;
  if (values.script === undefined) {
    const place = { params: { path: { projectId: project.id }, query: { data: values.data ? ('true' as const) : ('false' as const) } } };
    const { data } = await api.GET('/api/projects/{projectId}/export/zip', { ...place, parseAs: 'arrayBuffer' });
    bytes = data as ArrayBuffer;
  } else {
    const pipelines = await read(
      Pipeline.array(),
      api.GET('/api/projects/{projectId}/pipelines', { params: { path: { projectId: project.id } } }),
    );
    const pipeline = pipelines.find(({ id, name: called }) => id === values.script || called === values.script);
    if (!pipeline)
      throw usageError(
        `"${project.name}" has no pipeline "${values.script}". It has: ${pipelines.map((one) => one.name).join(', ') || 'none'}.`,
      );
    name = pipeline.name;
    const { data } = await api.GET('/api/pipelines/{pipelineId}/script', {
      params: { path: { pipelineId: pipeline.id } },
      parseAs: 'arrayBuffer',
    });
    bytes = data as ArrayBuffer;
  }
  const file = await placeFor(out, name, values.script === undefined ? '.zip' : '.py');
  await writeFile(file, new Uint8Array(bytes));
  process.stdout.write(`${file}\n`);
  return 0;
}

/** `-` and control characters apart, people's names are good file names. */
async function placeFor(out: string | undefined, name: string, ending: string): Promise<string> {
  const plain = `${name.replaceAll(/[/\\\p{C}]+/gu, '-').replace(/^\.+/, '') || 'project'}${ending}`;
  if (out === undefined) return path.resolve(plain);
  const isFolder = (await stat(out).catch(() => undefined))?.isDirectory() ?? false;
  return isFolder ? path.resolve(out, plain) : path.resolve(out);
}
