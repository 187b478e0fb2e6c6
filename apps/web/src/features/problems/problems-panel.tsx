import { UnstyledButton } from '@mantine/core';
import { nodeLabel } from '@ensemble/pipeline';
import type { Problem } from '@ensemble/pipeline';
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import classes from './problems.module.css';

/** What keeps this pipeline from running, each entry leading to its node. `renderFix` offers what mends it at once, where there is that. */
export function ProblemsPanel({ renderFix }: { renderFix?: (problem: Problem) => ReactNode }) {
  const { graph } = useGraphView();
  const { focusNode, focusField } = useEditorUi();
  if (graph.problems.length === 0) {
    return (
      <EmptyState compact icon={CircleCheck} title="No problems">
        {graph.nodes.length === 0 ? 'Add a card to begin.' : 'This pipeline can run.'}
      </EmptyState>
    );
  }
  const labels = new Map(graph.nodes.map((node) => [node.id, nodeLabel(node)]));
  return (
    <ul className={classes['list']} aria-label="Problems">
      {graph.problems.map((problem, index) => {
        const { nodeId, severity, message, field } = problem;
        const where = nodeId === undefined ? 'Pipeline' : (labels.get(nodeId) ?? nodeId);
        const Icon = severity === 'error' ? CircleX : TriangleAlert;
        return (
          // Two problems may read the same; the list is rebuilt as a whole.
          <li key={`${problem.code} ${nodeId ?? ''} ${problem.edgeId ?? ''} ${problem.port ?? problem.field ?? ''} ${index}`}>
            <UnstyledButton
              className={classes['item']}
              disabled={nodeId === undefined || !labels.has(nodeId)}
              onClick={() => {
                if (nodeId === undefined) return;
                if (field === undefined) focusNode(nodeId, 'config');
                else focusField(nodeId, field);
              }}
            >
              <Icon
                size={15}
                aria-label={severity === 'error' ? 'Error' : 'Warning'}
                className={classes['icon']}
                data-severity={severity}
              />
              <span>
                <span className={classes['where']}>{where}</span>
                <span className={classes['message']}>{message}</span>
              </span>
            </UnstyledButton>
            {renderFix?.(problem)}
          </li>
        );
      })}
    </ul>
  );
}
