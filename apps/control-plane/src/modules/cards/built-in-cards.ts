/** The cards that come with Ensemble, read once from the files the runner executes. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CardManifest, CardReader } from '@ensemble/cards';
import { hashOfSource } from './source-hash.ts';

export interface BuiltInCard {
  /** `builtin-<file>` */
  cardId: string;
  path: string;
  manifest: CardManifest;
  source: string;
  sourceHash: string;
}

/** Throws when one of them is no valid card: that is a fault of this version. */
export function loadBuiltInCards(sdkDirectory: string, reader: CardReader): BuiltInCard[] {
  const folder = path.join(sdkDirectory, 'cards/std');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.py') && file !== '__init__.py')
    .sort()
    .map((file) => {
      const source = readFileSync(path.join(folder, file), 'utf8');
      const { manifest, diagnostics, valid } = reader.read(source, { path: `cards/std/${file}` });
      if (!valid || !manifest) throw new Error(`The built-in card ${file} is not valid: ${diagnostics[0]?.message ?? 'no manifest'}`);
      return {
        cardId: `builtin-${file.slice(0, -'.py'.length)}`,
        path: `cards/std/${file}`,
        manifest,
        source,
        sourceHash: hashOfSource(source),
      };
    });
}
