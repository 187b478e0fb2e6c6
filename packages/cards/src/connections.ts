/**
 * Which output may feed which input, and how edges find their ports. Knows ports by name and type
 * only, neither nodes nor the canvas.
 */
import type { Port } from './manifest.ts';

/** Types whose stored bytes an input of another type can load as they are. Nothing is converted. */
const READABLE_AS: Readonly<Record<string, readonly string[]>> = {
  file: ['bytes'],
  bytes: ['file'],
  image: ['bytes', 'file'],
};

export type Connection = { ok: true } | { ok: false; reason: string };

/** Says whether an output of one type can feed an input of another; `reason` is a sentence for people. */
export function canConnect(outputType: string, inputType: string): Connection {
  if (outputType === inputType) return { ok: true };
  if (Object.hasOwn(READABLE_AS, outputType) && READABLE_AS[outputType]?.includes(inputType)) return { ok: true };
  return {
    ok: false,
    reason: `This output gives ${outputType} and this input takes ${inputType}; choose an input that takes ${outputType}, or put a card between them that turns ${outputType} into ${inputType}.`,
  };
}

/** An edge that arrives at a node. Without `targetPort` the port is found by name, then by type. */
export interface IncomingEdge {
  targetPort?: string;
  sourcePort: string;
  sourceType: string;
}

export interface BindingError {
  code: 'bind/unknown-port' | 'bind/type' | 'bind/ambiguous' | 'bind/no-port' | 'bind/taken' | 'bind/missing';
  /** The input port concerned, when there is one. */
  port?: string;
  /** Index into `incoming`, when an edge is at fault. */
  incoming?: number;
  message: string;
}

export interface InputBinding<Edge extends IncomingEdge> {
  /** Input port name → the edge that feeds it. */
  bindings: Map<string, Edge>;
  /** Empty means the node can run. */
  errors: BindingError[];
}

type Choice = { port: string } | Pick<BindingError, 'code' | 'message' | 'port'>;

/**
 * Gives every incoming edge its input port: the named port, else the port called like the source
 * port, else the only port of that type. Whatever is left over on either side is an error.
 * Edges that name their port are served first, so the order of `incoming` decides nothing.
 */
export function bindInputs<Edge extends IncomingEdge>(inputs: readonly Port[], incoming: readonly Edge[]): InputBinding<Edge> {
  const bindings = new Map<string, Edge>();
  const errors: BindingError[] = [];
  const refused = new Set<string>();
  const order = incoming
    .map((edge, index) => ({ edge, index, rank: rankOf(inputs, edge) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index);
  for (const { edge, index } of order) {
    const choice = choosePort(inputs, edge);
    if ('code' in choice) {
      errors.push({ ...choice, incoming: index });
      if (choice.port !== undefined) refused.add(choice.port);
    } else if (bindings.has(choice.port)) {
      const message = `The input "${choice.port}" already has a connection; remove one of the two, or connect "${edge.sourcePort}" to another input.`;
      errors.push({ code: 'bind/taken', port: choice.port, incoming: index, message });
    } else {
      bindings.set(choice.port, edge);
    }
  }
  for (const port of inputs) {
    if (bindings.has(port.name) || refused.has(port.name)) continue;
    const message = `The input "${port.name}" (${port.type}) is not connected; connect an output that gives ${port.type}.`;
    errors.push({ code: 'bind/missing', port: port.name, message });
  }
  return { bindings, errors };
}

function rankOf(inputs: readonly Port[], edge: IncomingEdge): number {
  if (edge.targetPort !== undefined) return 0;
  return inputs.some((port) => port.name === edge.sourcePort) ? 1 : 2;
}

function choosePort(inputs: readonly Port[], edge: IncomingEdge): Choice {
  const names = inputs.map((port) => port.name).join(', ') || 'none';
  const name = edge.targetPort ?? edge.sourcePort;
  const named = inputs.find((port) => port.name === name);
  if (named !== undefined) {
    const connection = canConnect(edge.sourceType, named.type);
    if (connection.ok) return { port: named.name };
    return {
      code: 'bind/type',
      port: named.name,
      message: `"${edge.sourcePort}" cannot feed the input "${named.name}". ${connection.reason}`,
    };
  }
  if (edge.targetPort !== undefined) {
    return {
      code: 'bind/unknown-port',
      message: `This card has no input "${edge.targetPort}" (it has: ${names}); connect the edge again.`,
    };
  }
  const exact = inputs.filter((port) => port.type === edge.sourceType);
  const fitting = exact.length > 0 ? exact : inputs.filter((port) => canConnect(edge.sourceType, port.type).ok);
  const [only, another] = fitting;
  if (only === undefined) {
    return {
      code: 'bind/no-port',
      message: `No input of this card takes "${edge.sourcePort}" (${edge.sourceType}); its inputs are: ${names}. Remove the edge.`,
    };
  }
  if (another !== undefined) {
    const candidates = fitting.map((port) => `"${port.name}"`).join(' or ');
    return {
      code: 'bind/ambiguous',
      message: `"${edge.sourcePort}" (${edge.sourceType}) could feed ${candidates}; drag the edge onto the one you mean.`,
    };
  }
  return { port: only.name };
}
