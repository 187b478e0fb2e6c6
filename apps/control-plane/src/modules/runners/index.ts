export { RunnerRegistry } from './runner-registry.ts';
export { HoldWatch } from './hold-watch.ts';
export { Dispatcher } from './dispatcher.ts';
export type { RunnerCapacity } from './dispatcher.ts';
export { queueNotes } from './queue-notes.ts';
export { createRegistrations } from './registrations.ts';
export type { Registrations } from './registrations.ts';
export { describePools, describeRunners } from './describe-runners.ts';
export { registerRunnerRoutes } from './routes.ts';
