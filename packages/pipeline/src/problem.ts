/** What is wrong with a pipeline, addressed to the place where it can be mended. */
export type ProblemCode =
  | 'pipeline/newer-version'
  | 'pipeline/cycle'
  | 'node/unreadable'
  | 'node/repaired'
  | 'note/too-long'
  | 'card/unknown'
  | 'card/renamed'
  | 'card/trashed'
  | 'card/errors'
  | 'config/unreadable'
  | `config/${string}`
  | 'bypass/blocked'
  | 'bypass/all'
  | 'input/missing'
  | 'input/doubled'
  | 'edge/unreadable'
  | 'edge/port-gone'
  | 'edge/unbound'
  | 'edge/type-mismatch';

export interface Problem {
  code: ProblemCode;
  /** A run does not start while there is an error. */
  severity: 'error' | 'warning';
  /** One sentence, then how to mend it. */
  message: string;
  nodeId?: string;
  edgeId?: string;
  /** Config field. */
  field?: string;
  port?: string;
}
