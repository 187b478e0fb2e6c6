/** Configs may name secrets; this server has no place for their values yet, and a card must not start without the one it asks for. Pure. */
import { isSecretValue } from '@ensemble/cards';
import type { Problem } from '../../platform/api-error.ts';
import type { RunVersion } from './run-version.ts';

/** One problem for each config field that names a secret. `idle` nodes are not executed. */
export const secretsAsked = ({ graph, manifests }: Pick<RunVersion, 'graph' | 'manifests'>, idle: ReadonlySet<string>): Problem[] =>
  graph.nodes
    .filter(({ id }) => !idle.has(id))
    .flatMap(({ id, card, config }) =>
      Object.entries(config).flatMap(([field, value]): Problem[] => {
        if (!isSecretValue(value)) return [];
        const label = manifests[card]?.configFields.find(({ name }) => name === field)?.label ?? field;
        const message = `“${label}” asks for the secret “${value.$secret}”. Secrets are not available on this server yet: empty the field, or bypass the card.`;
        return [{ code: 'config/secret-unavailable', message, nodeId: id, field }];
      }),
    );
