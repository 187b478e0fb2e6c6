/** Manifests for tests, as short as the test needs them. */
import type { CardManifest, ConfigField, Port } from '@ensemble/cards';
import type { KnownCard } from '../model.ts';

/** Ports are written `name:type`. */
export function manifest(cardType: string, inputs: string[], outputs: string[], configFields: ConfigField[] = []): CardManifest {
  return {
    cardType,
    className: 'Card',
    displayName: `The ${cardType}`,
    description: '',
    category: 'data',
    executionMode: 'local',
    outputViewType: 'table',
    configSchema: {},
    configFields,
    inputs: inputs.map(readPort),
    outputs: outputs.map(readPort),
    resources: { gpu: 0, timeoutSeconds: 300, network: [] },
    requirements: [],
    retries: 0,
    cache: true,
    scratch: false,
  };
}

export function known(...manifests: CardManifest[]): Map<string, KnownCard> {
  return new Map(manifests.map((card) => [card.cardType, { manifest: card }]));
}

const readPort = (text: string): Port => {
  const [name = '', type = ''] = text.split(':');
  return { name, type };
};

/** load → split → train; `split` has a config with defaults. */
export const CARDS = known(
  manifest('load', [], ['data:dataframe']),
  manifest(
    'split',
    ['data:dataframe'],
    ['train:dataframe', 'test:dataframe'],
    [
      { name: 'ratio', type: 'number', label: 'Ratio', required: false, default: 0.8, minimum: 0, maximum: 1 },
      { name: 'seed', type: 'integer', label: 'Seed', required: false },
    ],
  ),
  manifest('train', ['train:dataframe'], ['model:model']),
  manifest('score', ['model:model', 'test:dataframe'], ['metrics:json']),
);
