/**
 * Making, moving, throwing away and restoring the card files of a project. One change of a project's files at a time, so
 * that names stay unique; on several servers the database has the last word. Ignores who may do so.
 */
import type { CardReader } from '@ensemble/cards';
import { documentName, type CardFileInfo, type CardFilesResult, type CreateCardBody } from '@ensemble/protocol';
import { ApiError, notFound } from '../../platform/api-error.ts';
import type { Database } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { createCardRepository, type CardRow } from './card-repository.ts';
import { fillTemplate, freeType, namesFrom, withCardType } from './card-text.ts';
import { loadCardTemplates, type CardTemplates } from './card-templates.ts';
import { MAX_CARDS, type Cards, type CardsOptions } from './cards.ts';
import { importsOf, moduleOf } from './imports-of.ts';
import { freePath, problemOfKeptName, problemOfNewFolder, problemOfNewPath, type PathProblem } from './new-card-path.ts';

export interface CardFilesOptions {
  database: Database;
  reader: CardReader;
  sdkDirectory: string;
  documents: CardsOptions['documents'];
  cards: Pick<Cards, 'cardsOfProject' | 'builtIn'>;
  /** The project's card files changed; resolves when its index shows them. */
  onChanged(projectId: string): Promise<void>;
  /** Whoever has one of these open is asked again what they may do. */
  onAccessChanged(cardIds: readonly string[]): Promise<void>;
  now(): number;
}

export interface CardFiles {
  readonly templates: CardTemplates;
  create(projectId: string, actor: string, body: CreateCardBody): Promise<CardFilesResult>;
  move(projectId: string, cardId: string, path: string): Promise<CardFilesResult>;
  /** All files in it at once. */
  moveFolder(projectId: string, from: string, to: string): Promise<CardFilesResult>;
  trash(projectId: string, cardIds: readonly string[]): Promise<CardFilesResult>;
  /** To where they were; where that is taken, beside it. */
  restore(projectId: string, cardIds: readonly string[]): Promise<CardFilesResult>;
}

const info = ({ id, manifest }: CardRow, path: string): CardFileInfo => ({ cardId: id, path, cardType: manifest?.cardType ?? null });

