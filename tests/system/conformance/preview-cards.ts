/** One card for each shape of preview that the contract accepts, and how the canvas must understand it. */
import type { PreviewShape } from '../../../apps/web/src/features/results/preview-shape.ts';

interface PreviewCase {
  name: string;
  view: string;
  /** A Python expression; `plot` is the reference of a saved image. */
  preview: string;
  shape: Partial<PreviewShape>;
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const SPEC = { mark: 'bar', data: { values: [{ a: 1 }] } };

export const previewCases: PreviewCase[] = [
  {
    name: 'table_of_lists',
    view: 'table',
    preview: '{"columns": ["a", "b"], "rows": [[1, "x"]], "total_rows": 150}',
    shape: { kind: 'tables', tables: [{ columns: [{ name: 'a' }, { name: 'b' }], rows: [[1, 'x']], totalRows: 150 }] },
  },
  {
    name: 'table_of_records',
    view: 'table',
    preview: '{"columns": [{"name": "a", "dtype": "int64"}], "rows": [{"a": 1}], "shape": {"rows": 9, "cols": 1}}',
    shape: { kind: 'tables', tables: [{ columns: [{ name: 'a', type: 'int64' }], rows: [[1]], totalRows: 9 }] },
  },
  {
    name: 'two_tables',
    view: 'table',
    preview: '{"train": {"rows": [{"a": 1}], "row_count": 120}, "test": {"rows": [{"a": 2}], "row_count": 30}, "split_ratio": 0.2}',
    shape: {
      kind: 'tables',
      tables: [
        { title: 'train', columns: [{ name: 'a' }], rows: [[1]], totalRows: 120 },
        { title: 'test', columns: [{ name: 'a' }], rows: [[2]], totalRows: 30 },
      ],
      notes: [{ name: 'split_ratio', value: 0.2 }],
    },
  },
  {
    name: 'flat_metrics',
    view: 'metrics',
    preview: '{"accuracy": 0.9, "auc": float("nan"), "model": "svc"}',
    shape: {
      kind: 'metrics',
      tiles: [
        { name: 'accuracy', value: 0.9 },
        { name: 'auc', value: Number.NaN },
        { name: 'model', value: 'svc' },
      ],
    },
  },
  {
    name: 'nested_metrics',
    view: 'metrics',
    preview: '{"metrics": {"r2": 0.5}, "coefficients": {"age": 1.5}, "intercept": 2, "gradient_norms": {"w": 0.1}, "chart_ref": plot}',
    shape: {
      kind: 'metrics',
      tiles: [
        { name: 'r2', value: 0.5 },
        { name: 'intercept', value: 2 },
      ],
      groups: [
        { title: 'coefficients', facts: [{ name: 'age', value: 1.5 }] },
        { title: 'gradient_norms', facts: [{ name: 'w', value: 0.1 }] },
      ],
      chartRef: 'nested_metrics/plot.png',
    },
  },
  {
    name: 'model_summary',
    view: 'model_summary',
    preview: '{"model_type": "SVC", "hyperparameters": {"C": 1}}',
    shape: { kind: 'model', modelType: 'SVC', groups: [{ title: 'hyperparameters', facts: [{ name: 'C', value: 1 }] }] },
  },
  {
    name: 'flat_model_summary',
    view: 'model_summary',
    preview: '{"model_type": "SVC", "C": 1}',
    shape: { kind: 'model', modelType: 'SVC', groups: [{ facts: [{ name: 'C', value: 1 }] }] },
  },
  { name: 'text', view: 'text', preview: '{"text": "# Heading"}', shape: { kind: 'text', text: '# Heading' } },
  {
    name: 'saved_image',
    view: 'image',
    preview: '{"image_ref": plot}',
    shape: { kind: 'image-artifact', reference: 'saved_image/plot.png' },
  },
  {
    name: 'base64_image',
    view: 'image',
    preview: `{"image": "${PIXEL}"}`,
    shape: { kind: 'image', source: `data:image/png;base64,${PIXEL}` },
  },
  { name: 'chart', view: 'chart', preview: JSON.stringify(SPEC), shape: { kind: 'chart', spec: SPEC } },
  { name: 'html', view: 'html', preview: '{"html": "<b>x</b>"}', shape: { kind: 'html', html: '<b>x</b>' } },
  { name: 'unknown_view', view: 'hologram', preview: '{"a": 1}', shape: { kind: 'json', value: { a: 1 } } },
];

export const previewCard = ({ name, view, preview }: PreviewCase): string => `
import base64

from cards.base import BaseCard


class Card(BaseCard):
    card_type = "${name}"
    display_name = "${name}"
    description = "One shape of preview."
    category = "evaluation"
    execution_mode = "local"
    output_view_type = "${view}"
    config_schema = {}
    input_schema = {}
    output_schema = {"plot": "image"}

    def execute(self, config, inputs, storage):
        return {"plot": storage.save_bytes("_p", "_n", "plot", base64.b64decode("${PIXEL}"), "png")}

    def get_output_preview(self, outputs, storage):
        plot = outputs["plot"]
        return ${preview}
`;
