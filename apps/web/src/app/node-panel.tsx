import { Box, Tabs } from '@mantine/core';
import { nodeLabel } from '@ensemble/pipeline';
import { MousePointer2 } from 'lucide-react';
import { AnnotationPanel } from '../features/canvas/annotation-panel.tsx';
import { CodeTab } from '../features/code/code-tab.tsx';
import { ConfigTab } from '../features/config/config-tab.tsx';
import { FileField } from '../features/data/file-field.tsx';
import { LineageButton } from '../features/lineage/lineage-button.tsx';
import { EnvironmentOfNode } from '../features/environments/environment-of-node.tsx';
import { EdgePeek } from '../features/results/edge-peek.tsx';
import { EdgeFix } from '../features/repair/edge-fix.tsx';
import { ErrorTab } from '../features/results/error-tab.tsx';
import { LogTab } from '../features/logs/log-tab.tsx';
import { CurvesPanel } from '../features/metrics/curves-panel.tsx';
import { ResultTab } from '../features/results/result-tab.tsx';
import { CacheSetting } from '../features/runs/cache-setting.tsx';
import { PinNote } from '../features/runs/pin-note.tsx';
import { useEditorUi } from '../shared/session/editor-ui.ts';
import type { InspectorTab } from '../shared/session/editor-ui.ts';
import { useGraphView, usePipelineSession } from '../shared/session/pipeline-session.ts';
import { useRunView, useStepOf } from '../shared/session/run-view.ts';
import { cardAddress } from '../shared/ui/card-address.ts';
import { CategoryIcon } from '../shared/ui/category-icon.tsx';
import { EmptyState } from '../shared/ui/empty-state.tsx';
import classes from './editor.module.css';

/** Everything about the selected card, or what went through the selected connection. */
export function NodePanel() {
  const selected = useEditorUi((ui) => ui.selectedNodes);
  const edges = useEditorUi((ui) => ui.selectedEdges);
  const { graph } = useGraphView();
  if (selected.length === 0 && edges.length === 1)
    return <EdgePeek key={edges[0]} edgeId={edges[0]!} fix={<EdgeFix edgeId={edges[0]!} />} />;
  if (selected.length !== 1) {
    return (
      <EmptyState compact icon={MousePointer2} title={selected.length === 0 ? 'Nothing selected' : `${selected.length} selected`}>
        {selected.length === 0
          ? 'Select a card on the canvas to configure it and to see its result, log and code, or a connection to see what went through it.'
          : 'Select a single card, note or frame to see its details.'}
      </EmptyState>
    );
  }
  const annotation = [...graph.notes, ...graph.frames].find(({ id }) => id === selected[0]);
  if (annotation) return <AnnotationPanel key={annotation.id} item={annotation} />;
  return <SelectedNode key={selected[0]} nodeId={selected[0]!} />;
}

function SelectedNode({ nodeId }: { nodeId: string }) {
  const { graph } = useGraphView();
  const { cards, past, projectId, pipelineId } = usePipelineSession();
  const { runId } = useRunView();
  const step = useStepOf(nodeId);
  const { tab, showTab } = useEditorUi();
  const node = graph.nodes.find((candidate) => candidate.id === nodeId);
  if (!node) return null;
  const problems = graph.problems.filter((problem) => problem.nodeId === nodeId);
  const entry = cards.get(node.card);
  const editorAddress =
    entry && !past ? cardAddress(projectId, entry.cardId, { line: step?.error?.line, pipeline: pipelineId, node: nodeId }) : undefined;
  return (
    <div className={classes['nodePanel']}>
      <header className={classes['nodeHead']}>
        <span className={classes['nodeIcon']}>
          <CategoryIcon category={node.manifest?.category} />
        </span>
        <div style={{ minWidth: 0 }}>
          <h2 className={classes['nodeTitle']}>{nodeLabel(node)}</h2>
          <span className={classes['nodeType']}>{node.card}</span>
        </div>
      </header>
      <PinNote node={node} />
      <EnvironmentOfNode card={node.card} />
      <Tabs className={classes['tabs']} value={tab} onChange={(value) => showTab((value ?? 'config') as InspectorTab)} keepMounted={false}>
        <Tabs.List px="sm">
          <Tabs.Tab value="config">Config</Tabs.Tab>
          <Tabs.Tab value="result">Result</Tabs.Tab>
          <Tabs.Tab value="log">Log</Tabs.Tab>
          <Tabs.Tab value="error">Error</Tabs.Tab>
          <Tabs.Tab value="code">Code</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="config" className={classes['tabBody']}>
          <ConfigTab node={node} problems={problems} FileField={FileField} />
          <CacheSetting node={node} />
        </Tabs.Panel>
        <Tabs.Panel value="result" className={classes['tabBody']}>
          <ResultTab
            runId={runId}
            nodeId={nodeId}
            step={step}
            lineage={runId && step?.state === 'succeeded' ? <LineageButton runId={runId} nodeId={nodeId} /> : null}
          />
          <Box px="md">
            <CurvesPanel runId={runId} nodeId={nodeId} step={step} pipelineId={pipelineId} />
          </Box>
        </Tabs.Panel>
        <Tabs.Panel value="log" className={classes['tabBody']}>
          <LogTab runId={runId} nodeId={nodeId} step={step} />
        </Tabs.Panel>
        <Tabs.Panel value="error" className={classes['tabBody']}>
          <ErrorTab runId={runId} nodeId={nodeId} step={step} onShowCode={() => showTab('code')} editorAddress={editorAddress} />
        </Tabs.Panel>
        <Tabs.Panel value="code" className={classes['tabBody']}>
          <CodeTab nodeId={nodeId} entry={entry} errorLine={step?.error?.line} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
