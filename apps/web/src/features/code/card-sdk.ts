/** What a card can use: the methods of the SDK from its own source, and the attributes every card has. */
import { KNOWN_CATEGORIES, KNOWN_PORT_TYPES, KNOWN_VIEW_TYPES } from '@ensemble/cards';
import baseCard from '../../../../../runner/python/ensemble/base_card.py?raw';
import storage from '../../../../../runner/python/ensemble/storage.py?raw';
import { methodsOf } from './python-signatures.ts';
import type { CardSdk } from './suggest.ts';

const choice = (values: readonly string[]): string => `"\${1|${values.join(',')}|}"`;
const schema = (entry: string): string => `{\n    ${entry}\n}`;

export const CARD_SDK: CardSdk = {
  storage: methodsOf(storage, 'Storage'),
  self: methodsOf(baseCard, 'BaseCard').filter(({ name }) => name === 'progress' || name === 'log_metric'),
  attributes: [
    { name: 'card_type', insert: '"${1:my_card}"', doc: 'The name that nodes know this card by; one file of the project has it.' },
    { name: 'display_name', insert: '"${1:My card}"', doc: 'What people read on the canvas and in the palette.' },
    { name: 'description', insert: '"${1:What it does, in a sentence.}"', doc: 'Shown in the palette and above the form.' },
    { name: 'category', insert: choice(KNOWN_CATEGORIES), doc: 'The group in the palette.' },
    { name: 'execution_mode', insert: '"local"', doc: 'Accepted for cards from elsewhere; "resources" says what a card needs.' },
    { name: 'output_view_type', insert: choice(KNOWN_VIEW_TYPES), doc: 'How the preview is drawn.' },
    {
      name: 'config_schema',
      insert: schema('"${1:rows}": {"type": "${2|number,string,integer,boolean,file,secret|}", "label": "${3:Rows}", "default": ${4:10}},'),
      doc: 'The form: field name to its type, label and default. JSON Schema works too.',
    },
    {
      name: 'input_schema',
      insert: `{"\${1:dataset}": "\${2|${KNOWN_PORT_TYPES.join(',')}|}"}`,
      doc: 'The inputs: port name to type. Its value arrives as a reference in inputs["name"].',
    },
    {
      name: 'output_schema',
      insert: `{"\${1:result}": "\${2|${KNOWN_PORT_TYPES.join(',')}|}"}`,
      doc: 'The outputs: port name to type. execute returns a reference for each.',
    },
    {
      name: 'output_columns',
      insert: '{"${1:result}": "${2:dataset}"}',
      doc: 'Optional: which columns an output has, or the input whose columns it keeps; forms offer them before a run.',
    },
    {
      name: 'resources',
      insert: '{"${1|memory,cpu,gpu,timeout,network|}": ${2:"2GiB"}}',
      doc: 'Optional: what an attempt may use: gpu, cpu, memory, timeout in seconds, network hosts.',
    },
    { name: 'requirements', insert: '["${1:lightgbm}"]', doc: 'Optional: packages beside those that are installed for every card.' },
    { name: 'retries', insert: '${1:1}', doc: 'Optional: how often a failed attempt is tried again.' },
    { name: 'cache', insert: 'False', doc: 'Optional: False for a card whose result may differ with the same inputs.' },
    { name: 'scratch', insert: 'False', doc: 'Optional: False for a card that shares no files in /tmp with others of the run.' },
  ],
  methods: [
    {
      name: 'execute',
      insert: [
        'def execute(self, config, inputs, storage):',
        '    df = storage.load_dataframe(inputs["${1:dataset}"])',
        '    $0',
        '    return {"${2:result}": storage.save_dataframe("_p", "_n", "${2:result}", df)}',
      ].join('\n'),
      doc: 'Does the work: references in, references out.',
    },
    {
      name: 'get_output_preview',
      insert: [
        'def get_output_preview(self, outputs, storage):',
        '    df = storage.load_dataframe(outputs["${1:result}"])',
        '    return {"columns": list(df.columns), "rows": df.head(20).values.tolist(), "total_rows": len(df)}',
      ].join('\n'),
      doc: 'What the canvas shows of the outputs: a JSON value.',
    },
  ],
  card: [
    'from cards.base import BaseCard',
    '',
    '',
    'class ${1:MyCard}(BaseCard):',
    '    card_type = "${2:my_card}"',
    '    display_name = "${3:My card}"',
    '    description = "${4:What it does, in a sentence.}"',
    `    category = "\${5|${KNOWN_CATEGORIES.join(',')}|}"`,
    '    output_view_type = "table"',
    '    config_schema = {"rows": {"type": "integer", "label": "Rows", "default": 10}}',
    '    input_schema = {"dataset": "dataframe"}',
    '    output_schema = {"result": "dataframe"}',
    '',
    '    def execute(self, config, inputs, storage):',
    '        df = storage.load_dataframe(inputs["dataset"]).head(config["rows"])',
    '        $0',
    '        return {"result": storage.save_dataframe("_p", "_n", "result", df)}',
    '',
    '    def get_output_preview(self, outputs, storage):',
    '        df = storage.load_dataframe(outputs["result"])',
    '        return {"columns": list(df.columns), "rows": df.head(20).values.tolist(), "total_rows": len(df)}',
    '',
  ].join('\n'),
};
