import { Handle, Position } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { History, Redo, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { Tooltip } from '@mantine/core';
import { usePinnedOf, useStepOf } from '../../shared/session/run-view.ts';
import { CategoryIcon } from '../../shared/ui/category-icon.tsx';
import { portColor } from '../../shared/ui/port-color.ts';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import classes from './card-node.module.css';
import { useFar } from './far-view/far-context.ts';
import type { CardFlowNode, DrawnPort } from './flow-nodes.ts';
import { FOOTER_HEIGHT, HEADER_HEIGHT, PORT_ROW, portCentre } from './geometry.ts';
import { PeerMark } from './peer-mark.tsx';
import { PinMark } from './pin-mark.tsx';

/** One card on the canvas. Reads its run state by itself, so that news of a run never touch the graph. */
export const CardNode = memo(function CardNode({ id, data, selected }: NodeProps<CardFlowNode>) {
  if (useFar()) return <div className={classes['far']} title={[data.label, ...data.problems].join('\n')} />;
  return (
    <div className={classes['node']} data-selected={selected || undefined} data-bypassed={data.bypassed || undefined}>
      <PeerMark nodeId={id} />
      <header className={classes['header']} style={{ height: HEADER_HEIGHT }}>
        <span className={classes['icon']}>
          <CategoryIcon category={data.category} />
        </span>
        <span className={classes['titles']}>
          <span className={classes['title']}>{data.label}</span>
          <span className={classes['type']}>{data.cardType}</span>
        </span>
        {data.pin && !data.bypassed ? <PinMark nodeId={id} pin={data.pin} /> : null}
        {data.problems.length > 0 ? <ProblemMark problems={data.problems} /> : null}
      </header>
      {data.inputs.map((port, index) => (
        <Port key={`in ${port.name}`} port={port} index={index} side="in" reachable={selected} />
      ))}
      {data.outputs.map((port, index) => (
        <Port key={`out ${port.name}`} port={port} index={index} side="out" reachable={selected} />
      ))}
      {data.bypassed ? (
        <footer className={classes['footer']} style={{ height: FOOTER_HEIGHT }}>
          <span className={classes['bypassed']}>
            <Redo size={13} aria-hidden /> Bypassed: passes its input on
          </span>
        </footer>
      ) : (
        <StepFooter nodeId={id} fingerprint={data.fingerprint} />
      )}
    </div>
  );
});

function ProblemMark({ problems }: { problems: string[] }) {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return (
    <Tooltip label={problems[0]} multiline maw={280}>
      <span className={classes['problem']} role="img" aria-label={`${count}: ${problems[0]}`}>
        <TriangleAlert size={15} aria-hidden />
      </span>
    </Tooltip>
  );
}

interface PortProps {
  port: DrawnPort;
  index: number;
  side: 'in' | 'out';
  /** By Tab: the ports of all nodes would be too many stops. */
  reachable: boolean;
}

/** Clicks and keys are answered by `usePortPeek`, for all ports at once. */
function Port({ port, index, side, reachable }: PortProps) {
  const color = port.gone ? 'var(--e-bad)' : portColor(port.type);
  const label = `${side === 'in' ? 'Input' : 'Output'} ${port.name}, ${port.gone ? 'no longer a port of this card' : port.type}`;
  const top = portCentre(index);
  return (
    <>
      <Handle
        id={port.name}
        type={side === 'in' ? 'target' : 'source'}
        position={side === 'in' ? Position.Left : Position.Right}
        className={classes['handle']}
        style={{ top, borderColor: color, background: port.gone ? 'var(--e-surface)' : color }}
        isConnectable={!port.gone}
        role="button"
        tabIndex={reachable ? 0 : -1}
        aria-label={label}
        title={label}
      />
      <span
        className={classes['port']}
        data-side={side}
        data-gone={port.gone || undefined}
        style={{ top: top - PORT_ROW / 2, height: PORT_ROW }}
      >
        <span className={classes['portName']}>{port.name}</span>
        <span className={classes['portType']} style={{ color }}>
          {port.gone ? 'gone' : port.type}
        </span>
      </span>
    </>
  );
}

function StepFooter({ nodeId, fingerprint }: { nodeId: string; fingerprint: string }) {
  const step = useStepOf(nodeId);
  const pinned = usePinnedOf(nodeId);
  const fraction = step?.state === 'running' ? step.progress?.fraction : undefined;
  const drifted = pinned !== undefined && pinned !== fingerprint;
  return (
    <footer className={classes['footer']} style={{ height: FOOTER_HEIGHT }}>
      {fraction === undefined ? null : <span className={classes['progress']} style={{ transform: `scaleX(${fraction})` }} aria-hidden />}
      {step ? (
        <StateBadge state={step.state} note={noteOf(step)} />
      ) : (
        <span className={classes['idle']}>{pinned === undefined ? 'Not run yet' : 'Not run: only feeds pinned cards'}</span>
      )}
      {drifted ? (
        <Tooltip label="Changed since this run: the run shows what the node was when it started." multiline maw={240}>
          <span className={classes['drift']} role="img" aria-label="Changed since this run">
            <History size={12} aria-hidden /> changed
          </span>
        </Tooltip>
      ) : null}
    </footer>
  );
}

function noteOf(step: NonNullable<ReturnType<typeof useStepOf>>): string | undefined {
  if (step.state === 'running') return step.progress ? `${Math.round(step.progress.fraction * 100)} %` : undefined;
  if (step.state === 'queued') return step.attempt > 1 ? 'retrying' : step.position === undefined ? undefined : `#${step.position}`;
  return step.pinnedFrom ? 'pinned' : step.cached ? 'cached' : undefined;
}
