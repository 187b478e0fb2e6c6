import { describe, expect, test } from 'vitest';
import { CARD_SDK } from './card-sdk.ts';
import { callAt, explainAt, suggestAt } from './suggest.ts';

const HEAD = 'from cards.base import BaseCard\n\n\nclass Scale(BaseCard):\n    card_type = "scale"\n';
const card = {
  configFields: [{ name: 'factor', type: 'number' as const, label: 'Factor', default: 2, required: false }],
  inputs: [{ name: 'dataset', type: 'dataframe' }],
  outputs: [{ name: 'model', type: 'model' }],
};
const labels = (text: string) => suggestAt(text, CARD_SDK, card).map(({ label }) => label);

describe('the SDK is read from its own source', () => {
  test('with signatures and docs, and without what is private', () => {
    const save = CARD_SDK.storage.find(({ name }) => name === 'save_bytes');
    expect(save?.parameters.map(({ text }) => text)).toEqual([
      'pipeline_id: str',
      'node_id: str',
      'key: str',
      'data: bytes',
      'ext: str = bin',
    ]);
    expect(save?.returns).toBe('str');
    for (const method of [...CARD_SDK.storage, ...CARD_SDK.self]) expect(method.doc).toMatch(/\w+/);
    expect(CARD_SDK.storage.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['save_dataframe', 'load_dataframe', 'save_model', 'load_model', 'save_json', 'load_json', 'load_bytes']),
    );
    expect(CARD_SDK.storage.some(({ name }) => name.startsWith('_'))).toBe(false);
    expect(CARD_SDK.self.map(({ name }) => name)).toEqual(['progress', 'log_metric']);
  });
});

describe('what is offered', () => {
  test('calls of storage and of the card itself', () => {
    expect(labels(`${HEAD}    def execute(self, config, inputs, storage):\n        storage.sa`)).toContain('save_model');
    expect(labels(`${HEAD}    def execute(self, config, inputs, storage):\n        self.`)).toEqual(['progress', 'log_metric']);
  });

  test('the fields and ports that the card declares', () => {
    expect(labels('        x = config["fa')).toEqual(['factor']);
    expect(labels("        x = config.get('")).toEqual(['factor']);
    expect(labels('        x = inputs["')).toEqual(['dataset']);
    expect(labels('        x = outputs["')).toEqual(['model']);
  });

  test('attributes that the class does not have yet, and methods', () => {
    const offered = labels(`${HEAD}    `);
    expect(offered).toEqual(expect.arrayContaining(['category', 'config_schema', 'execute', 'get_output_preview']));
    expect(offered).not.toContain('card_type');
    expect(labels('def helper():\n    ')).toEqual([]);
  });

  test('words of values, where they mean something', () => {
    expect(labels(`${HEAD}    category = "`)).toContain('training');
    expect(labels(`${HEAD}    input_schema = {"dataset": "`)).toContain('dataframe');
    expect(labels(`${HEAD}    input_schema = {"`)).toEqual([]);
    expect(labels(`${HEAD}    config_schema = {\n        "rows": {"type": "`)).toContain('integer');
    expect(labels(`${HEAD}    config_schema = {\n        "rows": {"type": "number", "`)).toContain('label');
  });

  test('a line that loads each input, and one that saves each output, by their types', () => {
    const offered = suggestAt(`${HEAD}    def execute(self, config, inputs, storage):\n        `, CARD_SDK, card);
    expect(offered.find(({ label }) => label === 'load dataset')?.insert).toContain('storage.load_dataframe(inputs["dataset"])');
    expect(offered.find(({ label }) => label === 'save model')?.insert).toContain('storage.save_model(');
  });

  test('nothing in comments and in other strings', () => {
    expect(labels('        # storage.')).toEqual([]);
    expect(labels('        print("')).toEqual([]);
  });
});

test('a word is explained', () => {
  expect(explainAt('        df = storage.', 'load_dataframe', CARD_SDK, card)?.code).toBe(
    'storage.load_dataframe(ref: str) -> pandas.DataFrame',
  );
  expect(explainAt('        x = config["', 'factor', CARD_SDK, card)?.doc).toBe('number · default 2');
  expect(explainAt('    ', 'retries', CARD_SDK, card)?.doc).toContain('tried again');
  expect(explainAt('        os.', 'remove', CARD_SDK, card)).toBeUndefined();
});

test('the parameter of a call is known, brackets inside it notwithstanding', () => {
  expect(callAt('storage.save_json("_p", "_n", "k", {"a": (1, 2), "b": ', CARD_SDK)?.parameter).toBe(3);
  expect(callAt('storage.save_json("_p", ', CARD_SDK)?.method.name).toBe('save_json');
  expect(callAt('print(1, ', CARD_SDK)).toBeUndefined();
});
