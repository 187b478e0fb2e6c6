import type { ProjectedGraph, ProjectedNode, Size } from '@ensemble/pipeline';

/** Sizes of a card node in flow units. Handles are placed from these, so the canvas needs no measuring before it can draw edges. */
export const NODE_WIDTH = 248;
export const HEADER_HEIGHT = 46;
export const PORT_ROW = 32;
const PORTS_PADDING = 6;
export const FOOTER_HEIGHT = 32;
export const HANDLE_SIZE = 12;
/** Height of the title by which a frame is dragged. */
export const FRAME_HANDLE = 36;

export const nodeHeight = (rows: number): number => HEADER_HEIGHT + 2 * PORTS_PADDING + Math.max(rows, 1) * PORT_ROW + FOOTER_HEIGHT;

/** Centre of the port in row `index`, from the top of the node. */
export const portCentre = (index: number): number => HEADER_HEIGHT + PORTS_PADDING + (index + 0.5) * PORT_ROW;

export const cardSize = ({ manifest }: Pick<ProjectedNode, 'manifest'>): Size => ({
  width: NODE_WIDTH,
  height: nodeHeight(Math.max(manifest?.inputs.length ?? 0, manifest?.outputs.length ?? 0)),
});

/** Everything on the canvas that has a place of its own. */
export const itemsOf = ({ nodes, notes, frames }: Pick<ProjectedGraph, 'nodes' | 'notes' | 'frames'>) => [...nodes, ...notes, ...frames];
