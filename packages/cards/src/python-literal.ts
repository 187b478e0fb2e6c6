/**
 * The value of a literal expression, found without running anything: strings, numbers, booleans,
 * None, containers of these, joined strings and lists, sums and products of numbers, and names
 * that stand for such values. Knows nothing of cards.
 */
import { setEntry, isJsonObject } from './json-entries.ts';
import type { JsonObject, JsonValue } from './manifest.ts';
import type { ExprNode } from './python-tree.ts';

export type LiteralReading = { ok: true; value: JsonValue } | { ok: false; node: ExprNode; reason: string };

/** What a name stands for: an expression, or the reason why that cannot be known without running the file. */
export type NameValue = { value: ExprNode; names: NameLookup } | { unknown: string };
export type NameLookup = (dotted: readonly string[]) => NameValue;

/** Names may double each other's size; this is where it stops. */
const MAX_VALUES = 20_000;
const MAX_CHARACTERS = 1_000_000;
const MAX_DEPTH = 200;

class NotLiteral extends Error {
  readonly node: ExprNode;
  constructor(node: ExprNode, reason: string) {
    super(reason);
    this.node = node;
  }
}

export function readLiteral(node: ExprNode, names: NameLookup): LiteralReading {
  const budget = { values: 0, characters: 0 };
  try {
    return { ok: true, value: evaluate(node, names, budget, 0) };
  } catch (error) {
    if (error instanceof NotLiteral) return { ok: false, node: error.node, reason: error.message };
    throw error;
  }
}

type Budget = { values: number; characters: number };

function evaluate(node: ExprNode, names: NameLookup, budget: Budget, depth: number): JsonValue {
  const inner = (child: ExprNode) => evaluate(child, names, budget, depth + 1);
  budget.values += 1;
  if (budget.values > MAX_VALUES || depth > MAX_DEPTH) throw new NotLiteral(node, 'it is too large to be read');
  switch (node.nodeType) {
    case 'Constant':
      return spend(node, constant(node, node.value, node.quote_style), budget);
    case 'JoinedStr':
      return spend(
        node,
        node.values
          .map((part) => (part.nodeType === 'Constant' ? String(part.value) : refuse(part, 'it is an f-string with fields')))
          .join(''),
        budget,
      );
    case 'List':
    case 'Tuple':
      return node.elts.flatMap((item) => (item.nodeType === 'Starred' ? asList(item, inner(item.value)) : [inner(item)]));
    case 'Dict':
      return dictionary(node, inner);
    case 'UnaryOp':
      return negated(node, node.op.nodeType, inner(node.operand));
    case 'BinOp':
      return spend(node, combined(node, node.op.nodeType, inner(node.left), inner(node.right)), budget);
    case 'Name':
      return named(node, [node.id], names, budget, depth);
    case 'Attribute': {
      const dotted = node.value.nodeType === 'Name' ? [node.value.id, node.attr] : refuse(node, 'it is computed');
      return named(node, dotted, names, budget, depth);
    }
    case 'Call':
      return refuse(node, 'it is computed by a call');
    default:
      return refuse(node, 'it is computed');
  }
}

function refuse(node: ExprNode, reason: string): never {
  throw new NotLiteral(node, reason);
}

function spend(node: ExprNode, value: JsonValue, budget: Budget): JsonValue {
  if (typeof value === 'string') budget.characters += value.length;
  if (Array.isArray(value)) budget.values += value.length;
  if (budget.characters > MAX_CHARACTERS || budget.values > MAX_VALUES) refuse(node, 'it is too large to be read');
  return value;
}

function constant(node: ExprNode, value: unknown, quotes: string | undefined): JsonValue {
  if (typeof value === 'string') {
    // Ellipsis arrives as a string that no quotes were written around.
    if (quotes === undefined) return refuse(node, 'it is an ellipsis');
    return /b/i.test(quotes) ? refuse(node, 'it is a bytes literal') : value;
  }
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint') return refuse(node, 'the number is too large to be kept exactly');
  return refuse(node, 'this kind of value has no JSON form');
}

function asList(node: ExprNode, value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value : refuse(node, 'only a list can be unpacked here');
}

function dictionary(node: Extract<ExprNode, { nodeType: 'Dict' }>, inner: (child: ExprNode) => JsonValue): JsonObject {
  const entries: JsonObject = {};
  node.values.forEach((item, index) => {
    const keyNode = node.keys[index] ?? null;
    const value = inner(item);
    if (keyNode === null) {
      if (!isJsonObject(value)) refuse(item, 'only a dict can be unpacked here');
      else for (const [key, entry] of Object.entries(value)) setEntry(entries, key, entry);
      return;
    }
    const key = inner(keyNode);
    setEntry(entries, typeof key === 'string' ? key : refuse(keyNode, 'a key of a dict must be a string'), value);
  });
  return entries;
}

function negated(node: ExprNode, operator: string, value: JsonValue): JsonValue {
  if (operator === 'Not' && typeof value === 'boolean') return !value;
  if (typeof value !== 'number') return refuse(node, 'it is computed');
  return operator === 'USub' ? -value : operator === 'UAdd' ? value : refuse(node, 'it is computed');
}

function combined(node: ExprNode, operator: string, left: JsonValue, right: JsonValue): JsonValue {
  if (operator === 'Add' && typeof left === 'string' && typeof right === 'string') return left + right;
  if (operator === 'Add' && Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (operator === 'BitOr' && isJsonObject(left) && isJsonObject(right)) {
    const union: JsonObject = {};
    for (const [key, value] of [...Object.entries(left), ...Object.entries(right)]) setEntry(union, key, value);
    return union;
  }
  if (typeof left === 'number' && typeof right === 'number') {
    const result = operator === 'Add' ? left + right : operator === 'Sub' ? left - right : operator === 'Mult' ? left * right : Number.NaN;
    if (Number.isFinite(result)) return result;
  }
  return refuse(node, 'it is computed');
}

function named(node: ExprNode, dotted: readonly string[], names: NameLookup, budget: Budget, depth: number): JsonValue {
  const found = names(dotted);
  if ('unknown' in found) return refuse(node, found.unknown);
  return evaluate(found.value, found.names, budget, depth + 1);
}
