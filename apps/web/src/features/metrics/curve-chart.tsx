import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Curve } from './curve-data.ts';
import classes from './metrics.module.css';
import type { Zoom } from './use-metrics.ts';

interface CurveChartProps {
  name: string;
  curves: readonly Curve[];
  isLog: boolean;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
}

const COLORS = ['dataframe', 'file', 'text', 'model', 'json', 'image', 'other', 'bytes'];
/** Of compared runs. */
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const HEIGHT = 190;

/** Several curves over their steps. Dragging zooms, a double click shows all again. */
export default function CurveChart({ name, curves, isLog, zoom, onZoom }: CurveChartProps) {
  const scheme = useComputedColorScheme('light');
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const zoomed = useRef(onZoom);
  useEffect(() => void (zoomed.current = onZoom), [onZoom]);
  const data = useMemo(
    () =>
      uPlot.join(
        curves.map(({ steps, values }): uPlot.AlignedData => {
          // A step may have been measured twice, and steps may go back: what is drawn needs them in order.
          const order = steps.map((_, at) => at).sort((a, b) => steps[a]! - steps[b]!);
          return [order.map((at) => steps[at]!), order.map((at) => values[at] ?? null)];
        }),
      ),
    [curves],
  );
  const names = curves.map(({ label, run }) => `${run} ${label}`).join('\n');
  const latest = useRef(data);
  useEffect(() => void (latest.current = data), [data]);
  useEffect(() => {
    const target = box.current;
    if (!target) return undefined;
    const page = getComputedStyle(document.documentElement);
    const token = (one: string): string => page.getPropertyValue(one).trim();
    const axis = {
      stroke: token('--e-dim'),
      grid: { stroke: token('--e-border'), width: 1 },
      ticks: { stroke: token('--e-border'), width: 1 },
      font: '11px Inter Variable, sans-serif',
    };
    const made = new uPlot(
      {
        width: Math.max(200, target.clientWidth),
        height: HEIGHT,
        scales: { x: { time: false, ...(zoom ? { range: [zoom.from, zoom.to] as [number, number] } : {}) }, y: { distr: isLog ? 3 : 1 } },
        axes: [axis, { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : shortNumber(tick))) }],
        cursor: { drag: { x: true, y: false, setScale: false } },
        hooks: {
          setSelect: [
            (chart) => {
              const { left, width } = chart.select;
              if (width > 4) zoomed.current({ from: chart.posToVal(left, 'x'), to: chart.posToVal(left + width, 'x') });
            },
          ],
        },
        series: [
          { label: 'step' },
          ...curves.map(({ label, run }, at) => ({
            label,
            stroke: token(`--e-port-${COLORS[at % COLORS.length]!}`),
            width: 1.5,
            dash: DASHES[run % DASHES.length] ?? [],
            points: { show: data[0].length < 60, size: 4 },
            value: (_: uPlot, value: number | null) => (value === null || value === undefined ? '–' : shortNumber(value)),
          })),
        ],
      },
      latest.current,
      target,
    );
    plot.current = made;
    made.over.addEventListener('dblclick', () => zoomed.current(undefined));
    const watch = new ResizeObserver(() => made.setSize({ width: Math.max(200, target.clientWidth), height: HEIGHT }));
    watch.observe(target);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = undefined;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- new points are set below; a new chart is made for other curves only
  }, [names, isLog, scheme, zoom?.from, zoom?.to]);
  useEffect(() => plot.current?.setData(data), [data]);
  return (
    <figure className={classes['chart']} aria-label={`Curve of ${name}: ${describe(curves)}`}>
      <figcaption className={classes['name']}>{name}</figcaption>
      <div ref={box} />
    </figure>
  );
}

/** For who cannot see it: the last value of each curve. */
const describe = (curves: readonly Curve[]): string =>
  curves.map(({ label, values }) => `${label} ${shortNumber(values.findLast((value) => value !== null) ?? NaN)}`).join(', ');

function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}
