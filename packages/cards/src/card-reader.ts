/**
 * Reads a card's manifest from its source without running it. Ignores where the file is stored and
 * whether its imports exist; Python itself has the last word when the card runs.
 */
import { chooseCardClass } from './card-class.ts';
import { findLexicalFault } from './lexical-fault.ts';
import type { CardReading, Diagnostic } from './manifest.ts';
import { findExcess } from './python-limits.ts';
import { readPythonModule } from './python-module.ts';
import { parsePythonTree } from './python-tree.ts';
import type { PythonTree } from './python-tree.ts';
import { readManifest } from './read-manifest.ts';
import type { ReadOptions } from './read-manifest.ts';
import { findEncodingFault } from './source-encoding.ts';
import type { SyntaxGate, SyntaxProblem } from './syntax-gate.ts';

export interface CardReader {
  /** Never throws, whatever the source is; what `takenBy` and `environmentFault` throw passes through. */
  read(source: string, options?: ReadOptions): CardReading;
}

const MAX_SYNTAX_DIAGNOSTICS = 20;
const TOO_DEEP = 'The code is nested too deeply to be read; split it into functions.';

export function createCardReader(gate: SyntaxGate): CardReader {
  return {
    read(source, options = {}) {
      // What CPython does before it parses: drop the byte order mark, make all line ends alike.
      const text = source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
      const unreadable = findUnreadable(text, gate);
      if (unreadable.length > 0) return { valid: false, diagnostics: unreadable };
      let tree: PythonTree;
      try {
        tree = parsePythonTree(text);
      } catch (error) {
        return explainUnreadable(error);
      }
      try {
        return readTree(tree, options);
      } catch (error) {
        if (error instanceof RangeError) return refusal(1, 1, 'card/too-complex', TOO_DEEP);
        throw error;
      }
    },
  };
}

function readTree(tree: PythonTree, options: ReadOptions): CardReading {
  const module = readPythonModule(tree.body);
  const choice = chooseCardClass(module);
  if (choice.kind === 'one') return readManifest(choice.definition, module, tree, options);
  if (choice.kind === 'none') return refusal(1, 1, 'card/no-class', choice.message);
  const [first, ...others] = choice.definitions;
  const diagnostics = others.map((definition): Diagnostic => {
    const message = `A card file has one card class and "${first.name}" is already one; move "${definition.name}" to a file of its own.`;
    return { ...tree.positionOf(definition.node), severity: 'error', code: 'card/several-classes', message };
  });
  return { valid: false, diagnostics };
}

function refusal(line: number, column: number, code: string, message: string): CardReading {
  return { valid: false, diagnostics: [{ line, column, severity: 'error', code, message }] };
}

/** The tree's parser does not follow all that Ruff accepts, and says only in its message where it stopped. */
function explainUnreadable(error: unknown): CardReading {
  if (error instanceof RangeError) return refusal(1, 1, 'card/too-complex', TOO_DEEP);
  const found = /^(.*?) at line (\d+), column (\d+)/s.exec(error instanceof Error ? error.message : String(error));
  const what = (found?.[1] ?? 'it stopped').slice(0, 200);
  const message = `This is Python that the card reader cannot follow (${what}); write this line in a simpler way.`;
  return refusal(Number(found?.[2] ?? 1), Number(found?.[3] ?? 0) + 1, 'card/unreadable', message);
}

/** What stops the file from being read at all. */
function findUnreadable(text: string, gate: SyntaxGate): Diagnostic[] {
  const excess = findExcess(text);
  if (excess !== undefined) return [{ ...positionAt(text, excess.offset), severity: 'error', code: excess.code, message: excess.message }];
  const encoding = findEncodingFault(text);
  if (encoding !== undefined) {
    return [{ ...positionAt(text, encoding.offset), severity: 'error', code: 'card/encoding', message: encoding.message }];
  }
  try {
    return inOrderOfCPython(gate(text), text)
      .slice(0, MAX_SYNTAX_DIAGNOSTICS)
      .map(({ line, column, message }) => ({
        line,
        column,
        severity: 'error',
        code: 'card/syntax',
        message: `This is not valid Python: ${message.charAt(0).toLowerCase()}${message.slice(1)}; mend this line first, the rest of the card is checked after that.`,
      }));
  } catch (error) {
    // A RangeError is a stack used up; any other error leaves the gate's memory in an unknown state.
    const message =
      error instanceof RangeError
        ? TOO_DEEP
        : 'The syntax checker has stopped while reading this file; simplify the file and load the page or the server again.';
    return [
      { line: 1, column: 1, severity: 'error', code: error instanceof RangeError ? 'card/too-complex' : 'card/checker-stopped', message },
    ];
  }
}

/** Ruff's words for what CPython's tokenizer does not read past. */
const STOPS_AT_ONCE = /^(Unexpected indentation|Got unexpected token)/;

/**
 * CPython names a bracket or string that does not close, whatever the parser stumbled over before, and nothing that
 * follows from it. The parser overlooks some mixtures of tabs and spaces.
 */
function inOrderOfCPython(problems: SyntaxProblem[], text: string): SyntaxProblem[] {
  const [first] = problems;
  const fault = findLexicalFault(text);
  if (fault === undefined || (first === undefined && fault.kind !== 'indentation')) return problems;
  const cause = { ...positionAt(text, fault.offset), message: fault.message };
  const earlier = problems.filter(({ line }) => line < cause.line);
  if (earlier.length > 0 && (fault.kind === 'indentation' || STOPS_AT_ONCE.test(first?.message ?? ''))) return problems;
  if (fault.kind === 'open' && first !== undefined && first.line <= cause.line) return problems;
  return [cause, ...earlier];
}

/** 1-based, the column in UTF-16 units. */
function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