export function createCardFiles(options: CardFilesOptions): CardFiles {
  const { database, reader, sdkDirectory, documents, cards, onChanged, onAccessChanged, now } = options;
  const repository = createCardRepository(database);
  const templates = loadCardTemplates(sdkDirectory, reader);
  const inTurn = queues();

  /** What a new file would be: where, and with which text. */
  async function plan(projectId: string, body: CreateCardBody): Promise<{ path: string; source: string; notes: string[] }> {
    const [rows, trash] = await Promise.all([repository.ofProject(projectId), repository.trashOf(projectId)]);
    if (rows.length >= MAX_CARDS)
      throw new ApiError('conflict', `A project can have at most ${MAX_CARDS} card files. Put some into the trash.`);
    const paths = rows.map((row) => row.path);
    // A card in the trash keeps its type, so that its nodes find it when it comes back.
    const types = new Set([...rows, ...trash].flatMap(({ manifest }) => manifest?.cardType ?? []));
    for (const { manifest } of cards.builtIn) types.add(manifest.cardType);
    if ('template' in body) {
      checkPath(body.path, paths);
      const names = namesFrom(body.path);
      return {
        path: body.path,
        source: fillTemplate(templates.sourceOf(body.template), { ...names, cardType: freeType(names.cardType, types) }),
        notes: [],
      };
    }
    const original = await originalOf(projectId, body.copyOf);
    const path = body.path ?? freePath(original.suggestedPath, paths);
    checkPath(path, paths);
    const { source, note } = copyOf(original.source, original.cardType, types, path);
    return { path, source, notes: note === undefined ? [] : [note] };
  }

  async function originalOf(
    projectId: string,
    cardId: string,
  ): Promise<{ suggestedPath: string; source: string; cardType: string | undefined }> {
    const builtIn = cards.builtIn.find((card) => card.cardId === cardId);
    if (builtIn) {
      const suggestedPath = `cards/${builtIn.path.split('/').at(-1)!}`;
      return { suggestedPath, source: builtIn.source, cardType: builtIn.manifest.cardType };
    }
    const row = await fileOf(projectId, cardId);
    const source = await documents.readSource(documentName('card', row.id));
    return { suggestedPath: row.path.replace(/\.py$/, '_copy.py'), source, cardType: row.manifest?.cardType };
  }

  /** The text under a card type of its own; the class and everything else stay. */
  function copyOf(
    source: string,
    cardType: string | undefined,
    taken: ReadonlySet<string>,
    path: string,
  ): { source: string; note?: string } {
    if (cardType === undefined) return { source };
    const copy = withCardType(source, freeType(namesFrom(path).cardType, taken));
    if (copy !== undefined && reader.read(copy, { path }).manifest?.cardType !== cardType) return { source: copy };
    return {
      source,
      note: `The card_type of ${path} could not be changed by itself and is taken: open the file and give it one of its own.`,
    };
  }

  async function fileOf(projectId: string, cardId: string, orTrashed = false): Promise<CardRow> {
    const row = await repository.find(cardId);
    if (row?.projectId !== projectId) throw notFound('card file');
    if (row.trashedAt && !orTrashed) throw new ApiError('conflict', `${row.path} is in the trash. Restore it first.`);
    return row;
  }

  async function moveAll(projectId: string, moves: readonly { row: CardRow; path: string }[]): Promise<CardFilesResult> {
    await repository.move(moves.map(({ row, path }) => ({ id: row.id, path })));
    await onChanged(projectId);
    return { files: moves.map(({ row, path }) => info(row, path)), notes: await staleImports(projectId, moves) };
  }

  /** Code that names a file by where it was. */
  async function staleImports(projectId: string, moves: readonly { row: CardRow; path: string }[]): Promise<string[]> {
    const files = [...(await cards.cardsOfProject(projectId)).values()].filter((file) => !file.builtIn);
    return moves.flatMap(({ row, path }) =>
      files.flatMap((file) => {
        const [line] = importsOf(file.source, moduleOf(row.path));
        if (line === undefined) return [];
        return [`${file.path} imports ${moduleOf(row.path)} in line ${line}, which is ${moduleOf(path)} now: change it there.`];
      }),
    );
  }

  return {
    templates,
    create: (projectId, actor, body) =>
      inTurn(projectId, async () => {
        const { path, source, notes } = await plan(projectId, body);
        const id = newId();
        // The source first: a row without one would show as an empty card after a crash.
        await documents.writeSource(documentName('card', id), actor, source);
        await repository.add({ id, projectId, path });
        await onChanged(projectId);
        const cardType = reader.read(source, { path }).manifest?.cardType ?? null;
        return { files: [{ cardId: id, path, cardType }], notes };
      }),
    move: (projectId, cardId, path) =>
      inTurn(projectId, async () => {
        const row = await fileOf(projectId, cardId);
        if (row.path === path) return { files: [info(row, path)], notes: [] };
        const others = (await repository.ofProject(projectId)).filter(({ id }) => id !== cardId);
        checkPath(
          path,
          others.map((other) => other.path),
        );
        return await moveAll(projectId, [{ row, path }]);
      }),
    moveFolder: (projectId, from, to) =>
      inTurn(projectId, async () => {
        const rows = await repository.ofProject(projectId);
        const inside = rows.filter(({ path }) => path.startsWith(`${from}/`));
        if (!from.startsWith('cards/') || inside.length === 0) throw notFound('folder');
        const wrong = problemOfNewFolder(to);
        if (wrong) throw pathError(wrong.message, 'to');
        if (to === from) return { files: inside.map((row) => info(row, row.path)), notes: [] };
        if (to.startsWith(`${from}/`)) throw pathError('A folder cannot be moved into itself. Choose another place.', 'to');
        const others = rows.filter((row) => !inside.includes(row)).map(({ path }) => path);
        const moves = inside.map((row) => ({ row, path: `${to}${row.path.slice(from.length)}` }));
        for (const { path } of moves) throwOn(problemOfKeptName(path, others), 'to');
        return await moveAll(projectId, moves);
      }),
    trash: (projectId, cardIds) =>
      inTurn(projectId, async () => {
        const rows = await Promise.all(cardIds.map((id) => fileOf(projectId, id, true)));
        await repository.trash(cardIds, new Date(now()));
        await onAccessChanged(cardIds);
        await onChanged(projectId);
        return { files: rows.map((row) => info(row, row.path)), notes: [] };
      }),
    restore: (projectId, cardIds) =>
      inTurn(projectId, async () => {
        const trash = await repository.trashOf(projectId);
        const paths = (await repository.ofProject(projectId)).map(({ path }) => path);
        const files = cardIds.map((id) => {
          const row = trash.find((candidate) => candidate.id === id);
          if (!row) throw notFound('file in the trash');
          const path = freePath(row.path, paths);
          throwOn(problemOfKeptName(path, paths), 'path');
          paths.push(path);
          return { row, path };
        });
        await repository.restore(
          files.map(({ row, path }) => ({ id: row.id, path })),
          new Date(now()),
        );
        await onAccessChanged(cardIds);
        await onChanged(projectId);
        const moved = files.filter(({ row, path }) => row.path !== path);
        return {
          files: files.map(({ row, path }) => info(row, path)),
          notes: moved.map(({ row, path }) => `${row.path} is taken by another file now, so it came back as ${path}.`),
        };
      }),
  };
}

const pathError = (message: string, field: string, code: 'bad-request' | 'conflict' = 'bad-request'): ApiError =>
  new ApiError(code, message, [{ code: 'card-path', message, field }]);

const checkPath = (path: string, others: readonly string[]): void => throwOn(problemOfNewPath(path, others), 'path');

function throwOn(problem: PathProblem | undefined, field: string): void {
  if (problem) throw pathError(problem.message, field, problem.kind === 'taken' ? 'conflict' : 'bad-request');
}

/** Work of one project waits for the work before it. */
function queues() {
  const last = new Map<string, Promise<unknown>>();
  return async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
