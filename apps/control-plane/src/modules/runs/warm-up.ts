/** Somebody will soon run cards: runners are told, so that the first one finds an interpreter that has imported what cards import. */
import type { Actor } from '@ensemble/permissions';
import type { Bus } from '../../platform/bus/bus.ts';
import { starterOf } from './begin-run.ts';
import type { Authorize } from './ports.ts';

export interface WarmUpPorts {
  bus: Pick<Bus, 'warm'>;
  authorize: Authorize;
}

/** GPU cards get a process of their own, which cannot be made before. */
const POOL = 'cpu';

export async function warmUp({ bus, authorize }: WarmUpPorts, actor: Actor, projectId: string): Promise<void> {
  await authorize(actor, 'run.start', projectId);
  tellRunners(bus, actor, projectId);
}

/** For those who may run. */
export const tellRunners = (bus: WarmUpPorts['bus'], actor: Actor, projectId: string): void =>
  bus.warm(POOL, { v: 1, projectId, starter: starterOf(actor).userId });
