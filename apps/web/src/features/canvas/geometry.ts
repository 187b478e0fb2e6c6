/** Sizes of a card node in flow units. Handles are placed from these, so the canvas needs no measuring before it can draw edges. */
export const NODE_WIDTH = 248;
export const HEADER_HEIGHT = 46;
export const PORT_ROW = 32;
const PORTS_PADDING = 6;
export const FOOTER_HEIGHT = 32;
export const HANDLE_SIZE = 12;

export const nodeHeight = (rows: number): number => HEADER_HEIGHT + 2 * PORTS_PADDING + Math.max(rows, 1) * PORT_ROW + FOOTER_HEIGHT;

/** Centre of the port in row `index`, from the top of the node. */
export const portCentre = (index: number): number => HEADER_HEIGHT + PORTS_PADDING + (index + 0.5) * PORT_ROW;
