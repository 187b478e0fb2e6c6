/** Small project folders that tests run. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Folder } from './api.ts';
import { repository } from './product.ts';

interface NodeSpec {
  id: string;
  card: string;
  config?: Record<string, unknown>;
}

/** `edges` are written as `source.port -> target.port`, or without the second port when it is to be bound. */
export function folder(nodes: NodeSpec[], edges: string[], cards: Record<string, string> = {}): Folder {
  return {
    pipeline: {
      nodes: nodes.map(({ id, card, config }, index) => ({
        id,
        type: 'cardNode',
        position: { x: index * 320, y: 0 },
        data: { label: id, cardSchema: { card_type: card }, config: config ?? {} },
      })),
      edges: edges.map((text, index) => {
        const [, source, sourcePort, target, targetPort] = /^(\w+)\.(\w+) -> (\w+)(?:\.(\w+))?$/.exec(text) ?? [];
        if (!source || !target) throw new Error(`not an edge: ${text}`);
        return {
          id: `e${index}`,
          source,
          target,
          sourceHandle: sourcePort,
          targetHandle: targetPort,
          data: { source_output: sourcePort, target_input: targetPort },
        };
      }),
      nodeCounter: nodes.length,
    },
    cards: Object.entries(cards).map(([name, source]) => ({ path: `cards/${name}`, source })),
  };
}

/** A card with one JSON output `value`; `body` is what `execute` does before it returns. */
export const card = (cardType: string, body: string, inputs: Record<string, string> = {}): string => `
from cards.base import BaseCard


class Card(BaseCard):
    card_type = "${cardType}"
    display_name = "${cardType}"
    description = "A card of the tests."
    category = "data"
    execution_mode = "local"
    output_view_type = "metrics"
    config_schema = {"seconds": {"type": "number", "label": "Seconds", "default": 0}}
    input_schema = ${JSON.stringify(inputs)}
    output_schema = {"value": "json"}

    def execute(self, config, inputs, storage):
${body
  .trim()
  .split('\n')
  .map((line) => `        ${line}`)
  .join('\n')}
        return {"value": storage.save_json("_p", "_n", "value", {"ok": True})}

    def get_output_preview(self, outputs, storage):
        return storage.load_json(outputs["value"])
`;

export const sleepCard = card('sleep', `import time\nprint("sleeping", flush=True)\ntime.sleep(config["seconds"])`);

export function template(name: string): Folder {
  return { pipeline: JSON.parse(readFileSync(path.join(repository, 'templates', name, '_pipeline.json'), 'utf8')) as unknown, cards: [] };
}
