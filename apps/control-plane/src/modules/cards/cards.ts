/**
 * The card files of projects: their live sources, read into manifests and never run. Ignores how documents are kept: sources
 * come and go through `documents`.
 */
import { canonicalJson, type CardManifest, type CardReader, type Diagnostic } from '@ensemble/cards';
import { documentName, type ProjectCardEntry, type ProjectTrashEntry } from '@ensemble/protocol';
import { ApiError } from '../../platform/api-error.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { loadBuiltInCards, type BuiltInCard } from './built-in-cards.ts';
import { isProvided, problemOfCardPath } from './card-path.ts';
import { createCardRepository, type CardRow } from './card-repository.ts';
import { hashOfSource } from './source-hash.ts';

export interface CardsOptions {
  database: Database;
  reader: CardReader;
  /** `runner/python` */
  sdkDirectory: string;
  /** Why such requirements cannot be installed, as far as is known now. */
  environmentFault?: (requirements: readonly string[]) => string | undefined;
  documents: {
    /** The text of a card's document; empty when there is none yet. */
    readSource(documentName: string): Promise<string>;
    /** Into an empty document. Resolves once journalled. */
    writeSource(documentName: string, actor: string, source: string): Promise<void>;
  };
}

/** A card file as it is at this moment. */
interface CardFile {
  cardId: string;
  path: string;
  builtIn: boolean;
  source: string;
  sourceHash: string;
  /** The last valid one. */
  manifest?: CardManifest;
  /** Of the present source. */
  diagnostics: Diagnostic[];
  /** Card types it had before, latest first. */
  formerTypes: readonly string[];
}

export interface Cards {
  readonly builtIn: readonly BuiltInCard[];
  /** Undefined when there is no such card file in any project; one in the trash is there. */
  projectOf(cardId: string): Promise<string | undefined>;
  /** What is in the trash can be read and restored, not written (`CARD-6`). */
  isTrashed(cardId: string): Promise<boolean>;
  /**
   * Every card file of the project and the built-in cards, with their present sources. By card type; a file that has never
   * been a valid card goes by its path.
   */
  cardsOfProject(projectId: string): Promise<Map<string, CardFile>>;
  /** The same for the project's index, by card id. */
  entriesOfProject(projectId: string): Promise<Map<string, ProjectCardEntry>>;
  /** What can be restored, by card id. */
  trashOfProject(projectId: string): Promise<Map<string, ProjectTrashEntry>>;
  /** Checks all files before `write` stores any; `CARD-4` and `CARD-5`. */
  prepareImport(
    projectId: string,
    files: readonly { path: string; source: string }[],
  ): Promise<{
    notes: string[];
    /** All or none; `also` writes more rows in the same transaction. */
    write(actor: string, also?: (sql: Sql) => Promise<void>): Promise<void>;
  }>;
}

export const MAX_CARDS = 1_000;
const WRITES_AT_ONCE = 16;

