/** Somebody will soon run cards: runners are told, so that the first one finds an interpreter that has imported what cards import. */
import type { CardManifest } from '@ensemble/cards';
import type { Actor } from '@ensemble/permissions';
import type { Bus } from '../../platform/bus/bus.ts';
import { starterOf } from './begin-run.ts';
import type { Authorize } from './ports.ts';
import { cardOf } from './trials/trial-setup.ts';
import type { TrialSetupPorts } from './trials/trial-setup.ts';

export interface WarmUpPorts {
  bus: Pick<Bus, 'warm'>;
  authorize: Authorize;
}

/** GPU cards get a process of their own, which cannot be made before. */
const POOL = 'cpu';

export async function warmUp(ports: WarmUpPorts & TrialSetupPorts, actor: Actor, projectId: string, cardId: string): Promise<void> {
  const { bus, authorize } = ports;
  await authorize(actor, 'run.start', projectId);
  const { card } = await cardOf(ports, projectId, cardId);
  if (card.manifest === undefined || card.manifest.requirements.length === 0) tellRunners(bus, actor, projectId);
  else tellOfEnvironments(bus, actor, projectId, [card.manifest]);
}

/** For those who may run. */
export const tellRunners = (bus: WarmUpPorts['bus'], actor: Actor, projectId: string): void =>
  bus.warm(POOL, { v: 1, projectId, starter: starterOf(actor).userId });

/** The same, of the environments beside the base that these cards need. */
export function tellOfEnvironments(
  bus: WarmUpPorts['bus'],
  actor: Actor,
  projectId: string,
  manifests: Iterable<Pick<CardManifest, 'requirements'>>,
): void {
  const sets = new Map([...manifests].map(({ requirements }) => [requirements.join('\n'), requirements]));
  sets.delete('');
  for (const requirements of sets.values()) bus.warm(POOL, { v: 1, projectId, starter: starterOf(actor).userId, requirements });
}
