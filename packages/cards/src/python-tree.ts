/**
 * Python's syntax tree of a source text, and where its nodes stand in that text.
 * Ignores comments; throws for source that the syntax gate would refuse.
 */
import { parse } from 'py-ast';
import type { ASTNode, ClassDef, ExprNode, FunctionDef, Module, StmtNode } from 'py-ast';

export type { ClassDef, ExprNode, StmtNode };
type AsyncFunctionDef = Extract<StmtNode, { nodeType: 'AsyncFunctionDef' }>;
export type MethodDef = FunctionDef | AsyncFunctionDef;

interface SourcePosition {
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 units, as editors count. */
  column: number;
}

export interface PythonTree {
  body: StmtNode[];
  positionOf(node: ASTNode | undefined): SourcePosition;
}

export function parsePythonTree(source: string): PythonTree {
  const module: Module = parse(withoutFormFeeds(source));
  const lines = source.split('\n');
  return {
    body: module.body,
    positionOf(node) {
      const line = node?.lineno ?? 1;
      return { line, column: utf16Column(lines[line - 1] ?? '', node?.col_offset ?? 0) };
    },
  };
}

/** Python allows them between tokens, this parser does not. At the start of a line they would count as indentation. */
function withoutFormFeeds(source: string): string {
  return source.includes('\f') ? source.replaceAll(/^[ \t\f]*\f/gm, '').replaceAll('\f', ' ') : source;
}

/** The tree counts columns in UTF-8 bytes from 0. */
function utf16Column(line: string, byteOffset: number): number {
  let bytes = 0;
  let column = 1;
  for (const character of line) {
    if (bytes >= byteOffset) break;
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    column += character.length;
  }
  return column;
}

/** `a.b.c` as its three names, or undefined when the expression is anything else. */
export function dottedName(node: ExprNode): string[] | undefined {
  const names: string[] = [];
  let at = node;
  while (at.nodeType === 'Attribute') {
    names.unshift(at.attr);
    at = at.value;
  }
  return at.nodeType === 'Name' ? [at.id, ...names] : undefined;
}
