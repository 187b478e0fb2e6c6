/** The gallery: what can be started from, and starting from it. Ignores how pipelines, cards and files are kept. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Actor } from '@ensemble/permissions';
import type { ImportBody, ImportResult, ProjectFile, Template } from '@ensemble/protocol';
import { notFound } from '../../platform/api-error.ts';
import type { Logger } from '../../platform/logger.ts';
import { drawThumbnail } from './draw-thumbnail.ts';
import { fillFiles } from './fill-files.ts';
import { readTemplateFolder, type TemplateFolder } from './read-template-folder.ts';

export interface TemplatesOptions {
  /** Holds one folder for each template; may be missing. */
  directory: string;
  addFile(projectId: string, name: string, content: AsyncIterable<Uint8Array>): Promise<Pick<ProjectFile, 'sha256' | 'name'>>;
  importFolder(actor: Actor, projectId: string, body: ImportBody): Promise<ImportResult>;
  logger: Pick<Logger, 'warn'>;
}

export interface Templates {
  /** By title. */
  list(): Promise<Template[]>;
  /** Throws `not-found`. */
  use(actor: Actor, projectId: string, name: string): Promise<ImportResult>;
}

export function createTemplates({ directory, addFile, importFolder, logger }: TemplatesOptions): Templates {
  // The folders belong to the installed program: they are read once, when somebody first asks.
  let reading: Promise<TemplateFolder[]> | undefined;
  const folders = (): Promise<TemplateFolder[]> => (reading ??= readFolders(directory, logger));
  return {
    async list() {
      return (await folders()).map(({ name, title, description, graph }) => ({
        name,
        title,
        description,
        cards: graph.nodes.length,
        thumbnail: drawThumbnail(graph),
      }));
    },
    async use(actor, projectId, name) {
      const folder = (await folders()).find((one) => one.name === name);
      if (!folder) throw notFound('template');
      const stored = new Map<string, Pick<ProjectFile, 'sha256' | 'name'>>();
      for (const file of folder.files) {
        stored.set(file.path, await addFile(projectId, path.basename(file.path), createReadStream(file.location)));
      }
      return await importFolder(actor, projectId, {
        name: folder.title,
        pipeline: fillFiles(folder.pipeline, stored),
        cards: folder.cards,
      });
    },
  };
}

async function readFolders(directory: string, logger: TemplatesOptions['logger']): Promise<TemplateFolder[]> {
  const found: TemplateFolder[] = [];
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((one) => one.isDirectory())) {
    try {
      const folder = await readTemplateFolder(path.join(directory, entry.name));
      if (folder) found.push(folder);
    } catch (error) {
      logger.warn({ err: error, template: entry.name }, 'a template cannot be read and is left out');
    }
  }
  return found.toSorted((a, b) => a.title.localeCompare(b.title));
}
