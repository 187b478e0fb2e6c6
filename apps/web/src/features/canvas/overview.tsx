import { Panel, useReactFlow, useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { PointerEvent } from 'react';
import { onceAFrame } from '../../shared/session/once-a-frame.ts';
import { useRunView } from '../../shared/session/run-view.ts';
import classes from './canvas.module.css';
import { boundsOf, drawNodes, drawView, scaleFor } from './draw-overview.ts';
import type { CardFlowEdge } from './flow-edges.ts';
import type { CanvasNode } from './flow-nodes.ts';

const SIZE = { width: 150, height: 104 };

/**
 * The whole pipeline in small, cards in the colours of their steps; click or drag in it to go there. One bitmap: an element
 * for each of ten thousand nodes would cost more than the canvas itself. Give it a key that changes with the theme.
 */
export function Overview({ nodes }: { nodes: readonly CanvasNode[] }) {
  const store = useStoreApi<CanvasNode, CardFlowEdge>();
  const { setCenter, getZoom } = useReactFlow();
  const { steps } = useRunView();
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<ReturnType<typeof scaleFor>>(undefined);
  const nodesNow = useRef(nodes);
  const again = useRef<() => void>(undefined);

  useEffect(() => {
    const target = canvas.current;
    const context = target?.getContext('2d');
    if (!target || !context) return undefined;
    const ratio = globalThis.devicePixelRatio;
    Object.assign(target, { width: SIZE.width * ratio, height: SIZE.height * ratio });
    const behind = new OffscreenCanvas(target.width, target.height);
    const style = getComputedStyle(target);
    const color = (name: string) => style.getPropertyValue(name);
    let drawn: readonly unknown[] = [];
    const draw = () => {
      const { transform, width, height } = store.getState();
      const states = steps.get();
      const nodes = nodesNow.current;
      if (drawn[0] !== nodes || drawn[1] !== states) {
        drawn = [nodes, states];
        shown.current = scaleFor(boundsOf(nodes), SIZE);
        const layer = behind.getContext('2d');
        if (layer) {
          layer.setTransform(ratio, 0, 0, ratio, 0, 0);
          drawNodes(layer, nodes, shown.current, SIZE, (id) => states.get(id)?.state, color);
        }
      }
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, target.width, target.height);
      context.drawImage(behind, 0, 0);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const [x, y, zoom] = transform;
      if (shown.current)
        drawView(context, { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom }, shown.current, SIZE, color);
    };
    const { ask, cancel } = onceAFrame(draw);
    again.current = ask;
    ask();
    const stops = [store.subscribe(ask), steps.subscribe(ask)];
    return () => {
      for (const stop of stops) stop();
      cancel();
    };
  }, [store, steps]);
  useEffect(() => {
    nodesNow.current = nodes;
    again.current?.();
  }, [nodes]);

  const goTo = (event: PointerEvent<HTMLCanvasElement>) => {
    const scale = shown.current;
    if (!scale || event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    event.currentTarget.setPointerCapture(event.pointerId);
    const [x, y] = [event.clientX - box.left - scale.x, event.clientY - box.top - scale.y];
    void setCenter(x / scale.by, y / scale.by, { zoom: getZoom() });
  };
  return (
    <Panel position="bottom-right" className={classes['overview']}>
      <canvas ref={canvas} role="img" aria-label="Overview of the pipeline" style={SIZE} onPointerDown={goTo} onPointerMove={goTo} />
    </Panel>
  );
}
