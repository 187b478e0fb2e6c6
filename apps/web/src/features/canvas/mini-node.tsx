import type { MiniMapNodeProps } from '@xyflow/react';
import { useStepOf } from '../../shared/session/run-view.ts';

const COLORS: Readonly<Record<string, string>> = {
  queued: 'var(--e-warn)',
  running: 'var(--e-busy)',
  succeeded: 'var(--e-good)',
  failed: 'var(--e-bad)',
};

/** A card in the overview, in the colour of its step. Reads it by itself: news of a run redraw this alone. */
export function MiniNode({ id, x, y, width, height, borderRadius }: MiniMapNodeProps) {
  const step = useStepOf(id);
  return (
    <rect
      x={x}
      y={y}
      width={width}
      height={height}
      rx={borderRadius}
      data-state={step?.state}
      style={{ fill: (step && COLORS[step.state]) ?? 'var(--e-border-strong)' }}
    />
  );
}
