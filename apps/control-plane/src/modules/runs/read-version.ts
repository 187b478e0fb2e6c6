/** The pipeline of a run as it was when the run started: its canvas, and the source of its cards. Ignores what became of the steps. */
import type { JsonValue } from '@ensemble/cards';
import type { Actor } from '@ensemble/permissions';
import type { CardSource, RunVersionDetail } from '@ensemble/protocol';
import { notFound } from '../../platform/api-error.ts';
import { summaryOf } from './present-run.ts';
import { authorizedRun } from './read-runs.ts';
import type { ReadRunsPorts } from './read-runs.ts';
import { canvasOfVersion, RunCanvas } from './run-canvas.ts';
import type { FoundRun } from './run-queries.ts';

const MAX_CANVAS_BYTES = 64 * 1024 * 1024;
const MAX_SOURCE_BYTES = 8 * 1024 * 1024;

export type ReadVersionPorts = Pick<ReadRunsPorts, 'sql' | 'authorize'> & { artifacts: Pick<ReadRunsPorts['artifacts'], 'readAll'> };

export async function getRunVersion(ports: ReadVersionPorts, actor: Actor, runId: string): Promise<RunVersionDetail> {
  const found = await authorizedRun(ports, actor, 'run.read', runId);
  const { graph, cards } = await canvasOf(ports, found);
  const { manifests } = found.version;
  return {
    run: summaryOf(found.row),
    graph,
    cards: Object.fromEntries(
      Object.entries(cards).map(([card, place]) => {
        const manifest = Object.hasOwn(manifests, card) ? (manifests[card] as unknown as JsonValue) : undefined;
        return [card, { ...place, ...(manifest !== undefined && { manifest }) }];
      }),
    ),
  };
}

/** The source that the run had of a card, whatever the card is now. */
export async function getCardSourceAtRun(ports: ReadVersionPorts, actor: Actor, runId: string, card: string): Promise<CardSource> {
  const found = await authorizedRun(ports, actor, 'card.read', runId);
  const { cards } = await canvasOf(ports, found);
  const place = Object.hasOwn(cards, card) ? cards[card] : undefined;
  if (!place) throw notFound('card');
  const bytes = await ports.artifacts.readAll(place.sourceHash, MAX_SOURCE_BYTES);
  return { path: place.path, source: new TextDecoder().decode(bytes) };
}

async function canvasOf({ artifacts }: ReadVersionPorts, { row, version }: FoundRun): Promise<RunCanvas> {
  if (row.canvas_sha256 === null) return canvasOfVersion(version);
  return RunCanvas.parse(JSON.parse(new TextDecoder().decode(await artifacts.readAll(row.canvas_sha256, MAX_CANVAS_BYTES))));
}
