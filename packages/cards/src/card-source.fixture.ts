/** Python source of a valid card for tests, with lines replaced, dropped or added. */

export const validAttributes: Readonly<Record<string, string>> = {
  card_type: '"data_split"',
  display_name: '"Data Split"',
  description: '"Splits a table in two."',
  category: '"data"',
  execution_mode: '"local"',
  output_view_type: '"table"',
  config_schema: '{"ratio": {"type": "number", "label": "Ratio", "default": 0.8}}',
  input_schema: '{"dataset": "dataframe"}',
  output_schema: '{"train": "dataframe", "test": "dataframe"}',
};

export const validMethods = `    def execute(self, config, inputs, storage):
        return {}

    def get_output_preview(self, outputs, storage):
        return {}
`;

interface CardSource {
  /** Values as Python source; undefined drops the attribute. */
  set?: Readonly<Record<string, string | undefined>>;
  header?: string;
  bases?: string;
  methods?: string;
  footer?: string;
}

export function cardSource({
  set = {},
  header = 'from cards.base import BaseCard',
  bases = 'BaseCard',
  methods = validMethods,
  footer = '',
}: CardSource = {}): string {
  const attributes = Object.entries({ ...validAttributes, ...set }).flatMap(([name, value]) =>
    value === undefined ? [] : [`    ${name} = ${value}\n`],
  );
  return `${header}\n\n\nclass DataSplit(${bases}):\n${attributes.join('')}\n${methods}${footer}`;
}
