import type { Config } from 'vega-embed';

/** The colours of the page for a chart, read from the tokens: a specification that names its own colours keeps them. */
export function chartTheme(token: (name: string) => string): Config {
  const text = token('--e-text');
  const dim = token('--e-dim');
  const line = token('--e-border');
  const font = 'Inter Variable, system-ui, sans-serif';
  const series = ['dataframe', 'file', 'text', 'model', 'json', 'image', 'other', 'bytes'].map((type) => token(`--e-port-${type}`));
  return {
    background: 'transparent',
    font,
    title: { color: text, subtitleColor: dim, font, fontSize: 13, fontWeight: 600 },
    axis: { labelColor: dim, titleColor: text, gridColor: line, domainColor: line, tickColor: line, titleFontWeight: 500 },
    legend: { labelColor: dim, titleColor: text, titleFontWeight: 500 },
    header: { labelColor: dim, titleColor: text },
    view: { stroke: 'transparent' },
    mark: { color: series[0] },
    text: { color: text },
    rule: { color: dim },
    range: { category: series },
  };
}
