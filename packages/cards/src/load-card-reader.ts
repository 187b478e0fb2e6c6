/**
 * Loads the card reader when it is first asked for: who only checks a config or a connection does
 * not carry two Python parsers. Ignores where WebAssembly comes from.
 */
import type { CardReader } from './card-reader.ts';
import type { SyntaxGateWasm } from './syntax-gate.ts';

let loading: Promise<CardReader> | undefined;

/**
 * The reader, loaded once per process or page. Pass the bytes or the address of Ruff's WebAssembly
 * module, or nothing in a browser bundle; on Node use `loadCardReader` of `@ensemble/cards/node`.
 */
export function loadCardReader(wasm?: SyntaxGateWasm): Promise<CardReader> {
  loading ??= load(wasm);
  // A failed download must not be remembered.
  loading.catch(() => (loading = undefined));
  return loading;
}

async function load(wasm: SyntaxGateWasm | undefined): Promise<CardReader> {
  const [{ createCardReader }, { loadSyntaxGate }] = await Promise.all([import('./card-reader.ts'), import('./syntax-gate.ts')]);
  return createCardReader(await loadSyntaxGate(wasm));
}
