import { loadCardReader } from '@ensemble/cards/node';
import { CARD_TEMPLATES } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { sdkDirectory } from '../../start-parts.ts';
import { fillTemplate, freeType, namesFrom, withCardType } from './card-text.ts';
import { loadCardTemplates } from './card-templates.ts';
import { importsOf, moduleOf } from './imports-of.ts';

test.each([
  ['cards/my_source.py', 'my_source', 'MySource', 'My source'],
  ['cards/data/LoadThings.py', 'load_things', 'LoadThings', 'Load things'],
  ['cards/_x.py', 'x', 'X', 'X'],
  ['cards/___.py', 'card', 'Card', 'Card'],
  ['cards/_2.py', '2', 'Card2', '2'],
  ['cards/base_card.py', 'base_card', 'Card', 'Base card'],
])('the names of %s', (path, cardType, className, displayName) => {
  expect(namesFrom(path)).toEqual({ cardType, className, displayName });
});

test('a type that somebody has gets a number', () => {
  expect(freeType('x', new Set())).toBe('x');
  expect(freeType('x', new Set(['x', 'x_2']))).toBe('x_3');
});

test('every template under any name is a valid card without a warning, and says what it is', async () => {
  const reader = await loadCardReader();
  const templates = loadCardTemplates(sdkDirectory, reader);
  expect(templates.list().map(({ name }) => name)).toEqual([...CARD_TEMPLATES]);
  for (const { name, description } of templates.list()) {
    expect(description.length).toBeGreaterThan(20);
    for (const path of ['cards/my_own.py', 'cards/_2.py', 'cards/base_card.py']) {
      const names = namesFrom(path);
      const reading = reader.read(fillTemplate(templates.sourceOf(name), names), { path });
      expect([name, path, reading.diagnostics]).toEqual([name, path, []]);
      expect(reading.manifest).toMatchObject({ ...names, resources: { gpu: 0, network: [] } });
    }
  }
});

test.each([
  ['    card_type = "a/b"\n', '    card_type = "new"\n'],
  ["\tcard_type='a'  # why\n", "\tcard_type='new'  # why\n"],
  ['    card_type: str = "a"\n', '    card_type: str = "new"\n'],
  ['    card_type: ClassVar[str] = "a"\n', '    card_type: ClassVar[str] = "new"\n'],
  ['    card_type = NAME\n', undefined],
  ['    card_type = f"{x}"\n', undefined],
  ['    card_type = (\n        "a"\n    )\n', undefined],
  ['    my_card_type = "a"\n', undefined],
])('the card type in %j', (line, changed) => {
  const source = (text: string) => `class X(BaseCard):\n${text}    other = "a"\n`;
  expect(withCardType(source(line), 'new')).toBe(changed === undefined ? undefined : source(changed));
});

test('imports of a file are found by their lines', () => {
  const source = [
    'import cards.models.net',
    '    from cards.models.net import Net',
    'from cards.models import other, net',
    'import os, cards.models.net as n',
    'from cards.models.network import x',
    'import cards.models.net.deep',
    '# from cards.models.net import Net',
    'from cards.models import network',
  ].join('\n');
  expect(importsOf(source, moduleOf('cards/models/net.py'))).toEqual([1, 2, 3, 4]);
});
