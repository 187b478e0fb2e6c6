/** Configs may name secrets; there is no place yet that keeps their values, and no card must start without the one it asks for. Pure. */
import { isSecretValue } from '@ensemble/cards';
import type { CardManifest } from '@ensemble/cards';
import type { ProjectedNode } from './model.ts';
import type { Problem } from './problem.ts';

export const secretProblems = ({ id, config }: ProjectedNode, manifest: CardManifest): Problem[] =>
  manifest.configFields.flatMap(({ name, label, default: standard }): Problem[] => {
    const value = config[name] ?? standard;
    if (!isSecretValue(value)) return [];
    const message = `"${label}" asks for the secret "${value.$secret}". Secrets are not available on this server yet: empty the field, or bypass the card.`;
    return [{ code: 'config/secret-unavailable', severity: 'error', message, nodeId: id, field: name }];
  });
