/** load → split → train → score, as short as tests of the canvas need them. */
import type { CardManifest } from '@ensemble/cards';
import type { KnownCard } from '@ensemble/pipeline';

const manifest = (cardType: string, inputs: CardManifest['inputs'], outputs: CardManifest['outputs']): CardManifest => ({
  cardType,
  className: 'Card',
  displayName: `The ${cardType}`,
  description: '',
  category: 'data',
  executionMode: 'local',
  outputViewType: 'table',
  configSchema: {},
  configFields: [],
  inputs,
  outputs,
  resources: { gpu: 0, timeoutSeconds: 300, network: [] },
  requirements: [],
  retries: 0,
  cache: true,
  scratch: false,
});
const frame = (name: string) => ({ name, type: 'dataframe' });
const model = { name: 'model', type: 'model' };

export const cardsForTest = (): Map<string, KnownCard> =>
  new Map(
    [
      manifest('load', [], [frame('data')]),
      manifest('split', [frame('data')], [frame('train'), frame('test')]),
      manifest('train', [frame('train')], [model]),
      manifest('score', [model, frame('test')], [{ name: 'metrics', type: 'json' }]),
    ].map((card) => [card.cardType, { manifest: card }]),
  );