export function createCards({ database, reader, sdkDirectory, documents, environmentFault }: CardsOptions): Cards {
  const repository = createCardRepository(database);
  const builtIn = loadBuiltInCards(sdkDirectory, reader);
  const builtInTypes = new Map(builtIn.map((card) => [card.manifest.cardType, card.path]));
  const readings = createReadingCache(reader, environmentFault);

  async function filesOfProject(projectId: string): Promise<CardFile[]> {
    const rows = await repository.ofProject(projectId);
    const sources = await Promise.all(rows.map((row) => documents.readSource(documentName('card', row.id))));
    const taken = new Map(builtInTypes);
    const files: CardFile[] = builtIn.map((card) => ({ ...card, builtIn: true, diagnostics: [], formerTypes: [] }));
    for (const [index, row] of rows.entries()) files.push(await readRow(row, sources[index] ?? '', taken));
    return files;
  }

  /** In order of age, so that the older file has the type (`CARD-3`). */
  async function readRow(row: CardRow, source: string, taken: Map<string, string>): Promise<CardFile> {
    const sourceHash = hashOfSource(source);
    const reading = readings.read(row.path, sourceHash, source, taken);
    let { manifest, formerTypes } = row;
    if (reading.valid && reading.manifest) {
      formerTypes = remember(formerTypes, manifest?.cardType, reading.manifest.cardType);
      if (manifest === undefined || canonicalJson(reading.manifest) !== canonicalJson(manifest))
        await repository.saveManifest(row.id, reading.manifest, formerTypes);
      manifest = reading.manifest;
    }
    if (manifest && !taken.has(manifest.cardType)) taken.set(manifest.cardType, row.path);
    return {
      cardId: row.id,
      path: row.path,
      builtIn: false,
      source,
      sourceHash,
      diagnostics: reading.diagnostics,
      formerTypes,
      ...(manifest ? { manifest } : {}),
    };
  }

  return {
    builtIn,
    projectOf: async (cardId) => (await repository.find(cardId))?.projectId,
    isTrashed: async (cardId) => (await repository.find(cardId))?.trashedAt !== undefined,
    async cardsOfProject(projectId) {
      const cards = new Map<string, CardFile>();
      for (const file of await filesOfProject(projectId)) {
        const type = file.manifest?.cardType;
        cards.set(type === undefined || cards.has(type) ? file.path : type, file);
      }
      return cards;
    },
    async entriesOfProject(projectId) {
      const files = await filesOfProject(projectId);
      return new Map(files.map((file) => [file.cardId, entryOf(file)]));
    },
    async trashOfProject(projectId) {
      const rows = await repository.trashOf(projectId);
      return new Map(rows.map((row) => [row.id, trashEntryOf(row)]));
    },
    async prepareImport(projectId, files) {
      const rows = new Map((await repository.ofProject(projectId)).map((row) => [row.path, row]));
      const problems: string[] = [];
      const notes: string[] = [];
      const fresh = new Map<string, string>();
      const seen = new Set<string>();
      for (const { path, source } of files) {
        const wrong = problemOfCardPath(path) ?? (seen.has(path) ? `"${path}" is there twice.` : undefined);
        seen.add(path);
        if (wrong !== undefined) {
          problems.push(wrong);
          continue;
        }
        if (isProvided(path, source)) {
          notes.push(`${path} was left out: Ensemble brings its own.`);
          continue;
        }
        const text = source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
        const present = rows.get(path);
        if (!present) {
          fresh.set(path, text);
          const reading = readings.read(path, hashOfSource(text), text, builtInTypes);
          const error = reading.diagnostics.find(({ severity }) => severity === 'error');
          if (error) notes.push(`${path} has errors and was kept: line ${error.line}: ${error.message}`);
        }
        if (present && (await documents.readSource(documentName('card', present.id))) !== text) {
          problems.push(`${path} is in this project already, with another source: import into a new project, or rename one of them.`);
        }
      }
      if (rows.size + fresh.size > MAX_CARDS) problems.push(`A project can have at most ${MAX_CARDS} card files.`);
      if (problems.length > 0) {
        throw new ApiError(
          'bad-request',
          problems[0] ?? '',
          problems.map((message) => ({ code: 'card-file', message })),
        );
      }
      return {
        notes,
        async write(actor, also) {
          const files = [...fresh].map(([path, source]) => ({ id: newId(), path, source }));
          // The sources first: a row without one would show as an empty card after a crash.
          for (let at = 0; at < files.length; at += WRITES_AT_ONCE) {
            const some = files.slice(at, at + WRITES_AT_ONCE);
            await Promise.all(some.map(({ id, source }) => documents.writeSource(documentName('card', id), actor, source)));
          }
          await repository.addAll(projectId, files, also);
        },
      };
    },
  };
}

function entryOf({ cardId, path, builtIn, sourceHash, manifest, diagnostics, formerTypes }: CardFile): ProjectCardEntry {
  return {
    cardId,
    path,
    builtIn,
    sourceHash,
    diagnostics,
    ...(manifest ? { manifest } : {}),
    ...(formerTypes.length > 0 ? { formerTypes: [...formerTypes] } : {}),
  };
}

const trashEntryOf = ({ id, path, manifest, trashedAt }: CardRow): ProjectTrashEntry => ({
  cardId: id,
  path,
  trashedAt: trashedAt?.getTime() ?? 0,
  ...(manifest ? { cardType: manifest.cardType } : {}),
});

const MAX_FORMER_TYPES = 40;
/** The types somebody passed through while typing go first. */
const KEPT_LATEST = 10;

/** The former types of a card that was `before` and is `now`. */
function remember(former: readonly string[], before: string | undefined, now: string): string[] {
  const types = before === undefined || before === now ? [...former] : [before, ...former.filter((type) => type !== before)];
  const others = types.filter((type) => type !== now);
  if (others.length > MAX_FORMER_TYPES) others.splice(KEPT_LATEST, 1);
  return others;
}

const CACHED_READINGS = 2_000;

/** Reading a card takes milliseconds; the same source of the same file, in the same company, reads the same. */
function createReadingCache(reader: CardReader, environmentFault: CardsOptions['environmentFault'] = () => undefined) {
  const cache = new Map<string, ReturnType<CardReader['read']> & { fault: string | undefined }>();
  return {
    read(path: string, sourceHash: string, source: string, taken: ReadonlyMap<string, string>): ReturnType<CardReader['read']> {
      const key = `${sourceHash} ${path}`;
      const known = cache.get(key);
      const fault = (requirements: readonly string[] = []) => (requirements.length === 0 ? undefined : environmentFault(requirements));
      const fresh = known?.fault === fault(known?.manifest?.requirements);
      if (known?.valid === true && fresh && !(known.manifest && taken.has(known.manifest.cardType))) return known;
      const reading = reader.read(source, { path, takenBy: (cardType) => taken.get(cardType), environmentFault });
      if (cache.size >= CACHED_READINGS) cache.delete(cache.keys().next().value ?? '');
      cache.set(key, { ...reading, fault: fault(reading.manifest?.requirements) });
      return reading;
    },
  };
}
