export { createCollaboration } from './collaboration.ts';
export type { Collaboration } from './collaboration.ts';
export { watchDanglingEdges } from './dangling-edge-sweep.ts';
export { createSqlJournal } from './sql-journal.ts';
export type { Person } from './visit.ts';
export { createTokenBucket } from './token-bucket.ts';
