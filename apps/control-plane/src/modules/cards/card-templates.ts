/** What new card files start from: files beside the SDK, each a valid card that runs as it is. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CardReader } from '@ensemble/cards';
import { CARD_TEMPLATES, type CardTemplate, type CardTemplateName } from '@ensemble/protocol';

export interface CardTemplates {
  list(): CardTemplate[];
  sourceOf(name: CardTemplateName): string;
}

/** Throws when one of them is no valid card: that is a fault of this version. */
export function loadCardTemplates(sdkDirectory: string, reader: CardReader): CardTemplates {
  const templates = CARD_TEMPLATES.map((name) => {
    const source = readFileSync(path.join(sdkDirectory, 'card_templates', `${name}.py`), 'utf8');
    const { manifest, diagnostics, valid } = reader.read(source, { path: `cards/${name}.py` });
    if (!valid || !manifest) throw new Error(`The card template ${name} is not valid: ${diagnostics[0]?.message ?? 'no manifest'}`);
    const { displayName: title, description, category } = manifest;
    return { name, title, description, category, source };
  });
  const sources = new Map(templates.map(({ name, source }) => [name, source]));
  return {
    list: () => templates.map(({ name, title, description, category }) => ({ name, title, description, category })),
    sourceOf: (name) => sources.get(name)!,
  };
}
