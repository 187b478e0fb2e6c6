import type { Problem } from '@ensemble/pipeline';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import { EdgeFix } from './edge-fix.tsx';
import { LostCardFix } from './lost-card-fix.tsx';
import { OpenCardCode } from './open-card-code.tsx';

/** What mends a problem of the list at once; nothing where people have to decide more than that. */
export function ProblemFix({ problem }: { problem: Problem }) {
  const { graph } = useGraphView();
  const { nodeId, edgeId, code } = problem;
  const cardOf = (id: string | undefined) => graph.nodes.find((node) => node.id === id)?.card;
  // What serves many nodes of one card is offered once.
  const card = cardOf(nodeId);
  const isFirst = graph.problems.find((other) => other.code === code && cardOf(other.nodeId) === card) === problem;
  if (code === 'card/renamed' || code === 'card/trashed') return isFirst && card !== undefined ? <LostCardFix cardType={card} /> : null;
  if (code === 'card/errors') return isFirst && card !== undefined ? <OpenCardCode cardType={card} /> : null;
  return edgeId === undefined ? null : <EdgeFix edgeId={edgeId} withAll={isFirst} />;
}
