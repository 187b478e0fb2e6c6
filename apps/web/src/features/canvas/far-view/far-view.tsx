import { useStoreApi } from '@xyflow/react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { onceAFrame } from '../../../shared/session/once-a-frame.ts';
import type { FrameTask } from '../../../shared/session/once-a-frame.ts';
import { usePresence } from '../../../shared/session/presence.ts';
import { useRunView } from '../../../shared/session/run-view.ts';
import classes from '../canvas.module.css';
import type { CardFlowEdge } from '../flow-edges.ts';
import type { CanvasNode } from '../flow-nodes.ts';
import { paintScene } from './paint-scene.ts';
import { wiresOf } from './wires.ts';
import type { Wire } from './wires.ts';

interface FarViewProps {
  nodes: readonly CanvasNode[];
  edges: readonly CardFlowEdge[];
}

/**
 * The pipeline painted on one bitmap behind React Flow's elements. What changes, be it a thousand states a second, is
 * painted once a frame. Give it a key that changes with the theme.
 */
export function FarView({ nodes, edges }: FarViewProps) {
  const store = useStoreApi();
  const { steps } = useRunView();
  const presence = usePresence();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<{ nodes: readonly CanvasNode[]; wires: Wire[] }>({ nodes: [], wires: [] });
  const painting = useRef<FrameTask & { now: () => void }>(undefined);

  useLayoutEffect(() => {
    const target = canvas.current;
    const pen = target?.getContext('2d');
    if (!target || !pen) return undefined;
    const paint = () => {
      const { transform, width, height, panZoom } = store.getState();
      if (!panZoom || width === 0) return;
      const ratio = globalThis.devicePixelRatio;
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
      // To set the size, even to the same one, makes a new bitmap.
      if (target.width !== wide || target.height !== high) Object.assign(target, { width: wide, height: high });
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, wide, high);
      const [x, y, zoom] = transform;
      pen.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y);
      const states = steps.get();
      paintScene(
        pen,
        scene.current,
        { x, y, zoom, width, height },
        {
          stateOf: (id) => states.get(id)?.state,
          color: tokensOf(target),
          people: presence.peers.get().map(({ user, selection, editing }) => ({
            ...user,
            ids: new Set([...(selection ?? []), ...(editing ? [editing.nodeId] : [])]),
          })),
        },
      );
      target.dataset['painted'] = 'true';
    };
    const { ask, cancel } = onceAFrame(paint);
    painting.current = { ask, cancel, now: paint };
    ask();
    const stops = [
      store.subscribe(({ transform, width, height, panZoom }, before) => {
        if (transform !== before.transform || width !== before.width || height !== before.height || panZoom !== before.panZoom) ask();
      }),
      steps.subscribe(ask),
      presence.peers.subscribe(ask),
    ];
    return () => {
      for (const stop of stops) stop();
      cancel();
    };
  }, [store, steps, presence]);

  const first = useRef(true);
  useLayoutEffect(() => {
    scene.current = { nodes, wires: wiresOf(scene.current.wires, nodes, edges) };
    // The elements that it stands for go in this very frame.
    if (first.current) painting.current?.now();
    else painting.current?.ask();
    first.current = false;
  }, [nodes, edges]);

  return <canvas ref={canvas} className={classes['far']} aria-hidden data-testid="far-view" />;
}

/** Values of tokens at an element, each read once. */
function tokensOf(element: Element): (token: string) => string {
  const style = getComputedStyle(element);
  const known = new Map<string, string>();
  return (token) => {
    const value = known.get(token) ?? style.getPropertyValue(token).trim();
    known.set(token, value);
    return value;
  };
}

/** Until the elements are there: what was painted stays under them for a moment, so that nothing flashes. */
export function useLingering(far: boolean): boolean {
  const [gone, setGone] = useState(!far);
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      if (far) setGone(false);
      else frame = requestAnimationFrame(() => setGone(true));
    });
    return () => cancelAnimationFrame(frame);
  }, [far]);
  return far || !gone;
}
