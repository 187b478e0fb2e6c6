import { canonicalJson } from '@ensemble/cards';
import type { JsonObject } from '@ensemble/cards';
import type { TrialSetup } from '@ensemble/protocol';
import { DRAFT_NODE } from '../../shared/session/draft-node.ts';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import type { TrialParts } from './trial-parts.ts';
import classes from './trial.module.css';

/** How the card is set for my trials. It changes no node of any pipeline. */
export function TrialSettings({
  setup,
  start,
  Settings,
}: {
  setup: TrialSetup | undefined;
  /** What they were before anybody touched them here. */
  start: JsonObject | undefined;
  Settings: TrialParts['Settings'];
}) {
  const { graph } = useGraphView();
  const node = graph.nodes.find(({ id }) => id === DRAFT_NODE);
  if (!node) return null;
  const touched = start !== undefined && canonicalJson(node.config) !== canonicalJson(start);
  const from = touched ? ' yours, for trials only' : setup && setup.configFrom !== 'defaults' ? ` as in ${setup.configTitle}` : '';
  return (
    <details className={classes['settings']} open>
      <summary className={classes['summary']}>
        Settings<span className={classes['dim']}>{from}</span>
      </summary>
      <div className={classes['fields']}>
        <Settings node={node} problems={graph.problems.filter(({ nodeId }) => nodeId === DRAFT_NODE)} />
      </div>
    </details>
  );
}
