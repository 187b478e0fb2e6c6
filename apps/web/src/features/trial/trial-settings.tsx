import type { TrialSetup } from '@ensemble/protocol';
import { DRAFT_NODE } from '../../shared/session/draft-node.ts';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import type { TrialParts } from './trial-parts.ts';
import classes from './trial.module.css';

/** How the card is set for my trials. It changes no node of any pipeline. */
export function TrialSettings({ setup, Settings }: { setup: TrialSetup | undefined; Settings: TrialParts['Settings'] }) {
  const { graph } = useGraphView();
  const node = graph.nodes.find(({ id }) => id === DRAFT_NODE);
  if (!node) return null;
  const from = setup && setup.configFrom !== 'defaults' ? ` as in ${setup.configTitle}` : '';
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
