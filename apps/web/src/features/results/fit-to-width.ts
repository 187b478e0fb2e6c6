import type { ChartSpec } from './preview-shape.ts';

const UNIT_PARTS = ['mark', 'layer'];
const WHOLE_CANVAS = ['hconcat', 'vconcat', 'concat', 'facet', 'repeat', 'marks'];

/** A single Vega-Lite view takes the width there is, whatever width its card guessed; composed views and Vega keep theirs. */
export function fitToWidth(spec: ChartSpec): ChartSpec {
  const single = UNIT_PARTS.some((part) => Object.hasOwn(spec, part)) && !WHOLE_CANVAS.some((part) => Object.hasOwn(spec, part));
  if (!single || isFaceted(spec['encoding'])) return spec;
  return { ...spec, width: 'container', height: spec['height'] ?? 260, autosize: { type: 'fit', contains: 'padding', resize: true } };
}

/** Faceting channels make a composed view, which cannot be fitted. */
const isFaceted = (encoding: ChartSpec[string] | undefined): boolean =>
  typeof encoding === 'object' && encoding !== null && ['row', 'column', 'facet'].some((channel) => Object.hasOwn(encoding, channel));
