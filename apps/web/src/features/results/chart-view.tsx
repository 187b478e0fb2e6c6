import { Alert, useComputedColorScheme } from '@mantine/core';
import { Info } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import embed from 'vega-embed';
import type { VisualizationSpec } from 'vega-embed';
import { expressionInterpreter } from 'vega-interpreter';
import { chartTheme } from './chart-theme.ts';
import type { ChartSpec } from './preview-shape.ts';
import { fitToWidth } from './fit-to-width.ts';
import classes from './views.module.css';

const REFUSAL = 'Charts may not load anything from an address; put the rows into data.values.';

/** Refuses every address: a chart shows the data it carries, and asks nobody for more. */
function closedLoader(onRefuse: () => void) {
  const refuse = () => {
    onRefuse();
    return Promise.reject(new Error(REFUSAL));
  };
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse, options: {} };
}

/** A Vega-Lite or Vega chart. Expressions are interpreted, never compiled: the content security policy allows no eval. */
export default function ChartView({ spec }: { spec: ChartSpec }) {
  const scheme = useComputedColorScheme('light');
  const box = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState<{ spec: ChartSpec; message: string }>();
  const failure = failed?.spec === spec ? failed.message : undefined;
  useEffect(() => {
    const target = box.current;
    if (!target) return undefined;
    let gone = false;
    const fail = (message: string) => {
      if (!gone) setFailed({ spec, message });
    };
    let finalize: (() => void) | undefined;
    const page = getComputedStyle(document.documentElement);
    // Mantine writes the theme to the root in its own effect, which runs after those of its children.
    const frame = requestAnimationFrame(() => {
      const options = {
        ast: true,
        expr: expressionInterpreter,
        actions: false,
        renderer: 'svg' as const,
        loader: closedLoader(() => fail(REFUSAL)),
        tooltip: { theme: scheme },
        config: chartTheme((name) => page.getPropertyValue(name).trim()),
      };
      // Vega writes into the specification, so it gets one of its own.
      const own: unknown = fitToWidth(structuredClone(spec));
      embed(target, own as VisualizationSpec, options).then(
        (result) => {
          if (gone) result.finalize();
          else finalize = () => result.finalize();
        },
        (error: unknown) => fail(error instanceof Error ? error.message : String(error)),
      );
    });
    return () => {
      gone = true;
      cancelAnimationFrame(frame);
      finalize?.();
    };
  }, [spec, scheme]);
  return (
    <figure className={classes['chart']} aria-label="Chart made by this card">
      {failure === undefined ? null : (
        <Alert color="orange" variant="light" icon={<Info size={16} aria-hidden />} title="This chart is not complete">
          {failure}
        </Alert>
      )}
      <div ref={box} className={classes['chartBox']} />
    </figure>
  );
}
