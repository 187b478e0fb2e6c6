/**
 * Says where a Python file is no Python, with Ruff's parser in WebAssembly. Knows nothing of cards.
 *
 * Ruff's rules for what CPython refuses while compiling (a `return` outside a function and the
 * like) are switched on; every other rule is off.
 */
import init, { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-web';

/** The oldest Python a card environment has; syntax newer than that is an error. */
const TARGET_PYTHON = 'py311';

// prettier-ignore
const COMPILE_ERRORS = [
  'F404', 'F406', 'F407', 'F621', 'F622', 'F701', 'F702', 'F704', 'F706', 'F707',
  'PLE0115', 'PLE0117', 'PLE0118', 'PLE1142',
];

export interface SyntaxProblem {
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 units. */
  column: number;
  message: string;
}

/** Throws a `RangeError` or `WebAssembly.RuntimeError` when the source is too deep for its stack. */
export type SyntaxGate = (source: string) => SyntaxProblem[];

/** The module or its bytes, or where to fetch it; without it the browser fetches it beside the script. */
export type SyntaxGateWasm = Uint8Array<ArrayBuffer> | ArrayBuffer | URL;

interface RuffDiagnostic {
  message: string;
  start_location: { row: number; column: number };
}

export async function loadSyntaxGate(wasm?: SyntaxGateWasm): Promise<SyntaxGate> {
  await (wasm === undefined ? init() : init({ module_or_path: wasm }));
  const settings = { 'target-version': TARGET_PYTHON, lint: { select: COMPILE_ERRORS } };
  const workspace = new Workspace(settings, PositionEncoding.Utf16);
  return (source) => {
    const found: RuffDiagnostic[] = workspace.check(withoutSuppressions(source));
    return found.map(({ message, start_location: { row, column } }) => ({ line: row, column, message: message.replaceAll('`', '') }));
  };
}

/** A comment can silence Ruff but not CPython. Same length, so every position stays where it is. */
function withoutSuppressions(source: string): string {
  return source.replace(/noqa/gi, 'nooa').replace(/ruff:/gi, 'roff:');
}
