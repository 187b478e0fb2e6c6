/** Which fields of a `_pipeline.json` mean nothing here. How React Flow draws things is passed over: it is made anew. */
import type { ImportFinding } from './import-finding.ts';
import { LIMITS } from './layout.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const FILE = words('nodes edges annotations nodeCounter name title viewport');
const NODE = words(
  'id type position data width height card_type selected dragging dragHandle draggable selectable deletable connectable focusable measured positionAbsolute sourcePosition targetPosition style className zIndex hidden origin handles resizing initialWidth initialHeight ariaLabel',
);
const NODE_DATA = words('label title name cardSchema card_schema card_type cardType config');
const EDGE = words(
  'id source target sourceHandle targetHandle data type animated style className label markerStart markerEnd selected selectable deletable focusable reconnectable zIndex interactionWidth pathOptions hidden',
);
const EDGE_DATA = words('source_output target_input');
const MAX_FIELDS = 100;

/** One finding for each field, however many nodes or edges have it. */
export function unknownFields(file: {
  nodes: readonly unknown[];
  edges?: readonly unknown[] | undefined;
  [field: string]: unknown;
}): ImportFinding[] {
  const found = new Map<string, { field: string; what: string; count: number }>();
  const look = (value: unknown, known: ReadonlySet<string>, what: string, prefix: string): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const key of Object.keys(value)) {
      if (known.has(key)) continue;
      const field = `${prefix}${key}`.slice(0, LIMITS.nameLength).toWellFormed();
      const entry = found.get(`${what} ${field}`);
      if (entry) entry.count += 1;
      else if (found.size < MAX_FIELDS) found.set(`${what} ${field}`, { field, what, count: 1 });
    }
  };
  look(file, FILE, 'file', '');
  for (const node of file.nodes) {
    look(node, NODE, 'node', '');
    look(dataOf(node), NODE_DATA, 'node', 'data.');
  }
  for (const edge of file.edges ?? []) {
    look(edge, EDGE, 'connection', '');
    look(dataOf(edge), EDGE_DATA, 'connection', 'data.');
  }
  return [...found.values()].map(({ field, what, count }) => ({
    kind: 'not-understood',
    code: 'unknown-field',
    message: `The field "${field}" of ${what === 'file' ? 'the pipeline file' : `${count} ${what}${count === 1 ? '' : 's'}`} means nothing here and was left out.`,
    field,
  }));
}

const dataOf = (value: unknown): unknown => (typeof value === 'object' && value !== null ? (value as { data?: unknown }).data : undefined);
