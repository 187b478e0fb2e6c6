export { RunnerRegistry } from './runner-registry.ts';
export { HoldWatch } from './hold-watch.ts';
export { queueNotes } from './queue-notes.ts';
