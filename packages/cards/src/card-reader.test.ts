import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cardSource, validAttributes, validMethods } from './card-source.fixture.ts';
import type { CardManifest } from './manifest.ts';
import { loadCardReader } from './node.ts';
import type { ReadOptions } from './read-manifest.ts';

const reader = await loadCardReader();
const source = cardSource;
const indented = Object.entries(validAttributes)
  .map(([name, value]) => `    ${name} = ${value}\n`)
  .join('');

/** A case is valid unless it lists the codes of its errors; `warns` lists those of its warnings. */
interface Case {
  source: string;
  errors?: string[];
  warns?: string[];
  /** Line and column of the first diagnostic. */
  at?: [number, number];
  manifest?: Partial<CardManifest>;
  options?: ReadOptions;
}

const cases: Record<string, Case> = {
  'a plain card': {
    source: source(),
    manifest: { cardType: 'data_split', className: 'DataSplit', displayName: 'Data Split', executionMode: 'local' },
  },
  'BaseCard from ensemble': { source: source({ header: 'from ensemble import BaseCard' }) },
  'BaseCard under another name': { source: source({ header: 'from cards.base import BaseCard as Card', bases: 'Card' }) },
  'BaseCard by its module': { source: source({ header: 'import cards.base', bases: 'cards.base.BaseCard' }) },
  'BaseCard by a module alias': { source: source({ header: 'import cards.base as cb', bases: 'cb.BaseCard' }) },
  'BaseCard by the package': { source: source({ header: 'from cards import base', bases: 'base.BaseCard' }) },
  'BaseCard by a star import': { source: source({ header: 'from cards.base import *' }) },
  'BaseCard by assignment': { source: source({ header: 'from cards.base import BaseCard\nCard = BaseCard', bases: 'Card' }) },
  'BaseCard imported with a fallback': {
    source: source({ header: 'try:\n    from cards.base import BaseCard\nexcept ImportError:\n    BaseCard = object' }),
  },
  'BaseCard imported in the fallback': {
    source: source({ header: 'try:\n    from ensemble_next import BaseCard\nexcept ImportError:\n    from ensemble import BaseCard' }),
  },
  'BaseCard from elsewhere': { source: source({ header: 'from .base import BaseCard' }), errors: ['card/no-class'], at: [1, 1] },
  'a BaseCard of its own': { source: source({ header: 'class BaseCard:\n    pass' }), errors: ['card/no-class'] },
  'no class at all': { source: 'x = 1\n', errors: ['card/no-class'] },
  'an empty file': { source: '', errors: ['card/no-class'] },
  'a class derived from nothing': { source: source({ bases: '' }), errors: ['card/no-class'] },
  'a class inside a function': {
    source: 'from cards.base import BaseCard\ndef f():\n    class A(BaseCard):\n        pass\n',
    errors: ['card/no-class'],
  },
  'an import for type checkers only': {
    source: source({ header: 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from cards.base import BaseCard' }),
    errors: ['card/no-class'],
  },
  'two card classes': { source: source({ footer: '\nclass Other(BaseCard):\n    pass\n' }), errors: ['card/several-classes'], at: [21, 1] },
  'helper classes and functions beside it': {
    source: source({ footer: '\nclass Net:\n    def __init__(self): self.x = 1\n\ndef helper(): return 1\n' }),
  },
  'attributes of a helper base': {
    source: `from cards.base import BaseCard\nclass Common(BaseCard):\n${indented}class Split(Common):\n    card_type = "split"\n${validMethods}`,
    manifest: { cardType: 'split', className: 'Split' },
  },
  'methods of a mixin': {
    source: `from cards.base import BaseCard\nclass Mixin:\n${validMethods}class Split(Mixin, BaseCard):\n${indented}`,
  },
  'a diamond of helpers': {
    source: `from cards.base import BaseCard\nclass A(BaseCard):\n${indented}${validMethods}class B(A): pass\nclass C(A):\n    card_type = "from_c"\nclass D(B, C): pass\n`,
    manifest: { cardType: 'from_c', className: 'D' },
  },
  'an abstract helper base': {
    source: `from abc import ABC\nfrom cards.base import BaseCard\nclass Common(BaseCard, ABC):\n    category = "data"\nclass Split(Common):\n${indented}${validMethods}`,
  },
  'only an abstract class': {
    source: source({ bases: 'BaseCard, ABC', header: 'from abc import ABC\nfrom cards.base import BaseCard' }),
    errors: ['card/no-class'],
  },
  'a class defined twice': { source: source({ header: 'from cards.base import BaseCard\nclass DataSplit(BaseCard):\n    pass' }) },
  'annotated attributes': {
    source: source({ set: { card_type: undefined }, methods: `    card_type: str = "annotated"\n${validMethods}` }),
    manifest: { cardType: 'annotated' },
  },
  'an annotation without a value': {
    source: source({ set: { card_type: undefined }, methods: `    card_type: str\n${validMethods}` }),
    errors: ['card/missing-attribute'],
    at: [4, 1],
  },
  'a missing attribute': { source: source({ set: { category: undefined } }), errors: ['card/missing-attribute'], at: [4, 1] },
  'two missing attributes': {
    source: source({ set: { category: undefined, input_schema: undefined } }),
    errors: ['card/missing-attribute', 'card/missing-attribute'],
  },
  'no execution_mode': { source: source({ set: { execution_mode: undefined } }), manifest: { executionMode: 'local' } },
  'execution_mode modal': { source: source({ set: { execution_mode: '"modal"' } }), manifest: { executionMode: 'modal' } },
  'an unknown execution_mode': { source: source({ set: { execution_mode: '"cloud"' } }), warns: ['card/unknown-execution-mode'] },
  'an attribute of the wrong type': { source: source({ set: { display_name: '3' } }), errors: ['card/attribute-type'], at: [6, 20] },
  'a computed attribute': { source: source({ set: { display_name: '"x".title()' } }), errors: ['card/not-literal'], at: [6, 20] },
  'an f-string with a field': { source: source({ set: { description: 'f"uses {card_type}"' } }), errors: ['card/not-literal'] },
  'an f-string without fields': { source: source({ set: { description: 'f"plain"' } }), manifest: { description: 'plain' } },
  'joined strings': {
    source: source({ set: { description: '("one "\n        "two" + " three")' } }),
    manifest: { description: 'one two three' },
  },
  'a bytes literal': { source: source({ set: { description: 'b"bytes"' } }), errors: ['card/not-literal'] },
  'an ellipsis': { source: source({ set: { description: '...' } }), errors: ['card/not-literal'] },
  'a property for an attribute': {
    source: source({ set: { category: undefined }, methods: `    @property\n    def category(self): return "data"\n${validMethods}` }),
    errors: ['card/not-literal'],
  },
  'an attribute under a condition': {
    source: source({ set: { category: undefined }, methods: `    if True:\n        category = "data"\n${validMethods}` }),
    errors: ['card/not-literal'],
  },
  'an attribute that is changed': {
    source: source({ methods: `    config_schema["x"] = {}\n${validMethods}` }),
    errors: ['card/not-literal'],
  },
  'a column after wide letters': {
    source: source({ set: { description: '("😀é" + unknown)' } }),
    errors: ['card/not-literal'],
    at: [7, 28],
  },
  'a module constant': {
    source: source({ header: 'from cards.base import BaseCard\nPORTS = {"a": "json"}', set: { input_schema: 'PORTS' } }),
    manifest: { inputs: [{ name: 'a', type: 'json' }] },
  },
  'a class constant': {
    source: source({ set: { output_schema: 'input_schema' } }),
    manifest: { outputs: [{ name: 'dataset', type: 'dataframe' }] },
  },
  'an attribute of another class': {
    source: source({ header: 'from cards.base import BaseCard\nclass Types:\n    IN = {"a": "json"}', set: { input_schema: 'Types.IN' } }),
    manifest: { inputs: [{ name: 'a', type: 'json' }] },
  },
  'unpacked constants': {
    source: source({
      header: 'from cards.base import BaseCard\nA = {"a": "json"}',
      set: { input_schema: '{**A, "b": "text"}', output_schema: 'A | {"c": "model"}' },
    }),
    manifest: {
      inputs: [
        { name: 'a', type: 'json' },
        { name: 'b', type: 'text' },
      ],
      outputs: [
        { name: 'a', type: 'json' },
        { name: 'c', type: 'model' },
      ],
    },
  },
  'a constant that is changed': {
    source: source({ header: 'from cards.base import BaseCard\nA = {}\nA["a"] = "json"', set: { input_schema: 'A' } }),
    errors: ['card/not-literal'],
  },
  'a constant that is updated': {
    source: source({ header: 'from cards.base import BaseCard\nA = {}\nA.update(a="json")', set: { input_schema: 'A' } }),
    errors: ['card/not-literal'],
  },
  'an imported constant': {
    source: source({ header: 'from cards.base import BaseCard\nfrom shared import A', set: { input_schema: 'A' } }),
    errors: ['card/not-literal'],
  },
  'a constant of itself': {
    source: source({ header: 'from cards.base import BaseCard\nA = [B]\nB = [A]', set: { input_schema: 'A' } }),
    errors: ['card/not-literal'],
  },
  'constants that double each other': {
    source: source({
      header: `from cards.base import BaseCard\nA0 = "x" * 1\nA0 = "0123456789"\n${Array.from({ length: 60 }, (_, i) => `B${i} = ${i === 0 ? '"0123456789"' : `B${i - 1} + B${i - 1}`}`).join('\n')}`,
      set: { description: 'B59' },
    }),
    errors: ['card/not-literal'],
  },
  'a missing method': {
    source: source({ methods: '    def execute(self, config, inputs, storage): ...\n' }),
    errors: ['card/missing-method'],
    at: [4, 1],
  },
  'no methods': { source: source({ methods: '' }), errors: ['card/missing-method', 'card/missing-method'] },
  'an attribute where a method should be': {
    source: source({ methods: `${validMethods}    execute = 3\n` }),
    errors: ['card/missing-method'],
  },
  'a method that is a function of the module': {
    source: source({
      header: 'from cards.base import BaseCard\ndef run(self, config, inputs, storage): return {}',
      methods: `${validMethods}    execute = run\n`,
    }),
  },
  'an async method': {
    source: source({ methods: validMethods.replace('def execute', 'async def execute') }),
    errors: ['card/async-method'],
  },
  'a method with too few parameters': {
    source: source({ methods: validMethods.replace('config, inputs, storage', 'config') }),
    errors: ['card/method-signature'],
    at: [15, 5],
  },
  'a method with too many parameters': {
    source: source({ methods: validMethods.replace('config, inputs, storage', 'config, inputs, storage, more') }),
    errors: ['card/method-signature'],
  },
  'a method with optional parameters': {
    source: source({ methods: validMethods.replace('config, inputs, storage', 'config, *args, more=1, **kwargs') }),
  },
  'a static method': { source: source({ methods: validMethods.replace('    def execute(self, ', '    @staticmethod\n    def execute(') }) },
  'a schema that is no dict': { source: source({ set: { input_schema: '["dataset"]' } }), errors: ['card/schema-not-dict'], at: [12, 20] },
  'a port without a type': { source: source({ set: { input_schema: '{"dataset": None}' } }), errors: ['card/port'] },
  'a dict key that is no string': { source: source({ set: { input_schema: '{1: "dataframe"}' } }), errors: ['card/not-literal'] },
  'no ports': { source: source({ set: { input_schema: '{}' } }), manifest: { inputs: [] } },
  'a port called __proto__': {
    source: source({ set: { input_schema: '{"__proto__": "json"}' } }),
    manifest: { inputs: [{ name: '__proto__', type: 'json' }] },
  },
  'an unknown port type': { source: source({ set: { input_schema: '{"a": "tensor"}' } }), warns: ['card/unknown-port-type'] },
  'an unknown category': { source: source({ set: { category: '"poetry"' } }), warns: ['card/unknown-category'] },
  'an unknown view': { source: source({ set: { output_view_type: '"hologram"' } }), warns: ['card/unknown-view'] },
  'a card type with a prefix': { source: source({ set: { card_type: '"std/split"' } }) },
  'a card type with spaces': { source: source({ set: { card_type: '"data split"' } }), errors: ['card/bad-card-type'], at: [5, 17] },
  'a card type that climbs': { source: source({ set: { card_type: '"../x"' } }), errors: ['card/bad-card-type'] },
  'a card type in use': {
    source: source(),
    options: { takenBy: () => 'cards/a/split.py', path: 'cards/b/split.py' },
    errors: ['card/type-taken'],
    at: [5, 17],
  },
  'its own card type': { source: source(), options: { takenBy: () => 'cards/a/split.py', path: 'cards/a/split.py' } },
  'resources in full': {
    source: source({ set: { resources: '{"gpu": 1, "cpu": 2, "memory": "4GiB", "timeout": 60 * 60, "network": ["example.org"]}' } }),
    manifest: { resources: { gpu: 1, cpu: 2, memoryBytes: 4 * 2 ** 30, timeoutSeconds: 3600, network: ['example.org'] } },
  },
  'no resources': { source: source(), manifest: { resources: { gpu: 0, timeoutSeconds: 300, network: [] } } },
  'a GPU without a timeout': {
    source: source({ set: { resources: '{"gpu": 2}' } }),
    manifest: { resources: { gpu: 2, timeoutSeconds: 600, network: [] } },
  },
  'a type that needs a GPU': {
    source: source({ set: { card_type: '"llm_finetune"' } }),
    manifest: { resources: { gpu: 1, timeoutSeconds: 600, network: [] } },
  },
  train_gpu: {
    source: source({ set: { card_type: '"train_gpu"' } }),
    manifest: { resources: { gpu: 1, timeoutSeconds: 600, network: [] } },
  },
  'a type that declines the GPU': {
    source: source({ set: { card_type: '"llm_prompt"', resources: '{"gpu": 0}' } }),
    manifest: { resources: { gpu: 0, timeoutSeconds: 300, network: [] } },
  },
  'impossible resources': {
    source: source({ set: { resources: '{"gpu": -1, "memory": "much", "timeout": "1h", "network": "all"}' } }),
    errors: Array.from({ length: 4 }, () => 'card/resources'),
  },
  'an unknown resource': { source: source({ set: { resources: '{"tpu": 1}' } }), warns: ['card/resources'] },
  'requirements, retries, cache, scratch': {
    source: source({ set: { requirements: '["torch>=2"]', retries: '2', cache: 'False', scratch: 'False' } }),
    manifest: { requirements: ['torch>=2'], retries: 2, cache: false, scratch: false },
  },
  'wrong requirements, retries, cache': {
    source: source({ set: { requirements: '"torch"', retries: '-1', cache: '"no"' } }),
    errors: ['card/attribute-type', 'card/attribute-type', 'card/attribute-type'],
  },
  'a requirement that is not installed': {
    source: source({ set: { requirements: '["torch"]' } }),
    options: { environmentFault: () => 'There is no package torch.' },
    warns: ['card/requirement-not-installed'],
  },
  'requirements that name places': {
    source: source({ set: { requirements: '["torch>=2", "git+https://example.org/x", "-r other.txt"]' } }),
    errors: ['card/requirement', 'card/requirement'],
    at: [14, 33],
  },
  'output columns: listed, those of an input, those of a file': {
    source: source({
      set: {
        config_schema: '{"table": {"type": "file"}}',
        output_schema: '{"a": "dataframe", "b": "dataframe", "c": "dataframe", "d": "dataframe"}',
        output_columns: '{"a": ["x", "y"], "b": "dataset", "c": "table"}',
      },
    }),
    manifest: { outputColumns: { a: ['x', 'y'], b: 'dataset', c: 'table' } },
  },
  'output columns of no use': {
    source: source({ set: { output_columns: '{"train": ["x", "x"], "test": "nobody", "gone": []}' } }),
    warns: ['card/output-columns', 'card/output-columns', 'card/output-columns'],
  },
  'output columns that are no dict': { source: source({ set: { output_columns: '["x"]' } }), warns: ['card/output-columns'] },
  'output columns that are computed': {
    source: source({ set: { output_columns: '{"train": list("ab")}' } }),
    warns: ['card/not-literal'],
  },
  'a config field of a strange type': {
    source: source({ set: { config_schema: '{"x": {"type": "matrix"}}' } }),
    warns: ['card/unknown-field-type'],
  },
  'a config field that is no dict': { source: source({ set: { config_schema: '{"x": 5}' } }), errors: ['card/config-schema'] },
  'a default that does not fit': {
    source: source({ set: { config_schema: '{"x": {"type": "integer", "default": "five"}}' } }),
    warns: ['card/config-default'],
  },
  'an open bracket': { source: source({ footer: 'x = (\ny = 1\n' }), errors: ['card/syntax'], at: [20, 5] },
  'a broken line': { source: source({ footer: 'def f(:\n    pass\n' }), errors: ['card/syntax', 'card/syntax'] },
  'a return outside a function': { source: source({ footer: 'return 1\n' }), errors: ['card/syntax'], at: [20, 1] },
  'a silenced return outside a function': { source: source({ footer: 'return 1  # noqa\n' }), errors: ['card/syntax'] },
  'mixed tabs and spaces': { source: source({ footer: 'if 1:\n\tx = 1\n        y = 2\n' }), errors: ['card/syntax'] },
  'a NUL': { source: source({ footer: 'x = 1\0\n' }), errors: ['card/encoding'] },
  'a comment that declares Latin-1, above ASCII': { source: `# -*- coding: latin-1 -*-\n${source()}` },
  'a comment that declares Latin-1, above more than ASCII': {
    source: `# -*- coding: latin-1 -*-\n${source({ set: { description: '"é"' } })}`,
    errors: ['card/encoding'],
    at: [1, 15],
  },
  'newer Python than cards have': { source: source({ footer: 'type X = int\n' }), errors: ['card/syntax'] },
  'a byte order mark': { source: `\uFEFF${source()}` },
  'Windows line ends': {
    source: source({ set: { category: '3' } }).replaceAll('\n', '\r\n'),
    errors: ['card/attribute-type'],
    at: [8, 16],
  },
  'old Mac line ends': { source: source().replaceAll('\n', '\r') },
  'form feeds between pages': {
    source: source({ header: '\f\nfrom cards.base import BaseCard\n\f', set: { retries: '3\f' } }),
    manifest: { retries: 3 },
  },
  'tabs for indentation': { source: source().replaceAll('    ', '\t') },
  'right-to-left letters': { source: source({ set: { display_name: '"פיצול נתונים"' } }), manifest: { displayName: 'פיצול נתונים' } },
  'half a surrogate pair': { source: source({ set: { description: '"\ud800"' } }) },
  'a line of 4 kB': { source: source({ set: { description: `"${'x'.repeat(4096)}"` } }) },
  'a file of 1 MB': { source: source({ footer: `x = "${'x'.repeat(1_000_000)}"\n` }), errors: ['card/too-large'] },
  'many brackets': { source: source({ footer: `x = ${'('.repeat(5000)}${')'.repeat(5000)}\n` }), errors: ['card/too-complex'] },
  'a very long sum': { source: source({ footer: `x = 1${' + 1'.repeat(50_000)}\n` }), errors: ['card/too-complex'] },
  'deep indentation': {
    source: source({ footer: Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}if 1:\n`).join('') }),
    errors: ['card/too-complex'],
  },
  'many elif': { source: source({ footer: `if 1: x\n${'elif 1: x\n'.repeat(20_000)}` }), errors: ['card/too-complex'] },
  'a style sheet in an f-string': { source: source({ footer: `x = f'''a {{ ${'b: c; '.repeat(2000)} }} {1} '''\n` }) },
  'a long list of data': { source: source({ footer: `x = [${'[1, 2], '.repeat(5000)}]\n` }) },
};

describe('a card reader', () => {
  for (const [name, { source: text, errors = [], warns = [], at, manifest, options }] of Object.entries(cases)) {
    it(`${errors.length > 0 ? 'refuses' : warns.length > 0 ? 'warns of' : 'reads'} ${name}`, () => {
      const reading = reader.read(text, options);
      const codes = (severity: string) => reading.diagnostics.filter((one) => one.severity === severity).map((one) => one.code);
      expect(codes('error'), JSON.stringify(reading.diagnostics)).toEqual(errors);
      expect(codes('warning')).toEqual(warns);
      expect(reading.valid).toBe(errors.length === 0);
      expect(reading.manifest === undefined).toBe(!reading.valid);
      if (at !== undefined) expect([reading.diagnostics[0]?.line, reading.diagnostics[0]?.column]).toEqual(at);
      if (manifest !== undefined) expect(reading.manifest).toMatchObject(manifest);
      for (const { message } of reading.diagnostics) expect(message).toMatch(/^[A-Za-z].{20,}[.:"]$/s);
    });
  }

  it('covers at least sixty cases', () => expect(Object.keys(cases).length).toBeGreaterThanOrEqual(60));

  it('tells of a silenced error even in a file that silences everything', () => {
    expect(reader.read(source({ header: '# ruff: noqa\n# flake8: noqa\nfrom cards.base import BaseCard', footer: 'return\n' })).valid).toBe(
      false,
    );
  });

  it('reads on after every file that is too deep', () => {
    for (const deep of [
      '(',
      '[',
      '{',
      'not ',
      '-',
      'lambda: ',
      'a.',
      'a**',
      '1 if a else ',
      'f(',
      'f"{',
      "f'{",
      'await ',
      'a=',
      '"a" ',
      'a[',
      '*',
      '@',
      'a:=',
      'f"{a:{',
    ]) {
      for (const count of [120, 900, 5_000, 60_000]) reader.read(`x = ${deep.repeat(count)}1`);
    }
    expect(reader.read(source()).valid).toBe(true);
  });

  it('reads the built-in cards', ({ skip }) => {
    const folder = new URL('../../../runner/python/cards/std/', import.meta.url);
    if (!existsSync(folder)) skip('the built-in cards are not here');
    const files = readdirSync(folder).filter((name) => name.endsWith('.py') && !name.startsWith('_'));
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const file of files) {
      const reading = reader.read(readFileSync(new URL(file, folder), 'utf8'));
      expect(reading.diagnostics, file).toEqual([]);
      expect(reading.manifest?.cardType).toBe(`std/${file.replace('.py', '')}`);
    }
  });

  it('reads the cards of the tutorial and of the conformance suite without a complaint', () => {
    const root = new URL('../../../', import.meta.url);
    const tutorial = readFileSync(new URL('docs/writing-cards.md', root), 'utf8');
    const found = [...tutorial.matchAll(/^```python\n(# cards\/.*?)^```$/gms)].map(([, block = '']) => block);
    expect(found.length).toBeGreaterThanOrEqual(3);
    const folder = new URL('tests/system/conformance/cards/', root);
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.py')))
      found.push(readFileSync(new URL(name, folder), 'utf8'));
    for (const text of found) expect(reader.read(text).diagnostics, text.slice(0, 200)).toEqual([]);
  });

  it('lists every code it can give in its README', () => {
    const folder = new URL('./', import.meta.url);
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.includes('.test.'));
    const given = new Set(
      sources.flatMap((name) => readFileSync(new URL(name, folder), 'utf8').match(/'(?:card|config|bind)\/[a-z-]+'/g) ?? []),
    );
    const listed = readFileSync(new URL('../README.md', import.meta.url), 'utf8').match(/`(?:card|config|bind)\/[a-z-]+`/g) ?? [];
    expect([...new Set(listed)].map((code) => code.slice(1, -1)).sort()).toEqual([...given].map((code) => code.slice(1, -1)).sort());
  });

  it('prints how long a read takes', () => {
    const text = source({ footer: '\ndef helper(rows):\n    return [row for row in rows if row]\n'.repeat(40) });
    const times = Array.from({ length: 60 }, (_, turn) => {
      const start = performance.now();
      reader.read(`${text}# ${turn}\n`);
      return performance.now() - start;
    }).sort((a, b) => a - b);
    console.log(`a read of ${text.length} characters: median ${times[30]?.toFixed(1)} ms, slowest ${times[59]?.toFixed(1)} ms`);
  });
});
