/**
 * The card reader on Node, where nobody fetches WebAssembly: its bytes are read from the package.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadCardReader as loadWith } from './load-card-reader.ts';
import type { CardReader } from './card-reader.ts';

export type { CardReader };

/** Loads once per process; about half a second, for 11 MB of WebAssembly. */
export async function loadCardReader(): Promise<CardReader> {
  const path = createRequire(import.meta.url).resolve('@astral-sh/ruff-wasm-web/ruff_wasm_bg.wasm');
  return loadWith(new Uint8Array(await readFile(path)));
}
