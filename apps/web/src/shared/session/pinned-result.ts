/** What is known of the result that a node is pinned to: which run made it, and whether it would come out the same now. */
import { liveLineages } from '@ensemble/pipeline';
import type { Pin } from '@ensemble/pipeline';
import type { RunDetail } from '@ensemble/protocol';
import { ApiFailure } from '../api/api-client.ts';
import { useRun } from '../api/queries.ts';
import { useGraphView } from './pipeline-session.ts';
import type { GraphView } from './watch-graph.ts';

export interface PinnedResult {
  /** Undefined until it is read, and when the run cannot be had. */
  run: RunDetail | undefined;
  /** The run or its step is not there: a run would be refused. */
  gone: boolean;
  /** Settings, code or wiring of the node, or of anything upstream of it, are not what they were. */
  changed: boolean;
}

export function usePinnedResult(nodeId: string, pin: Pin): PinnedResult {
  const view = useGraphView();
  const run = useRun(pin.runId);
  const step = run.data?.steps.find((candidate) => candidate.nodeId === nodeId);
  const refused = run.error instanceof ApiFailure && run.error.status === 404;
  // What was read while the run went on may be behind.
  const gone = refused || (run.data !== undefined && !run.isFetching && step?.state !== 'succeeded');
  const changed = step !== undefined && lineagesOf(view).get(nodeId) !== step.lineage;
  return { run: run.data, gone, changed };
}

const remembered = new WeakMap<GraphView, ReadonlyMap<string, string>>();

/** Asked by every pinned node, worked out once for each state of the graph. */
function lineagesOf(view: GraphView): ReadonlyMap<string, string> {
  let found = remembered.get(view);
  if (!found) remembered.set(view, (found = liveLineages(view.graph, view.fingerprints)));
  return found;
}
